import fs from 'node:fs';
import { spawnSync } from 'node:child_process';
import { crc32 } from 'node:zlib';
import { realDisk, type Disk } from '../../../src/state/disk.ts';
import { openJournal } from '../../../src/state/journal.ts';
import { file, opened, entries, readBack, names, refusal, sample } from '../../support/journal-folder.ts';

/** A disk that notes its steps, without those that change nothing. */
function noted(): { readonly disk: Disk; readonly steps: string[] } {
  const steps: string[] = [];
  const names = ['create', 'write', 'truncate', 'sync', 'rename', 'copy', 'syncFolder'] as const;
  const noting = names.map((name) => [
    name,
    (...args: readonly never[]): unknown => {
      steps.push(name);
      return (realDisk[name] as (...args: readonly never[]) => unknown)(...args);
    },
  ]);
  return { disk: { ...realDisk, ...Object.fromEntries(noting) } as Disk, steps };
}

const WRITTEN_ANEW = ['create', 'write', 'sync', 'rename', 'syncFolder'];

test.each([
  ['a missing', null, WRITTEN_ANEW],
  ['an empty', (): string => '', WRITTEN_ANEW],
  ['a damaged', (whole: string): string => whole.replace('"one"', '"One"'), ['copy', ...WRITTEN_ANEW]],
  ['a torn', (whole: string): string => whole.slice(0, -1), ['create', 'write', 'truncate']],
  ['a whole', (whole: string): string => whole, []],
])('%s one is on the disk with its content before it has its name', (_, change, wanted) => {
  const { store } = opened();
  store.put('a', 'one');
  store.put('b', 'two');
  store.close();
  if (change === null) fs.rmSync(file);
  else fs.writeFileSync(file, change(fs.readFileSync(file, 'utf8')));
  const { disk, steps } = noted();
  opened({ disk });
  expect(steps).toEqual(wanted);
});

test('a journal that is missing or empty is a fresh start', () => {
  expect(opened().notes).toEqual([]);
  fs.writeFileSync(file, '');
  const { store, notes } = opened();
  expect(notes).toEqual([`${file} was empty: there is no record of earlier jobs.`]);
  expect(entries(store)).toEqual({});
});

test('T-238 a journal of a newer version is refused, with both versions, and no byte is touched', () => {
  const header = '{"v":4}';
  const newer = `${crc32(header).toString(16).padStart(8, '0')} ${header}\nwhatever comes then, even torn`;
  fs.writeFileSync(file, newer);
  expect(openJournal(file)).toEqual({
    ok: false,
    message: `${file} was written by a newer overseer: it has version 4, this one reads version 3. Nothing was changed; use the newer overseer.`,
  });
  expect(fs.readFileSync(file, 'utf8')).toBe(newer);
  expect(names()).toEqual(['state.journal']);
});

test('a journal of an older version is rewritten with the new one before anything is added', () => {
  const line = (json: string): string => `${crc32(json).toString(16).padStart(8, '0')} ${json}\n`;
  fs.writeFileSync(file, line('{"v":1,"boot":"old"}') + line('{"k":"state:web","v":{"value":1}}'));
  const opened = openJournal(file, { boot: 'new' });
  expect(opened).toMatchObject({ ok: true, notes: [], damage: [] });
  expect(fs.readFileSync(file, 'utf8')).toBe(
    line('{"v":3,"boot":"new"}') + line('{"k":"state:web","v":{"value":1}}'),
  );
});

test('a directory or a FIFO in the place of the journal is refused without waiting', () => {
  fs.mkdirSync(file);
  const message = `${file} is not a regular file: move it away, overseer keeps its state there.`;
  expect(openJournal(file)).toEqual({ ok: false, message });
  fs.rmdirSync(file);
  spawnSync('mkfifo', [file]);
  expect(openJournal(file)).toEqual({ ok: false, message });
});

test('T-239 a journal that is too long is refused before it is read', () => {
  fs.writeFileSync(file, '');
  fs.truncateSync(file, 256 * 1024 * 1024 + 1);
  expect(openJournal(file)).toEqual({
    ok: false,
    message: `${file} is 268435457 bytes long, more than the 268435456 that overseer reads: move it away.`,
  });
});

test('a journal that is a link to itself is refused with what the system says', () => {
  fs.symlinkSync(file, file);
  expect(openJournal(file)).toEqual({
    ok: false,
    message: expect.stringContaining('cannot be read (ELOOP'),
  });
});

test('T-240 a journal that cannot be written is shown, refuses changes, and works once it can', () => {
  opened().store.put('job', 1);
  let full = true;
  const disk: Disk = {
    ...realDisk,
    open: (name) => {
      if (full) throw refusal('EROFS');
      return realDisk.open(name);
    },
  };
  const { store, notes } = opened({ disk });
  expect(notes).toEqual([
    `${file} cannot be written (EROFS: the test says no, write): nothing can be changed until it can.`,
  ]);
  expect(entries(store)).toEqual({ job: 1 });
  expect(() => store.put('job', 2)).toThrow('EROFS');
  expect(entries(store)).toEqual({ job: 1 });
  full = false;
  store.put('job', 3);
  expect(readBack()).toEqual({ job: 3 });
});

test('a damaged journal on a full disk stays as it is until a copy can be made', () => {
  const { bytes, after } = sample();
  const damaged = Buffer.concat([bytes.subarray(0, 30), Buffer.from('?'), bytes.subarray(30)]);
  fs.writeFileSync(file, damaged);
  const disk: Disk = {
    ...realDisk,
    copy: () => {
      throw refusal('ENOSPC');
    },
  };
  const { store } = opened({ disk });
  expect(entries(store)).toEqual(after.at(-1));
  expect(fs.readFileSync(file)).toEqual(damaged);
});
