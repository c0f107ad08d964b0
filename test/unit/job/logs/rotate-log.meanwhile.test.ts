import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { logIndexOf } from '../../../../src/data-folder.ts';
import { realDisk, type FileCalls } from '../../../../src/files/disk.ts';
import { rotateByRename, rotateLog, type RotateOptions } from '../../../../src/job/logs/rotate-log.ts';
import { CannotAsk } from '../../../../src/os/system-error.ts';
import { newFolder } from '../../../support/new-folder.ts';
import { openBelow } from '../../../support/open-files.ts';

const KILO = 1024;

let folder: string;
let log: string;
beforeEach(() => {
  folder = newFolder();
  log = join(folder, 'web.log');
});

const contents = (): Record<string, string> =>
  Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
const lines = (count: number, text = 'x'): string => `${text.repeat(1023)}\n`.repeat(count);
const refusal = (syscall: string): Error =>
  Object.assign(new Error(`EIO: ${syscall}`), { code: 'EIO', syscall });

/** A pause of a group that does not exist; `during` is called while it would stand still. */
const pausing = (during: () => void = () => undefined): Partial<RotateOptions> => ({
  mode: 'pause',
  pgid: 70,
  pause: async () => {
    during();
    return { kind: 'paused', since: performance.now(), resume: () => Promise.resolve() };
  },
});
const rotate = (more: Partial<RotateOptions> = {}): ReturnType<typeof rotateLog> =>
  rotateLog({ path: log, keep: 3, mode: 'truncate', pgid: null, ...more });

/** A disk on which `onCopied` is called after each part that was copied. */
function copying(onCopied: () => void): FileCalls {
  const open: typeof realDisk.promises.open = async (path, ...rest) => {
    const file = await realDisk.promises.open(path, ...rest);
    if (!String(path).endsWith('.rotating')) return file;
    const appendFile: FileHandle['appendFile'] = async (...args) => {
      await file.appendFile(...args);
      onCopied();
    };
    return Object.assign(Object.create(file, { fd: { value: file.fd } }) as FileHandle, {
      appendFile,
      stat: () => file.stat(),
      datasync: () => file.datasync(),
      close: () => file.close(),
    });
  };
  return { ...realDisk, promises: { ...realDisk.promises, open } };
}

test('the bulk of a log is copied before its job is paused', async () => {
  writeFileSync(log, lines(600, 'a'));
  const copyFile: typeof realDisk.promises.copyFile = async (...args) => {
    await realDisk.promises.copyFile(...args);
    appendFileSync(log, lines(600, 'b'));
  };
  let copied = 0;
  const disk = { ...realDisk, promises: { ...realDisk.promises, copyFile } };
  await rotate({ ...pausing(() => (copied = statSync(`${log}.rotating`).size)), disk });
  expect(copied).toBe(1200 * KILO);
  expect(contents()).toEqual({ 'web.log': '', 'web.log.1': lines(600, 'a') + lines(600, 'b') });
});

test.each([
  ['little', 100, 1],
  ['much', 300, 4],
])('a job that writes %s meanwhile is paused after few attempts to catch up', async (_, kilo, attempts) => {
  writeFileSync(log, lines(10));
  let parts = 0;
  let partsAtPause = 0;
  const more = (): void => appendFileSync(log, lines(kilo));
  const disk = copying(() => {
    parts += 1;
    if (parts < 20) more();
  });
  const copyFile: typeof realDisk.promises.copyFile = async (...args) => {
    await realDisk.promises.copyFile(...args);
    more();
  };
  await rotate({
    ...pausing(() => (partsAtPause = parts)),
    disk: { ...disk, promises: { ...disk.promises, copyFile } },
  });
  expect(partsAtPause).toBe(attempts);
});

test('what is written at the last moment leaves the log with the rest', async () => {
  writeFileSync(log, 'one\n');
  const isOvertaken = (): boolean => (appendFileSync(log, lines(200)), false);
  expect(await rotate({ isOvertaken })).toEqual({ ok: true, bytes: 4 + 200 * KILO, pausedMs: 0 });
  expect(contents()).toEqual({ 'web.log': '', 'web.log.1': `one\n${lines(200)}` });
});

test('a log that becomes shorter while it is copied is rotated as far as it goes', async () => {
  writeFileSync(log, 'one\n');
  let isFirst = true;
  const open: typeof realDisk.promises.open = async (path, ...rest) => {
    const file = await realDisk.promises.open(path, ...rest);
    if (String(path) !== log) return file;
    const stat = file.stat.bind(file);
    return Object.assign(file, {
      stat: async () => {
        const stats = await stat();
        if (isFirst && stats.size > 4) truncateSync(log, 4);
        isFirst &&= stats.size <= 4;
        return stats;
      },
    });
  };
  const copyFile: typeof realDisk.promises.copyFile = async (...args) => {
    await realDisk.promises.copyFile(...args);
    appendFileSync(log, 'two\n');
  };
  await rotate({ disk: { ...realDisk, promises: { copyFile, open } } });
  expect(contents()).toEqual({ 'web.log': '', 'web.log.1': 'one\n' });
});

