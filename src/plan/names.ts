import { partsOfInstance } from '../config/instance-name.ts';
import { isTagWord, wordForTag } from '../config/tag-word.ts';

export { isTagWord, wordForTag };

/**
 * The name of an instance and of its job: `db@2` may be a copy of `db`, or a job with that name.
 */
export interface Named {
  readonly name: string;
  readonly job: string;
  readonly tags: readonly string[];
}

/** Every word without a pattern that selects an instance. */
export const wordsFor = ({ name, job, tags }: Named): readonly string[] => [
  ...new Set([job, name, ...tags.map(wordForTag)]),
];

/** Whether a word selects an instance: by its name, its job's name, a tag or a pattern. */
export function isMeant({ name, job, tags }: Named, word: string): boolean {
  if (name === word || job === word) return true;
  if (isTagWord(word) && tags.some((tag) => isMatch(wordForTag(tag), word))) return true;
  return isPattern(word) && (matches(name, word) || matches(job, word));
}

/** The order of a list: `web@2` before `web@10`. */
export function byInstanceName(one: string, other: string): number {
  const a = sortKey(one);
  const b = sortKey(other);
  return a < b ? -1 : a > b ? 1 : 0;
}

function sortKey(name: string): string {
  const parts = partsOfInstance(name);
  return parts === null ? name : `${parts.job}@${String(parts.number).padStart(9, '0')}`;
}

const isMatch = (text: string, word: string): boolean =>
  text === word || (isPattern(word) && matches(text, word));

/** Whether a word may mean any number of jobs, none among them. */
export const isSelection = (word: string): boolean => isPattern(word) || isTagWord(word);

/** No job can have such a name: `*` stands for any letters, `?` for one. */
function isPattern(word: string): boolean {
  return /[*?]/.test(word);
}

/**
 * The job of a name that is known without a config, such as that of a log file. `web@2` counts as a copy of
 * `web` unless `web` has no numbered copies.
 */
export function namedAlone(name: string, hasCopies: (job: string) => boolean): Named {
  const job = partsOfInstance(name)?.job ?? name;
  return { name, job: job !== name && hasCopies(job) ? job : name, tags: [] };
}

/** Linear in the text for each star, so no pattern takes long. */
function matches(name: string, pattern: string): boolean {
  let at = 0;
  let wanted = 0;
  let star: { readonly wanted: number; at: number } | null = null;
  while (at < name.length) {
    if (pattern[wanted] === '*') {
      star = { wanted, at };
      wanted += 1;
    } else if (pattern[wanted] === '?' || pattern[wanted] === name[at]) {
      at += 1;
      wanted += 1;
    } else if (star !== null) {
      // The last star matches one more letter.
      star.at += 1;
      at = star.at;
      wanted = star.wanted + 1;
    } else {
      return false;
    }
  }
  return /^\**$/.test(pattern.slice(wanted));
}
