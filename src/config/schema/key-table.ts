import { KEYS, type Key } from './keys.ts';

/** The table of all keys in docs/configuration.md, in Markdown. */
export function keyTable(): string {
  const head = [
    '| key | what to write | default | meaning | a change restarts the job |',
    '|---|---|---|---|---|',
  ];
  return [...head, ...KEYS.map(row)].join('\n');
}

function row(key: Key): string {
  const cells = [
    `\`${key.name}\``,
    key.schema.description,
    defaultCell(key),
    key.doc,
    key.restarts ? 'yes' : 'no',
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function defaultCell({ required, default: value }: Key): string {
  if (required) return 'required';
  return value === null ? 'none' : `\`${writeToml(value)}\``;
}

/** A default as it would be written in the file. */
export function writeToml(value: unknown): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return JSON.stringify(value);
  const entries = Object.entries(value).map(([name, each]) => `${name} = ${writeToml(each)}`);
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}
