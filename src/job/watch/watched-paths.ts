import { withoutBraces } from './braces.ts';
import { nameGlob, type NameGlob } from './name-glob.ts';
import type { WatchRequest } from '../ports.ts';

/** Folders in which nobody edits by hand. Wildcards do not descend into them; a glob that names them does. */
const LEFT_OUT = new Set(['node_modules', '.git', '.hg', '.svn']);

/** Folders of the kernel and of devices: files there change without anybody, or are endless. */
const OF_THE_SYSTEM = new Set(['/proc', '/sys', '/dev']);

/** Limits for the globs of one job: number of patterns, and length of one. */
const MAX_PATTERNS = 1_000;
const MAX_LENGTH = 4_096;

/** Which paths some globs mean: a walk through the folders takes these steps, name by name. */
export interface WatchedPaths {
  /** The patterns to match in `/`. */
  readonly start: readonly WatchedPlace[];
  /** Globs that cannot be used, each with the reason. */
  readonly refused: readonly { readonly glob: string; readonly why: string }[];
  /** The globs that are watched for, as they are written. */
  readonly globs: readonly string[];
  /** Whether a glob takes this path out again. */
  isOut(path: string): boolean;
  /** Whether a glob takes out all that is in this folder. */
  isAllOut(folder: string): boolean;
  isMatch(path: string): boolean;
}

/** How far a pattern has matched on the way to a folder. */
export interface WatchedPlace {
  readonly pattern: Pattern;
  readonly index: number;
  /** The last name on the way was written out, so a link there is followed. */
  readonly isWrittenOut: boolean;
}

type Step = { readonly type: 'any-depth' } | { readonly type: 'name'; readonly glob: NameGlob };

interface Pattern {
  /** Which of the globs it comes from. */
  readonly glob: number;
  readonly steps: readonly Step[];
}

const ANY_DEPTH: Step = { type: 'any-depth' };
const ANY_NAME: Step = { type: 'name', glob: nameGlob('*') };

/**
 * Reads globs as shells have them, hidden files left out; one without any wildcard means that path and all
 * that is in it.
 */
export function watchedPaths({ cwd, globs }: WatchRequest): WatchedPaths {
  const refused: { glob: string; why: string }[] = [];
  const wanted: Pattern[] = [];
  const unwanted: Pattern[] = [];
  const wantedGlobs = globs.filter((glob) => !glob.startsWith('!'));
  const numbers = new Map(
    wantedGlobs.map((glob, number) => [glob, number]).toReversed() as [string, number][],
  );
  for (const glob of globs) {
    const isOut = glob.startsWith('!');
    const into = isOut ? unwanted : wanted;
    const patterns = patternsOf(isOut ? glob.slice(1) : glob, cwd, numbers.get(glob) ?? -1);
    if (typeof patterns === 'string') refused.push({ glob, why: patterns });
    else if (into.length + patterns.length > MAX_PATTERNS)
      refused.push({ glob, why: `all globs together stand for more than ${MAX_PATTERNS} patterns` });
    else into.push(...patterns);
  }
  const start = placesOf(wanted);
  const out = placesOf(unwanted);
  const isOut = (path: string): boolean => along(out, path).some(isEnd);
  return {
    start,
    refused,
    globs: wantedGlobs,
    isOut,
    isAllOut: (folder) => along(out, folder).some(({ pattern, index }) => isRest(pattern, index)),
    isMatch: (path) => along(start, path).some(isEnd) && !isOut(path),
  };
}

/** The positions of the patterns after descending into a child of this name. */
export function next(places: readonly WatchedPlace[], folder: string, name: string): readonly WatchedPlace[] {
  const found: WatchedPlace[] = [];
  for (const { pattern, index } of places) {
    const step = pattern.steps[index];
    if (step === undefined) continue;
    if (step.type === 'any-depth') {
      if (isEntered(folder, name)) found.push({ pattern, index, isWrittenOut: false });
    } else if (step.glob.plain !== null) {
      if (step.glob.isMatch(name)) found.push({ pattern, index: index + 1, isWrittenOut: true });
    } else if (isEntered(folder, name, step.glob) && step.glob.isMatch(name))
      found.push({ pattern, index: index + 1, isWrittenOut: false });
  }
  return found.length === 0 ? found : closed(found);
}

