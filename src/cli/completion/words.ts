import type { Command, Option, Values } from '../cli.ts';
import { optionsOf, type WrittenOption } from '../argv/option-spec.ts';

/** Whether help and completion show a command. */
export const isShown = ({ about }: Command): boolean => about !== null;

/** Every option that has its value in the next word. */
export function valuedOptions(commands: readonly Command[]): readonly string[] {
  return [...new Set(allOptions(commands).flatMap((option) => (takesValue(option) ? option.written : [])))];
}

/** Options with values that cannot be completed. */
export function valuelessOptions(commands: readonly Command[]): readonly string[] {
  const known = new Set(optionValues(commands).flatMap(([written]) => written));
  return valuedOptions(commands).filter((written) => !known.has(written));
}

/** Options with what their values may be; the same option means the same with each command. */
export function optionValues(
  commands: readonly Command[],
): readonly (readonly [written: readonly string[], values: Values])[] {
  const found = new Map<string, readonly [readonly string[], Values]>();
  for (const { written, values } of allOptions(commands))
    if (values !== undefined) found.set(written.join(' '), [written, values]);
  return [...found.values()];
}

export const takesValue = ({ type, isValueOptional }: Option): boolean =>
  type === 'string' && isValueOptional !== true;

function allOptions(commands: readonly Command[]): readonly WrittenOption[] {
  return commands.filter(isShown).flatMap(optionsOf);
}
