import { constants } from 'node:os';
import { candidatesOf, didYouMean } from '../../text/did-you-mean.ts';

const SIGNALS = Object.entries(constants.signals);

/** `SIGUSR1` for `USR1`, `usr1`, `SIGUSR1` or its number, as kill(1) takes them; null for what this system does not know. */
export function signalName(word: string): NodeJS.Signals | null {
  const written = `SIG${word.toUpperCase().replace(/^SIG/, '')}`;
  const found = SIGNALS.find(([name, number]) => name === written || String(number) === word);
  return (found?.[0] as NodeJS.Signals | undefined) ?? null;
}

/** The signal that a misspelt name is nearest to, as an end of a sentence. */
export function signalNear(word: string): string {
  return didYouMean(
    word.replace(/^SIG/i, ''),
    candidatesOf(SIGNALS.map(([name]) => name.slice('SIG'.length))),
  );
}
