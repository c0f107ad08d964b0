import type { Command } from '../cli.ts';
import { optionsOf } from './option-spec.ts';

/** yargs drops a lone `-`. Arguments cannot contain NUL, so NUL stands for it. */
const LONE_DASH = '\0';

/** The prefix of option names that yargs would look up in an object's prototype, such as `constructor`. */
const UNKNOWN = '--\0';

/** Usual spellings of --help and --version in other programs. */
const ALSO: ReadonlyMap<string, string> = new Map([
  ['help', '--help'],
  ['version', '--version'],
]);

/**
 * The words of a call, such that yargs neither drops one nor takes a job for the value of a yes-or-no option.
 */
export function forYargs(words: readonly string[], commands: readonly Command[]): readonly string[] {
  const yesOrNo = new Set(
    commands.flatMap(optionsOf).flatMap(({ type, written }) => (type === 'boolean' ? written : [])),
  );
  const valued = new Set(
    commands.flatMap(optionsOf).flatMap(({ type, written }) => (type === 'boolean' ? [] : written)),
  );
  const known = new Set(commands.flatMap(optionsOf).flatMap(({ written }) => written));
  const { options, rest } = dividedAtDashes(words);
  const bare = new Map(
    commands
      .flatMap(optionsOf)
      .flatMap(({ isValueOptional, written }) =>
        isValueOptional === true ? written.map((word) => [word, `${word}=.`] as const) : [],
      ),
  );
  const plain = options.map((word, at) => {
    if (word === '-') return LONE_DASH;
    if (word === '-?') return '--help';
    const meant = at === 0 ? ALSO.get(word) : undefined;
    if (meant !== undefined) return meant;
    const whole = bare.get(word);
    if (whole !== undefined) return whole;
    if (/^--./.test(word) && !known.has(optionIn(word))) return word.replace('--', UNKNOWN);
    // Before its command yargs does not know the option yet, and would take the next word for its value.
    const isFollowed = /^[^-]/.test(options[at + 1] ?? '');
    return yesOrNo.has(word) && !valued.has(word) && isFollowed ? `${word}=true` : word;
  });
  return [...(plain[0] === '--help' && plain[1] === 'help' ? ['--help', ...plain.slice(2)] : plain), ...rest];
}

/** Undoes the replacement of `-` in yargs' result. */
export function fromYargs(argv: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const back = (value: unknown): unknown => (value === LONE_DASH ? '-' : value);
  return Object.fromEntries(
    Object.entries(argv).map(([key, value]) => [
      key.replace(LONE_DASH, ''),
      Array.isArray(value) ? value.map(back) : back(value),
    ]),
  );
}

/**
 * The first yes-or-no option of the command that was given a value, which yargs would take for a no; null for
 * none.
 */
export function valuedInVain(words: readonly string[], command: Command): string | null {
  const yesOrNo = optionsOf(command).flatMap(({ type, written }) => (type === 'boolean' ? written : []));
  const valued = dividedAtDashes(words).options.filter((word) => /^-[^=]+=/.test(word));
  return valued.map(optionIn).find((option) => yesOrNo.includes(option)) ?? null;
}

/** Whether the answer is to be JSON, even where the words are wrong otherwise. */
export function asksForJson(words: readonly string[]): boolean {
  return dividedAtDashes(words).options.includes('--json');
}

/** Words after `--` are never options. */
function dividedAtDashes(words: readonly string[]): {
  readonly options: readonly string[];
  readonly rest: readonly string[];
} {
  const at = words.indexOf('--');
  return at < 0 ? { options: words, rest: [] } : { options: words.slice(0, at), rest: words.slice(at) };
}

/**
 * The option in a word: `--json` of `--json=x`; of combined letters such as `-fw` the last one, which a value
 * would belong to.
 */
function optionIn(word: string): string {
  const name = word.split('=', 1)[0] ?? '';
  return /^-[^-]/.test(name) ? `-${name.at(-1)}` : name;
}
