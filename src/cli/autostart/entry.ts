import { createHash } from 'node:crypto';
import { factsOf, markIn, type Entry } from './facts.ts';

export type { Entry } from './facts.ts';

/** An entry, or what else stands in its place. */
export type FoundEntry =
  | { readonly kind: 'missing' }
  /** Written by somebody else. */
  | { readonly kind: 'foreign' }
  /** Overseer wrote it, and somebody has changed it since. */
  | { readonly kind: 'edited'; readonly entry: Entry }
  | { readonly kind: 'ours'; readonly entry: Entry };

/** What the text is of a file that stands where an entry would; null where none stands. */
export function entryIn(text: string | null): FoundEntry {
  if (text === null) return { kind: 'missing' };
  const mark = markIn(text);
  if (mark === null) return { kind: 'foreign' };
  const isUntouched = checksumOf(mark.facts, mark.rest) === mark.checksum;
  return { kind: isUntouched ? 'ours' : 'edited', entry: mark.entry };
}

/** The text of an entry with `@MARK@`, which is inside a comment, replaced by overseer's mark. */
export function marked(entry: Entry, text: string): string {
  const facts = factsOf(entry);
  const checksum = checksumOf(facts, text.replace('@MARK@', ''));
  return text.replace('@MARK@', () => `overseer-autostart 1 ${checksum} ${facts}`);
}

const checksumOf = (facts: string, rest: string): string =>
  createHash('sha256').update(facts).update('\0').update(rest).digest('hex').slice(0, 16);
