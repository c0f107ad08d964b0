import { constants } from 'node:os';
import { realTimeSignal, type RealTimeSignal } from '../../../text/real-time-signal.ts';

/** The signal that a client names in full or without `SIG`; null for what this system does not know. */
export function signalNamed(name: string): NodeJS.Signals | RealTimeSignal | null {
  const whole = name.startsWith('SIG') ? name : `SIG${name}`;
  return Object.hasOwn(constants.signals, whole) ? (whole as NodeJS.Signals) : realTimeSignal(whole);
}
