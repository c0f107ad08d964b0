import fs from 'node:fs';
import path from 'node:path';
import { realDisk, type Disk } from '../../../src/state/disk.ts';
import { openJournal, readWhole } from '../../../src/state/journal.ts';
import { beginNew, writeAnew } from '../../../src/state/new-file.ts';
import {
  cutShort,
  entries,
  file,
  folder,
  names,
  opened,
  refusal,
  tornFile,
} from '../../support/journal-folder.ts';
import { notingDisk } from '../../support/noting-disk.ts';
import { openBelow } from '../../support/open-files.ts';

/** Makes a journal with one good record, and this behind it. */
async function journalWith(tail: string): Promise<void> {
  const { store } = opened();
  store.put('a', 1);
  store.close();
  fs.appendFileSync(file, tail);
  // A journal is closed when no sync of it is under way.
  await new Promise((resolve) => setImmediate(resolve));
}

const refusing = (...calls: readonly (keyof Disk)[]): Disk => ({
  ...realDisk,
  ...Object.fromEntries(
    calls.map((name) => [
      name,
      () => {
        throw refusal('EIO');
      },
    ]),
  ),
});

const cannot = (): string =>
  `${file} cannot be written (EIO: the test says no, write): nothing can be changed until it can.`;

test('a torn end that can be neither kept nor cut off stays, and is reported without a copy', async () => {
  await journalWith('torn');
  const whole = fs.readFileSync(file);
  for (const call of ['create', 'truncate'] as const) {
    const opening = openJournal(file, { disk: refusing(call) });
    if (!opening.ok) throw new Error(opening.message);
    const damage = [
      `The last record in ${file} was cut short, by a crash or a full disk: its 4 bytes are left out.`,
    ];
    expect([opening.damage, opening.notes]).toEqual([damage, [...damage, cannot()]]);
    expect(entries(opening.store)).toEqual({ a: 1 });
    expect(fs.readFileSync(file)).toEqual(whole);
    expect(openBelow(folder)).toEqual([]);
  }
  const { store, notes } = opened();
  expect(notes).toEqual([cutShort(4)]);
  expect(fs.readFileSync(tornFile(), 'utf8')).toBe('torn');
  store.put('b', 2);
  store.close();
  expect(openJournal(file)).toMatchObject({ ok: true, notes: [], damage: [] });
});

test('a damaged journal that cannot be mended is mended by the next change', async () => {
  await journalWith('garbage\n');
  let broken = true;
  const disk: Disk = {
    ...realDisk,
    rename: (from, to) => {
      if (broken) throw refusal('EIO');
      realDisk.rename(from, to);
    },
  };
  const opening = openJournal(file, { disk, now: () => 0 });
  if (!opening.ok) throw new Error(opening.message);
  const damage =
    `${file} was damaged: 1 of 3 records cannot be read, the others are used. ` +
    'What the lost ones said may be missing or out of date.';
  expect(opening.damage).toEqual([damage]);
  expect(fs.readFileSync(file, 'utf8')).toMatch(/garbage\n$/);
  expect([opening.store.bytes, openBelow(folder)]).toEqual([0, []]);
  expect(names()).toEqual(['state.corrupt-1970-01-01T00-00-00.000Z', path.basename(file)]);
  broken = false;
  opening.store.put('b', 2);
  opening.store.close();
  expect(openJournal(file)).toMatchObject({ ok: true, notes: [] });
  expect(entries(opened().store)).toEqual({ a: 1, b: 2 });
});

test('the file of an unfinished rewrite is removed when the journal is opened next', async () => {
  await journalWith('');
  fs.writeFileSync(`${file}.new`, 'half of it');
  opened();
  expect(names()).toEqual([path.basename(file)]);
});

test('a journal of a torn line alone is written anew, and the line is kept', () => {
  fs.writeFileSync(file, 'torn');
  expect(opened().notes).toEqual([cutShort(4)]);
  expect(fs.readFileSync(tornFile(), 'utf8')).toBe('torn');
  expect(fs.readFileSync(file, 'utf8')).toMatch(/^[0-9a-f]{8} \{"v":3\}\n$/);
});

test('a journal is read unchanged, and a missing one counts as none', () => {
  fs.writeFileSync(file, 'x');
  expect(readWhole(file)).toEqual(Buffer.from('x'));
  fs.rmSync(file);
  expect(readWhole(file)).toBeNull();
  expect(readWhole(path.join(folder, 'none', 'state'))).toBeNull();
});

test('a new file that cannot be filled or named is closed and removed, with the first error', () => {
  const full = notingDisk({
    write: () => {
      throw refusal('ENOSPC');
    },
  });
  expect(() => beginNew(full.disk, '/data/state', 'text')).toThrow('ENOSPC');
  expect(full.calls).toEqual([
    'create /data/state.new',
    'write 4 4 bytes',
    'truncate 4 0',
    'close 4',
    'remove /data/state.new',
  ]);
  const nameless = notingDisk({
    syncFolder: () => {
      throw refusal('EIO');
    },
  });
  expect(() => writeAnew(nameless.disk, '/data/state', 'text')).toThrow('EIO');
  expect(nameless.calls).toEqual([
    'create /data/state.new',
    'write 4 4 bytes',
    'sync 4',
    'rename /data/state.new /data/state',
    'syncFolder /data',
    'close 4',
    'remove /data/state.new',
  ]);
});

test('a mistake of ours is thrown while a journal is opened, not taken for a full disk', () => {
  const disk: Disk = {
    ...realDisk,
    create: () => {
      throw new TypeError('a bug of ours');
    },
  };
  expect(() => openJournal(file, { disk })).toThrow('a bug of ours');
});
