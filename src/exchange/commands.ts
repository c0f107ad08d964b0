import { splitWords } from '../config/values/split-words.ts';
import type { TomlValue } from './draft.ts';

/** A line that some other tool gives to a shell: as words where a shell would do nothing else with it. */
export function shellCommand(line: string, shell: readonly string[] = ['sh', '-c']): TomlValue {
  const trimmed = line.trim();
  const words = splitWords(trimmed);
  const [exe = 'sh', ...args] = shell;
  return words.ok && isShort(trimmed, words.value) ? trimmed : { exe, args: [...args, trimmed] };
}

/** A program and its arguments, as one string where that reads as well. */
export function wordsCommand(words: readonly string[]): TomlValue {
  const line = words.join(' ');
  const split = splitWords(line);
  const isSame =
    split.ok && split.value.length === words.length && split.value.every((each, at) => each === words[at]);
  const [exe = '', ...args] = words;
  return isSame ? line : { exe, args };
}

/** A shell builtin is no program, though a shell would run it. */
function isShort(line: string, [exe = '']: readonly string[]): boolean {
  return (
    !/^(cd|exec|export|source|\.|set|ulimit|umask|trap|eval|if|for|while|case|exit|wait|unset|\{)$/.test(
      exe,
    ) && line !== ''
  );
}

/** One word of a shell command. */
export const shellQuoted = (word: string): string =>
  /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;

/** A value of `env` that means this text: a dollar sign begins a reference there. */
export const envText = (value: string): string =>
  /\$[${]/.test(value) ? value.replaceAll('$', () => '$$') : value;

export const envTexts = (variables: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, envText(value)]));
