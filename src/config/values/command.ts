import type { CommandLine } from '../config.ts';
import type { Place, Table } from '../toml/document.ts';
import { codePointName, invisibleAt } from '../../text/invisible.ts';
import { splitWords } from './split-words.ts';

/** As the schema allows it. */
export type RawCommand = string | (Table & { readonly exe: string; readonly args: readonly string[] });

/** A command from its table or its one string; null, and a problem, where it would need a shell. */
export function readCommand(value: RawCommand, place: Place): CommandLine | null {
  return typeof value === 'string' ? readWords(value, place) : readTable(value, place);
}

function readTable({ exe, args }: Exclude<RawCommand, string>, place: Place): CommandLine | null {
  const error = exeError(exe);
  if (error === null) return { exe, args: [...args] };
  place.at('exe').report(`${place.key}.exe ${error}`);
  return null;
}

function exeError(exe: string): string | null {
  const at = invisibleAt(exe);
  if (at >= 0) return `has ${codePointName(exe, at)} in it, which cannot be seen: remove it`;
  return /^~(?:\/|$)/.test(exe) ? 'begins with ~, which only a shell expands: write the whole path' : null;
}

function readWords(value: string, place: Place): CommandLine | null {
  const words = splitWords(value);
  if (!words.ok) {
    place.report(`${place.key}: ${words.message}`, 'value', words.at);
    return null;
  }
  const [exe = '', ...args] = words.value;
  const error = exeError(exe);
  if (error !== null) place.report(`${place.key}: ${exe} ${error}`);
  return error === null ? { exe, args } : null;
}
