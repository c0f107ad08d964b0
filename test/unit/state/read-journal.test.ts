import fs from 'node:fs';
import path from 'node:path';
import { readJournal } from '../../../src/state/read-journal.ts';
import {
  folder,
  file,
  opened,
  entries,
  readBack,
  names,
  fast,
  random,
  tornFile,
  cutShort,
  knownEntries,
  sample,
} from '../../support/journal-folder.ts';

describe('a damaged journal', () => {
  const values = (bytes: Buffer) => Object.fromEntries(readJournal(bytes).live.values());

  test('T-236 a journal that is cut at any byte gives back exactly its complete lines', () => {
    const { bytes, after, lineEnds } = sample();
    for (let size = 0; size <= bytes.length; size += 1) {
      const complete = lineEnds.filter((end) => end <= size).length;
      expect(values(bytes.subarray(0, size))).toEqual(after[Math.max(0, complete - 1)]);
    }
    expect(bytes.length).toBe(2977);
  });

  test('a journal cut short goes on behind its complete lines, with a copy of the torn end', () => {
    const { bytes, after, lineEnds } = sample();
    const sizes = lineEnds.slice(0, -1).flatMap((end) => [end - 1, end, end + 1, end + 12]);
    for (const size of sizes) {
      fs.rmSync(tornFile(), { force: true });
      fs.writeFileSync(file, bytes.subarray(0, size));
      const ends = lineEnds.filter((end) => end <= size);
      const { store, notes } = opened({ disk: fast });
      expect(entries(store)).toEqual(after[Math.max(0, ends.length - 1)]);
      const tail = bytes.subarray(ends.at(-1) ?? 0, size);
      expect(notes).toEqual(tail.length === 0 ? [] : [cutShort(tail.length)]);
      if (tail.length > 0) expect(fs.readFileSync(tornFile())).toEqual(tail);
      store.put('next', size);
      store.close();
      const again = opened({ disk: fast });
      expect([again.notes, again.store.entries().get('next')]).toEqual([[], size]);
      again.store.close();
    }
    expect(sizes.length).toBe(120);
  });

  test('T-237 a journal with one flipped bit gives no wrong record, and costs two lines at most', () => {
    const { bytes, after } = sample();
    const seed = Date.now() % 1e6;
    const below = random(seed);
    const known = knownEntries(after);
    for (let trial = 0; trial < 2_000; trial += 1) {
      const at = below(bytes.length);
      const bit = below(8);
      const damaged = Buffer.from(bytes);
      damaged[at] = (damaged[at] ?? 0) ^ (1 << bit);
      const { live, damaged: lost, completeBytes } = readJournal(damaged);
      const wrong = [...live.values()].filter((entry) => !known.has(JSON.stringify(entry)));
      const noticed = lost + (completeBytes < bytes.length ? 1 : 0);
      if (wrong.length > 0 || noticed < 1 || noticed > 2)
        throw new Error(JSON.stringify({ seed, at, bit, wrong, noticed }));
    }
  });

  test('a journal with a zeroed or random block gives no wrong record', () => {
    const { bytes, after } = sample();
    const seed = Date.now() % 1e6;
    const below = random(seed);
    const known = knownEntries(after);
    for (let trial = 0; trial < 600; trial += 1) {
      const from = below(bytes.length);
      const until = Math.min(bytes.length, from + 1 + below(600));
      const damaged = Buffer.from(bytes);
      for (let at = from; at < until; at += 1) damaged[at] = trial % 2 === 0 ? 0 : below(256);
      const wrong = [...readJournal(damaged).live.values()].filter(
        (entry) => !known.has(JSON.stringify(entry)),
      );
      if (wrong.length > 0) throw new Error(JSON.stringify({ seed, trial, from, until, wrong }));
    }
  });

  test('a damaged journal is set aside as a whole, and its good lines go into a clean file', () => {
    const { bytes, after, lineEnds } = sample();
    const damaged = Buffer.from(bytes);
    damaged[(lineEnds[3] ?? 0) + 20] = 0;
    fs.writeFileSync(file, damaged);
    const { store, notes } = opened({ now: () => Date.UTC(2026, 10, 23, 13, 18, 32, 5) });
    const corrupt = path.join(folder, 'state.corrupt-2026-11-23T13-18-32.005Z');
    expect(notes).toEqual([
      `${file} was damaged: 1 of ${lineEnds.length} records cannot be read, the others are used. ` +
        `What the lost ones said may be missing or out of date. A copy of the damaged file is ${corrupt}.`,
    ]);
    expect(entries(store)).toEqual(after.at(-1));
    expect(fs.readFileSync(corrupt)).toEqual(damaged);
    expect(names()).toEqual([path.basename(corrupt), 'state.journal']);
    store.close();
    expect(opened().notes).toEqual([]);
  });

  test('a journal with a damaged first line still gives its records', () => {
    const { bytes, after } = sample();
    fs.writeFileSync(file, Buffer.concat([Buffer.from('x'), bytes]));
    expect(readBack()).toEqual(after.at(-1));
  });
});
