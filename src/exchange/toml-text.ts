import { basename } from 'node:path';
import { KEYS } from '../config/schema/keys.ts';
import type { JobDraft, TomlValue } from './draft.ts';

/** Jobs as a config file, each below a comment that says where it came from. */
export function tomlOf(drafts: readonly JobDraft[]): string {
  return drafts.map(jobText).join('\n');
}

/** Which key of which job stands in which line of that text. */
export function linesOfKeys(
  drafts: readonly JobDraft[],
): ReadonlyMap<number, { readonly draft: JobDraft; readonly key: string }> {
  const lines = drafts.flatMap((draft) => [
    ...jobText(draft)
      .trimEnd()
      .split('\n')
      .map((line) => ({ draft, key: /^(\w+) = /.exec(line)?.[1] ?? 'name' })),
    { draft, key: 'name' },
  ]);
  return new Map(lines.map((place, at) => [at + 1, place]));
}

function jobText({ name, from, keys }: JobDraft): string {
  const inOrder = KEYS.flatMap((key) => {
    const value = key.name === 'name' ? name : keys.get(key.name);
    return value === undefined ? [] : [`${key.name} = ${valueText(value)}\n`];
  });
  return `# ${commented(basename(from.file))}, line ${from.line}\n[[jobs]]\n${inOrder.join('')}`;
}

/** A control character may not even stand in a comment. */
// oxlint-disable-next-line no-control-regex -- finding them is the point
const commented = (text: string): string => text.replace(/[\u0000-\u001f\u007f]/g, '?');

function valueText(value: TomlValue): string {
  if (typeof value === 'string') return textOf(value);
  if (typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return `[${value.map(valueText).join(', ')}]`;
  const pairs = Object.entries(value).map(([name, each]) => `${keyText(name)} = ${valueText(each)}`);
  return pairs.length === 0 ? '{}' : `{ ${pairs.join(', ')} }`;
}

const keyText = (name: string): string => (/^[A-Za-z0-9_-]+$/.test(name) ? name : textOf(name));

/**
 * As JSON has it, but for DEL, which TOML wants escaped; and where quotes would make it hard to read, as it
 * is.
 */
function textOf(text: string): string {
  const isPlain = !/['\n\r\t]/.test(text) && isPrintable(text);
  return isPlain && /["\\]/.test(text) ? `'${text}'` : JSON.stringify(text).replaceAll('\u007f', '\\u007f');
}

// oxlint-disable-next-line no-control-regex -- finding them is the point
const isPrintable = (text: string): boolean => !/[\u0000-\u001f\u007f]/.test(text);
