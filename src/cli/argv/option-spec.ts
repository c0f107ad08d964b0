import type { Command, Option, Values } from '../cli.ts';
import { GLOBAL_OPTIONS } from './global-options.ts';

/** The name of a command, then its other names. */
export function namesOf({ words, aliases = [] }: Pick<Command, 'words' | 'aliases'>): readonly string[] {
  return [words.split(' ')[0] ?? words, ...aliases];
}

/** `--all`, `-n`: an option with its dashes. */
export interface WrittenOption extends Option {
  readonly written: readonly string[];
}

/** Every option that a command takes. */
export function optionsOf(command: Pick<Command, 'options'>): readonly WrittenOption[] {
  return Object.entries({ ...command.options, ...GLOBAL_OPTIONS }).map(([name, option]) => ({
    ...option,
    written: [`--${name}`, ...(option.alias === undefined ? [] : [`-${option.alias}`])],
  }));
}

const PLAIN: Readonly<Record<string, Values>> = { jobs: 'jobs', job: 'jobs', files: 'files', file: 'files' };

/**
 * The kinds of words that may follow a command, in order; the last kind repeats where several are allowed.
 */
export function wordValuesOf({ words, values }: Pick<Command, 'words' | 'values'>): {
  readonly each: readonly (Values | null)[];
  readonly goesOn: boolean;
} {
  const places = [...words.matchAll(/\[(\w+)(\.\.)?\]/g)];
  return {
    each: places.map(([, name = '']) => values?.[name] ?? PLAIN[name] ?? null),
    goesOn: places.at(-1)?.[2] !== undefined,
  };
}
