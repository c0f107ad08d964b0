import type { JobDraft, Import, ImportSpot, TomlValue } from '../draft.ts';
import type { ImportSource } from './source.ts';

/** Where a key stands, and all that its meaning may depend on. */
export interface At {
  readonly into: Import;
  readonly source: ImportSource;
  readonly from: ImportSpot;
  /** The table that the key is of. */
  readonly table: Readonly<Record<string, unknown>>;
  readonly key: string;
}

/**
 * What becomes of one key of another format: keys of a job, a remark, or, for a text, a remark that says what
 * to do instead.
 */
export type Reader = string | ((draft: JobDraft, value: unknown, at: At) => void);

/** It is so anyway, or says something that overseer has no use for. */
export const CARRIED: Reader = () => {};

/** Gives each key to its reader; a key without a reader becomes a remark. */
export function readKeys(
  draft: JobDraft,
  table: Readonly<Record<string, unknown>>,
  readers: Readonly<Record<string, Reader>>,
  context: Pick<At, 'into' | 'source'> & { readonly spotOf: (key: string) => ImportSpot },
): void {
  for (const [key, value] of Object.entries(table)) {
    const at = { ...context, table, key, from: context.spotOf(key) };
    const reader = Object.hasOwn(readers, key) ? readers[key] : undefined;
    if (reader === undefined)
      at.into.remark(at.from, `${key} is left out: overseer has nothing that is like it`);
    else if (typeof reader === 'string') at.into.remark(at.from, `${key} is left out: ${reader}`);
    else reader(draft, value, at);
  }
}

/** Tells each key of a nested table that nobody reads. */
export function tellOthers(
  value: unknown,
  known: readonly string[],
  { into, from, key }: Pick<At, 'into' | 'from' | 'key'>,
): void {
  for (const name of isTable(value) ? Object.keys(value) : [])
    if (!known.includes(name) && !name.startsWith('x-'))
      into.remark(from, `${name} of ${key} is left out: overseer has nothing that is like it`);
}

/** A job that is left out is nothing to wait for, and the one that would have waited says so. */
export function keepKnownAfter(into: Import, spotOf: (draft: JobDraft) => ImportSpot): void {
  const known = new Set(into.drafts.map(({ name }) => name));
  const nameIn = (each: TomlValue): string => textOf((each as { readonly job: string }).job);
  for (const draft of into.drafts) {
    const after = draft.list('after');
    for (const each of after.filter((one) => !known.has(nameIn(one))))
      into.remark(spotOf(draft), `${nameIn(each)} is left out, so ${draft.name} does not wait for it`);
    const kept = after.filter((each) => known.has(nameIn(each)));
    if (kept.length === 0) draft.keys.delete('after');
    else draft.set('after', kept);
  }
}

/** A size as Docker, pm2 and systemd write it: `300m`, `1.5G` or bytes. */
export function sizeHere(text: string): string {
  const [, size = text, unit = ''] = /^([\d.]+)\s*([bkmgt])?i?b?$/i.exec(text.trim()) ?? [];
  const letter = unit.toUpperCase();
  return `${size}${letter === '' || letter === 'B' ? 'B' : `${letter}iB`}`;
}

/** A reader for a key whose value stays what it is. */
export const as =
  (key: string): Reader =>
  (draft, value, { into, from }) => {
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      into.set(draft, key, value, from);
  };

export const isTable = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);

export const textsIn = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.map(textOf) : value === null || value === undefined ? [] : [textOf(value)];

/** `NAME=value` texts, or a table. */
export function variablesIn(value: unknown): Readonly<Record<string, string>> {
  if (isTable(value))
    return Object.fromEntries(
      Object.entries(value).map(([name, each]) => [name, each === null ? '' : textOf(each)]),
    );
  return Object.fromEntries(
    textsIn(value).map((each) => {
      const at = each.indexOf('=');
      return at < 0 ? [each, ''] : [each.slice(0, at), each.slice(at + 1)];
    }),
  );
}

/** A value as text; a table or a list, where none should be, as JSON. */
export const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
