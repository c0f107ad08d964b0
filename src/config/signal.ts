import { constants } from 'node:os';
import { candidatesOf, didYouMean } from './nearest.ts';

const SIGNALS = Object.keys(constants.signals).filter((name) => name !== 'SIGSTOP') as readonly NodeJS.Signals[];

/** `SIGTERM` for `SIGTERM`, `TERM` or `term`; null for what this system does not know, and for SIGSTOP, which ends nothing. */
export function signalNamed(text: string): NodeJS.Signals | null {
  const name = `SIG${text.toUpperCase().replace(/^SIG/, '')}`;
  return SIGNALS.find((signal) => signal === name) ?? null;
}

/** The signal that a misspelt name is nearest to, as an end of a sentence. */
export function signalCure(text: string): string {
  if (/^(?:SIG)?STOP$/i.test(text)) return ', which only suspends';
  return didYouMean(`SIG${text.toUpperCase().replace(/^SIG/, '')}`, candidatesOf(SIGNALS));
}