test.each<[string, () => void]>([
  ['the log is another file', () => (renameSync(log, `${log}.old`), writeFileSync(log, 'new run\n'))],
  ['the log is gone', () => renameSync(log, `${log}.old`)],
  ['the copy is gone', () => rmSync(`${log}.rotating`)],
])('where %s at the last moment, nothing is moved', async (_, change) => {
  writeFileSync(log, 'one\n');
  const before = contents();
  const isOvertaken = (): boolean => (change(), false);
  expect(await rotate({ isOvertaken })).toEqual({
    ok: false,
    reason: 'overtaken',
    message: `cannot rotate ${log}: another run writes to it now`,
  });
  expect(Object.values(contents())).toEqual(expect.arrayContaining(Object.values(before)));
  expect(readdirSync(folder)).not.toContain('web.log.1');
});

describe('who is paused', () => {
  test('a job goes on when its log is rotated, and also when that fails', async () => {
    const steps: string[] = [];
    const options: Partial<RotateOptions> = {
      mode: 'pause',
      pgid: 70,
      pause: async ({ pgid }) => {
        steps.push(`pause ${pgid}`);
        return { kind: 'paused', since: performance.now(), resume: async () => void steps.push('resume') };
      },
    };
    writeFileSync(log, 'one\n');
    const rotation = await rotate(options);
    const { pausedMs } = rotation as { readonly pausedMs: number };
    expect([pausedMs > 0, pausedMs < 60_000]).toEqual([true, true]);
    writeFileSync(log, 'two\n');
    const ftruncateSync = (): never => {
      throw refusal('ftruncate');
    };
    await rotate({ ...options, disk: { ...realDisk, ftruncateSync } });
    expect(steps).toEqual(['pause 70', 'resume', 'pause 70', 'resume']);
  });

  test.each<Partial<RotateOptions>>([
    { mode: 'truncate', pgid: 70 },
    { mode: 'pause', pgid: null },
  ])('nobody is paused with %j', async (options) => {
    writeFileSync(log, 'one\n');
    const pause = (): never => {
      throw new Error('somebody was paused');
    };
    expect(await rotate({ ...options, pause })).toEqual({ ok: true, bytes: 4, pausedMs: 0 });
  });

  test('a system that cannot be asked is no fault of the disk', async () => {
    writeFileSync(log, 'one\n');
    const pause = (): never => {
      throw new CannotAsk('no descriptor is left');
    };
    expect(await rotate({ mode: 'pause', pgid: 70, pause })).toEqual({
      ok: false,
      reason: 'pause',
      message: `cannot rotate ${log}: no descriptor is left`,
    });
  });
});

test('a rotation leaves no file open, whether it succeeds or not', async () => {
  writeFileSync(log, 'one\n');
  await rotate({ isOvertaken: () => true });
  await rotate();
  expect(openBelow(folder)).toEqual([]);
});

describe('a line that is not finished while the job is paused', () => {
  test.each([
    ['one\ntwo\nthr', 'one\ntwo\n', 'thr'],
    ['one\ntwo\n', 'one\ntwo\n', ''],
    // A line of which no beginning is known stays with what was copied.
    ['one', 'one', ''],
  ])('of %j the log keeps what is not finished', async (text, older, rest) => {
    writeFileSync(log, text);
    const rotation = await rotate(pausing());
    expect(rotation).toEqual({ ok: true, bytes: older.length, pausedMs: expect.any(Number) });
    expect(contents()).toEqual({ 'web.log': rest, 'web.log.1': older });
  });

  test('it is given back whole, in however many parts the disk takes it', async () => {
    writeFileSync(log, 'one\ntwo and more');
    const writeSync = ((fd: number, bytes: Buffer, at: number) =>
      realDisk.writeSync(fd, bytes, at, 1)) as typeof realDisk.writeSync;
    await rotate({ ...pausing(), disk: { ...realDisk, writeSync } });
    expect(contents()).toEqual({ 'web.log': 'two and more', 'web.log.1': 'one\n' });
  });

  test('it is cut in two where the disk refuses it, and never there twice', async () => {
    writeFileSync(log, 'one\ntwo');
    let written = 0;
    const writeSync = ((fd: number, bytes: Buffer, at: number) => {
      if (bytes.toString() !== 'two') return realDisk.writeSync(fd, bytes, at);
      written += 1;
      if (written === 1) return realDisk.writeSync(fd, bytes, at, 1);
      throw refusal('write');
    }) as typeof realDisk.writeSync;
    const rotation = await rotate({ ...pausing(), disk: { ...realDisk, writeSync } });
    expect(rotation).toMatchObject({ ok: true, bytes: 7 });
    expect(contents()).toEqual({ 'web.log': '', 'web.log.1': 'one\ntwo' });
  });

  test('where nobody is paused the beginning of a line leaves with the rest', async () => {
    writeFileSync(log, 'one\ntwo');
    await rotate();
    expect(contents()).toEqual({ 'web.log': '', 'web.log.1': 'one\ntwo' });
  });
});

