import type { Command, Option, Values } from '../cli.ts';
import { namesOf, optionsOf, type WrittenOption } from '../argv/option-spec.ts';

/** What is completed of a command. */
export type Completed = Pick<Command, 'words' | 'aliases' | 'about' | 'options' | 'values'>;

/** The commands that help shows, and `help` itself, which takes the name of one. */
export function completedOf(commands: readonly Command[]): readonly Completed[] {
  const shown = commands.filter(({ about }) => about !== null);
  const command = shown.flatMap(namesOf);
  return [...shown, { words: 'help [command]', about: 'Show the help of a command', values: { command } }];
}

/** Every option that has its value in the next word. */
export function valuedOptions(commands: readonly Completed[]): readonly string[] {
  return [...new Set(allOptions(commands).flatMap((option) => (takesValue(option) ? option.written : [])))];
}

/** Options with values that cannot be completed. */
export function valuelessOptions(commands: readonly Completed[]): readonly string[] {
  const known = new Set(optionValues(commands).flatMap(([written]) => written));
  return valuedOptions(commands).filter((written) => !known.has(written));
}

/** Options with what their values may be; the same option means the same with each command. */
export function optionValues(
  commands: readonly Completed[],
): readonly (readonly [written: readonly string[], values: Values, isList: boolean])[] {
  const found = new Map<string, readonly [readonly string[], Values, boolean]>();
  for (const { written, values, isList = false } of allOptions(commands))
    if (values !== undefined) found.set(written.join(' '), [written, values, isList]);
  return [...found.values()];
}

export const takesValue = ({ type, isValueOptional }: Option): boolean =>
  type === 'string' && isValueOptional !== true;

function allOptions(commands: readonly Completed[]): readonly WrittenOption[] {
  return commands.flatMap(optionsOf);
}