export const isEnd = ({ pattern, index }: WatchedPlace): boolean => index === pattern.steps.length;

/** The names to look for; null when every entry of the folder must be checked. */
export function namesAt(places: readonly WatchedPlace[]): ReadonlySet<string> | null {
  const names = new Set<string>();
  for (const { pattern, index } of places) {
    const step = pattern.steps[index];
    if (step === undefined) continue;
    if (step.type === 'any-depth' || step.glob.plain === null) return null;
    names.add(step.glob.plain);
  }
  return names;
}

function isEntered(folder: string, name: string, glob?: NameGlob): boolean {
  if (LEFT_OUT.has(name)) return false;
  if (glob === undefined && name.startsWith('.')) return false;
  return !(folder === '/' && OF_THE_SYSTEM.has(`/${name}`));
}

/** The rest of the pattern means everything. */
function isRest({ steps }: Pattern, index: number): boolean {
  return index === steps.length - 2 && steps[index] === ANY_DEPTH && steps[index + 1] === ANY_NAME;
}

function along(places: readonly WatchedPlace[], path: string): readonly WatchedPlace[] {
  let [at, folder] = [places, ''];
  for (const name of path.split('/').filter((part) => part !== '')) {
    at = next(at, folder === '' ? '/' : folder, name);
    folder += `/${name}`;
  }
  return at;
}

const placesOf = (patterns: readonly Pattern[]): readonly WatchedPlace[] =>
  closed(patterns.map((pattern) => ({ pattern, index: 0, isWrittenOut: true })));

/** `**` may also mean no folder at all. */
function closed(places: readonly WatchedPlace[]): readonly WatchedPlace[] {
  const all = new Map<Pattern, Map<number, WatchedPlace>>();
  const add = (place: WatchedPlace): void => {
    const known = all.get(place.pattern) ?? new Map<number, WatchedPlace>();
    all.set(place.pattern, known);
    if (known.get(place.index)?.isWrittenOut !== true && (place.isWrittenOut || !known.has(place.index)))
      known.set(place.index, place);
    if (place.pattern.steps[place.index]?.type === 'any-depth') add({ ...place, index: place.index + 1 });
  };
  for (const place of places) add(place);
  return [...all.values()].flatMap((known) => [...known.values()]);
}

/** The patterns of one glob, or why it cannot be used. */
function patternsOf(glob: string, cwd: string, number: number): readonly Pattern[] | string {
  if (glob.length > MAX_LENGTH) return `it is longer than ${MAX_LENGTH} characters`;
  const texts = withoutBraces(glob);
  if (texts === null) return 'its braces stand for too many alternatives';
  // The literal text matches too: `app/[id]` and `{app}` can be names of folders.
  const meant = texts.includes(glob) ? texts : [...texts, glob];
  const patterns = meant.flatMap((text) => readings(names(text, cwd)));
  if (/[[\]{}()\\]/.test(glob)) patterns.push(...inAndBelow(names(glob, cwd).map(written)));
  return patterns.map((steps) => ({ glob: number, steps }));
}

/** A glob with wildcards; or a path, and all that is in it. */
function readings(parts: readonly string[]): readonly (readonly Step[])[] {
  const steps = parts.map((part): Step =>
    part === '**' ? ANY_DEPTH : { type: 'name', glob: nameGlob(part) },
  );
  if (steps.every((step) => step.type === 'name' && step.glob.plain !== null)) return inAndBelow(steps);
  const plain = steps.filter((step, index) => step !== ANY_DEPTH || steps[index - 1] !== ANY_DEPTH);
  return [plain.at(-1) === ANY_DEPTH ? [...plain, ANY_NAME] : plain];
}

const inAndBelow = (steps: readonly Step[]): readonly (readonly Step[])[] => [
  steps,
  [...steps, ANY_DEPTH, ANY_NAME],
];

const written = (part: string): Step => ({
  type: 'name',
  glob: { plain: part, isMatch: (name) => name === part },
});

/** The parts of a path from `/`; `.` and `..` are resolved as they are written. */
function names(text: string, cwd: string): readonly string[] {
  const from = text.startsWith('/')
    ? []
    : cwd.split('/').map((part) => part.replaceAll(/[\\*?[\]{}()!+@]/g, String.raw`\$&`));
  const parts: string[] = [];
  for (const part of [...from, ...text.split('/')]) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts;
}