describe('what the disk refuses', () => {
  test('a log that cannot be emptied is not in its copy as well', async () => {
    writeFileSync(log, 'one\n');
    const ftruncateSync = (): never => {
      throw refusal('ftruncate');
    };
    expect(await rotate({ disk: { ...realDisk, ftruncateSync } })).toEqual({
      ok: false,
      reason: 'disk',
      message: `cannot rotate ${log}: EIO: ftruncate`,
    });
    expect(contents()).toEqual({ 'web.log': 'one\n' });
  });

  test('a log whose times cannot be moved loses them', async () => {
    writeFileSync(log, 'one\n');
    writeFileSync(logIndexOf(log), '1000 4\n');
    const renameSync: typeof realDisk.renameSync = (from, to) => {
      if (from === logIndexOf(log)) throw refusal('rename');
      realDisk.renameSync(from, to);
    };
    expect(await rotate({ disk: { ...realDisk, renameSync } })).toMatchObject({ ok: true });
    expect(contents()).toEqual({ 'web.log': '', 'web.log.1': 'one\n' });
  });

  test('who writes is named where that may be another than the job', async () => {
    writeFileSync(log, 'one\n');
    expect(await rotate({ ...pausing(), isOurs: () => false })).toEqual({
      ok: false,
      reason: 'overtaken',
      message: `cannot rotate ${log}: process group 70 is not certainly the job's`,
    });
  });
});

describe('a fault of ours is thrown', () => {
  const fault = (): never => {
    throw new TypeError('a bug of ours');
  };

  test.each<[string, Partial<FileCalls>]>([
    ['beginning', { lstatSync: fault, promises: { ...realDisk.promises, open: fault } }],
    ['emptying the log', { ftruncateSync: fault }],
    [
      'moving the times',
      {
        renameSync: (from, to) => {
          if (String(from).endsWith('.idx')) fault();
          realDisk.renameSync(from, to);
        },
      },
    ],
    [
      'giving a line back',
      {
        writeSync: ((fd: number, bytes: Buffer, at: number) =>
          bytes.toString() === 'two' ? fault() : realDisk.writeSync(fd, bytes, at)) as never,
      },
    ],
  ])('while %s', async (_, calls) => {
    writeFileSync(log, 'one\ntwo');
    writeFileSync(logIndexOf(log), '1000 7\n');
    await expect(rotate({ ...pausing(), disk: { ...realDisk, ...calls } })).rejects.toThrow('a bug of ours');
  });

  test('while a log is renamed', () => {
    expect(() => rotateByRename(log, 1, { ...realDisk, statSync: fault })).toThrow('a bug of ours');
  });
});

describe('rotating by renaming', () => {
  test('an empty log stays where logs are kept, with its times', () => {
    writeFileSync(log, '');
    writeFileSync(logIndexOf(log), '');
    expect(rotateByRename(log, 3)).toEqual({ ok: true, bytes: 0, pausedMs: 0 });
    expect(contents()).toEqual({ 'web.log': '', 'web.log.idx': '' });
  });

  test('where no log is kept nothing is moved into the place of an older one', () => {
    writeFileSync(log, 'one\n');
    writeFileSync(logIndexOf(log), '1000 4\n');
    const renameSync = (): never => {
      throw refusal('rename');
    };
    expect(rotateByRename(log, 0, { ...realDisk, renameSync })).toMatchObject({ ok: true, bytes: 4 });
    expect(contents()).toEqual({});
  });

  test('the times of a log go with it', () => {
    writeFileSync(log, 'one\n');
    writeFileSync(logIndexOf(log), '1000 4\n');
    writeFileSync(`${log}.1`, 'older\n');
    writeFileSync(logIndexOf(`${log}.1`), '10 6\n');
    rotateByRename(log, 3);
    expect(contents()).toEqual({
      'web.log.1': 'one\n',
      'web.log.1.idx': '1000 4\n',
      'web.log.2': 'older\n',
      'web.log.2.idx': '10 6\n',
    });
  });

  test('a folder in the place of the oldest log is reported, and nothing is moved', () => {
    writeFileSync(log, 'one\n');
    mkdirSync(join(`${log}.1`, 'mine'), { recursive: true });
    expect(rotateByRename(log, 1)).toMatchObject({ ok: false, reason: 'disk' });
    expect(readFileSync(log, 'utf8')).toBe('one\n');
  });
});

test('T-1805 a log whose times cannot be removed is not emptied', async () => {
  writeFileSync(log, 'one\n');
  writeFileSync(logIndexOf(log), '1 4\n');
  const disk: FileCalls = {
    ...realDisk,
    rmSync: (path, ...rest) => {
      if (path === logIndexOf(log)) throw refusal('rm');
      realDisk.rmSync(path, ...rest);
    },
  };
  expect(await rotate({ keep: 0, disk })).toMatchObject({ ok: false, reason: 'disk' });
  expect(contents()).toEqual({ 'web.log': 'one\n', 'web.log.idx': '1 4\n' });
});
