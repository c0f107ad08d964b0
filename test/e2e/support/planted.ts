import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { changeOf, putLine, valueOf } from '../../../src/state/record.ts';
import type { Home } from './home.ts';

/** What a record says of a child; whatever a damaged or a foreign one may hold. */
export interface PlantedChild {
  readonly pid: unknown;
  readonly start?: unknown;
  readonly boot?: unknown;
}

export const journalOf = (home: Home): string => join(home.data, 'state.journal');

/** Changes the child in the newest record of a job, with a checksum that is right. No daemon may run. */
export function plantChild(home: Home, name: string, child: PlantedChild): void {
  const key = `state:${name}`;
  const text = readFileSync(journalOf(home), 'utf8');
  const newest = text
    .trimEnd()
    .split('\n')
    .findLast((line) => changeOf(Buffer.from(line))?.key === key);
  if (newest === undefined) throw new Error(`no record of ${name}`);
  const state = valueOf(newest) as { readonly value: unknown; readonly context: { readonly child: object } };
  writeFileSync(
    journalOf(home),
    text +
      putLine(key, { ...state, context: { ...state.context, child: { ...state.context.child, ...child } } }),
  );
}

/** The first line of a journal of another version; it has the same form in every one. */
export function headerOfVersion(version: number): string {
  const json = JSON.stringify({ v: version });
  return `${crc32(json).toString(16).padStart(8, '0')} ${json}\n`;
}
