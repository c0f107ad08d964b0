/** Longer lists are not searched to their end: a suggestion is not worth the wait. */
const MAX_CANDIDATES = 1000;
const MAX_WORD = 64;

/** A known word, and the text that suggests it, with quotes or brackets. */
export interface Candidate {
  readonly word: string;
  readonly write: string;
}

/** `: did you mean "restart"?`, or nothing where no candidate is near. */
export function didYouMean(word: string, candidates: readonly Candidate[]): string {
  const write = nearest(word, candidates);
  return write === null ? '' : `: did you mean ${write}?`;
}

export const candidatesOf = (words: readonly string[]): readonly Candidate[] =>
  words.map((word) => ({ word, write: JSON.stringify(word) }));

/** Upper and lower case, `-` and `_` count as the same; a third of the letters may differ, two at most. */
function nearest(word: string, candidates: readonly Candidate[]): string | null {
  const wanted = fold(word);
  let best = null;
  let bestDistance = Math.min(2, Math.max(1, Math.floor(wanted.length / 3))) + 1;
  for (const candidate of candidates.slice(0, MAX_CANDIDATES)) {
    const found = fold(candidate.word);
    if (found.length > MAX_WORD || Math.abs(found.length - wanted.length) >= bestDistance) continue;
    const distance = distanceBetween(wanted, found);
    if (distance < bestDistance) {
      best = candidate.write;
      bestDistance = distance;
    }
  }
  return best;
}

const fold = (word: string): string => word.toLowerCase().replace(/[-_ ]/g, '');

/** Letters to insert, remove, replace, or swap with their neighbour. */
function distanceBetween(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1];
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const costs = [at(last, j) + 1, at(row, j - 1) + 1, at(last, j - 1) + (same ? 0 : 1)];
      row.push(Math.min(...costs, swapped ? at(before, j - 2) + 1 : Infinity));
    }
    before = last;
    last = row;
  }
  return at(last, b.length);
}

const at = (row: readonly number[], index: number): number => row[index] ?? Infinity;
