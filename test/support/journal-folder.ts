import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { realDisk, type Disk } from '../../src/state/disk.ts';
import { openJournal, type JournalOptions } from '../../src/state/journal.ts';
import type { Store } from '../../src/state/store.ts';

export let folder: string;

export let file: string;

export const open: Store[] = [];

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'overseer-state-'));
  file = path.join(folder, 'state.journal');
});

afterEach(() => {
  for (const store of open.splice(0)) store.close();
  fs.rmSync(folder, { recursive: true, force: true });
});

/** Opens what must open. */
export function opened(options: JournalOptions = {}): { store: Store; notes: readonly string[] } {
  const opening = openJournal(file, options);
  if (!opening.ok) throw new Error(opening.message);
  open.push(opening.store);
  return opening;
}

export const entries = (store: Store) => Object.fromEntries(store.entries());

export const readBack = () => entries(opened().store);

export const names = () => fs.readdirSync(folder).toSorted();

/** Waits for no disk: thousands of journals are opened here. */
export const fast: Disk = { ...realDisk, sync: () => undefined, syncFolder: () => undefined };

/** The same numbers for the same seed (mulberry32). */
export function random(seed: number): (below: number) => number {
  let a = seed;
  return (below) => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

export const tornFile = () => path.join(folder, 'state.torn');

export function cutShort(bytes: number): string {
  return `The last record in ${file} was cut short, by a crash or a full disk: its ${bytes} bytes are left out and kept in ${tornFile()}.`;
}

/** Every value that a key has ever had. */
export function knownEntries(after: readonly Record<string, unknown>[]): ReadonlySet<string> {
  return new Set(after.flatMap((state) => Object.entries(state).map((entry) => JSON.stringify(entry))));
}

export function refusal(code: string): Error {
  return Object.assign(new Error(`${code}: the test says no, write`), { code, syscall: 'write' });
}

/** A journal of some changes, and what each of its complete lines leaves. */
export function sample(): { bytes: Buffer; after: Record<string, unknown>[]; lineEnds: number[] } {
  const { store } = opened({ boot: 'b00t' });
  const after: Record<string, unknown>[] = [{}];
  for (let at = 0; at < 30; at += 1) {
    if (at % 7 === 6) store.delete(`job-${at % 5}`);
    else
      store.put(`job-${at % 5}`, {
        run: at,
        text: `naïve "quoted"\nline ${'x'.repeat(at)}`,
        list: [null, true, 1.5],
      });
    const now = entries(store);
    if (JSON.stringify(now) !== JSON.stringify(after.at(-1))) after.push(now);
  }
  store.close();
  const bytes = fs.readFileSync(file);
  const lineEnds = [...bytes.keys()].filter((at) => bytes[at] === 0x0a).map((at) => at + 1);
  expect(lineEnds.length).toBe(after.length);
  return { bytes, after, lineEnds };
}
