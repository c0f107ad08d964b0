import { constants } from 'node:os';
import { didYouMean } from '../../text/did-you-mean.ts';

const SIGNALS = Object.keys(constants.signals).filter(
  (name) => name !== 'SIGSTOP',
) as readonly NodeJS.Signals[];
const CANDIDATES = SIGNALS.map((signal) => ({
  word: signal.replace(/^SIG/, ''),
  write: JSON.stringify(signal),
}));

/**
 * `SIGTERM` for `SIGTERM`, `TERM` or `term`; null for what this system does not know, and for SIGSTOP, which
 * ends nothing.
 */
export function signalNamed(text: string): NodeJS.Signals | null {
  const name = `SIG${text.toUpperCase().replace(/^SIG/, '')}`;
  return SIGNALS.find((signal) => signal === name) ?? null;
}

/** `SIGTERM` for 15, as a number or in digits. */
export function signalNumbered(value: unknown): NodeJS.Signals | null {
  const isNumber = typeof value === 'number' || (typeof value === 'string' && /^\d+$/.test(value));
  return SIGNALS.find((signal) => isNumber && constants.signals[signal] === Number(value)) ?? null;
}

/** The signal that a misspelt name is nearest to, as an end of a sentence. */
export function signalCure(text: string): string {
  if (/^(?:SIG)?STOP$/i.test(text)) return ', which only suspends';
  const numbered = signalNumbered(text);
  if (numbered !== null) return `: write "${numbered}"`;
  // Compare without `SIG`: a prefix that all have makes no name more similar.
  return didYouMean(text.toUpperCase().replace(/^SIG/, ''), CANDIDATES);
}
