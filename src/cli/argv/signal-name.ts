import { constants } from 'node:os';
import { candidatesOf, didYouMean } from '../../text/did-you-mean.ts';
import { realTimeSignal, type RealTimeSignal } from '../../text/real-time-signal.ts';

const SIGNALS = Object.entries(constants.signals);

/**
 * `SIGUSR1` for `USR1`, `usr1`, `SIGUSR1` or its number, as kill(1) takes them, `RTMIN+1` too; null for what
 * this system does not know.
 */
export function signalName(word: string): NodeJS.Signals | RealTimeSignal | null {
  const written = `SIG${word.toUpperCase().replace(/^SIG/, '')}`;
  const found = SIGNALS.find(([name, number]) => name === written || String(number) === word);
  return (found?.[0] as NodeJS.Signals | undefined) ?? realTimeSignal(word);
}

/** The signal that a misspelt name is nearest to, as an end of a sentence. */
export function signalNear(word: string): string {
  return didYouMean(
    word.replace(/^SIG/i, ''),
    candidatesOf(SIGNALS.map(([name]) => name.slice('SIG'.length))),
  );
}
