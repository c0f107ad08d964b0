import fs from 'node:fs';
import { spawnSync } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { realDisk, type Disk } from '../../src/state/disk.ts';
import { openJournal, type JournalOptions } from '../../src/state/journal.ts';
import { readJournal } from '../../src/state/read-journal.ts';
import { REWRITE_MIN } from '../../src/state/journal-store.ts';
import type { Store } from '../../src/state/store.ts';

let folder: string;
let file: string;
const open: Store[] = [];

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'overseer-state-'));
  file = path.join(folder, 'state.journal');
});

afterEach(() => {
  for (const store of open.splice(0)) store.close();
  fs.rmSync(folder, { recursive: true, force: true });
});

/** Opens what must open. */
function opened(options: JournalOptions = {}): { store: Store; notes: readonly string[] } {
  const opening = openJournal(file, options);
  if (!opening.ok) throw new Error(opening.message);
  open.push(opening.store);
  return opening;
}

const entries = (store: Store) => Object.fromEntries(store.entries());
const readBack = () => entries(opened().store);
const names = () => fs.readdirSync(folder).toSorted();

/** Waits for no disk: thousands of journals are opened here. */
const fast: Disk = { ...realDisk, sync: () => undefined, syncFolder: () => undefined };

/** The same numbers for the same seed (mulberry32). */
function random(seed: number): (below: number) => number {
  let a = seed;
  return (below) => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

const tornFile = () => path.join(folder, 'state.torn');

function cutShort(bytes: number): string {
  return `The last record in ${file} was cut short, by a crash or a full disk: its ${bytes} bytes are left out and kept in ${tornFile()}.`;
}

/** Every value that a key has ever had. */
function knownEntries(after: readonly Record<string, unknown>[]): ReadonlySet<string> {
  return new Set(after.flatMap((state) => Object.entries(state).map((entry) => JSON.stringify(entry))));
}

function refusal(code: string): Error {
  return Object.assign(new Error(`${code}: the test says no, write`), { code, syscall: 'write' });
}

/** A journal of some changes, and what each of its complete lines leaves. */
function sample(): { bytes: Buffer; after: Record<string, unknown>[]; lineEnds: number[] } {
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

describe('what is put is read back', () => {
  test('the last value of each key, and nothing of a deleted one', () => {
    const { store, notes } = opened({ boot: 'b00t' });
    expect(notes).toEqual([]);
    store.put('a', { deep: [1, { __proto__: null, x: 'ü' }] });
    store.put('__proto__', 'a key like any other');
    store.put('a', 2);
    store.put('b', null);
    store.put('c', 'x');
    store.delete('c');
    store.delete('never there');
    expect([...store.entries()]).toEqual([
      ['__proto__', 'a key like any other'],
      ['a', 2],
      ['b', null],
    ]);
    store.close();
    const again = opened();
    expect([...again.store.entries()]).toEqual([
      ['__proto__', 'a key like any other'],
      ['a', 2],
      ['b', null],
    ]);
    expect(again.notes).toEqual([]);
    expect(again.store.bytes).toBe(fs.statSync(file).size);
  });

  test('each line is a checksum and a whole record, and the file is its owner’s alone', () => {
    const { store } = opened({ boot: 'b00t' });
    store.put('job', { run: 1 });
    store.delete('job');
    const lines = fs.readFileSync(file, 'utf8').split('\n');
    expect(lines.map((line) => line.slice(8))).toEqual([
      ' {"v":3,"boot":"b00t"}',
      ' {"k":"job","v":{"run":1}}',
      ' {"k":"job","d":1}',
      '',
    ]);
    expect(fs.statSync(file).mode & 0o777).toBe(0o600);
    store.close();
    fs.chmodSync(file, 0o644);
    opened();
    expect(fs.statSync(file).mode & 0o777).toBe(0o600);
  });

  test('what is kept does not change with the object that was put', () => {
    const { store } = opened();
    const value = { run: 1 };
    store.put('job', value);
    value.run = 2;
    expect(entries(store)).toEqual({ job: { run: 1 } });
  });

  test('a value that is none is a mistake of ours', () => {
    expect(() => opened().store.put('job', undefined)).toThrow(TypeError);
  });
});

describe('a damaged journal', () => {
  const values = (bytes: Buffer) => Object.fromEntries(readJournal(bytes).live.values());

  test('T-236 cut at any byte gives back exactly its complete lines', () => {
    const { bytes, after, lineEnds } = sample();
    for (let size = 0; size <= bytes.length; size += 1) {
      const complete = lineEnds.filter((end) => end <= size).length;
      expect(values(bytes.subarray(0, size))).toEqual(after[Math.max(0, complete - 1)]);
    }
    expect(bytes.length).toBe(2977);
  });

  test('cut short goes on behind its complete lines, and keeps a copy of the torn end', () => {
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

  test('T-237 with one flipped bit gives no wrong record, and costs two lines at most', () => {
    const { bytes, after } = sample();
    const seed = Date.now() % 1e6;
    const below = random(seed);
    const known = knownEntries(after);
    for (let trial = 0; trial < 10_000; trial += 1) {
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

  test('with a zeroed or random block gives no wrong record', () => {
    const { bytes, after } = sample();
    const seed = Date.now() % 1e6;
    const below = random(seed);
    const known = knownEntries(after);
    for (let trial = 0; trial < 3000; trial += 1) {
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

  test('is set aside as a whole, and its good lines are used from a clean file', () => {
    const { bytes, after, lineEnds } = sample();
    const damaged = Buffer.from(bytes);
    damaged[(lineEnds[3] ?? 0) + 20] = 0;
    fs.writeFileSync(file, damaged);
    const { store, notes } = opened({ now: () => Date.UTC(2026, 10, 23, 13, 18, 32, 5) });
    const corrupt = path.join(folder, 'state.corrupt-2026-11-23T13-18-32.005Z');
    expect(notes).toEqual([
      `${file} was damaged: 1 of ${lineEnds.length} records cannot be read, the others are used. ` +
        `What the lost ones said may be missing or out of date. The file as it was is ${corrupt}.`,
    ]);
    expect(entries(store)).toEqual(after.at(-1));
    expect(fs.readFileSync(corrupt)).toEqual(damaged);
    expect(names()).toEqual([path.basename(corrupt), 'state.journal']);
    store.close();
    expect(opened().notes).toEqual([]);
  });

  test('with a damaged first line still gives its records', () => {
    const { bytes, after } = sample();
    fs.writeFileSync(file, Buffer.concat([Buffer.from('x'), bytes]));
    expect(readBack()).toEqual(after.at(-1));
  });
});

describe('a journal that cannot be used', () => {
  test('missing or empty is a fresh start', () => {
    expect(opened().notes).toEqual([]);
    fs.writeFileSync(file, '');
    const { store, notes } = opened();
    expect(notes).toEqual([`${file} was empty: there is no record of earlier jobs.`]);
    expect(entries(store)).toEqual({});
  });

  test('T-238 of a newer version is refused, both versions are named, and no byte is touched', () => {
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

  test('of an older version is rewritten with the new version before anything is added', () => {
    const line = (json: string): string => `${crc32(json).toString(16).padStart(8, '0')} ${json}\n`;
    fs.writeFileSync(file, line('{"v":1,"boot":"old"}') + line('{"k":"state:web","v":{"value":1}}'));
    const opened = openJournal(file, { boot: 'new' });
    expect(opened).toMatchObject({ ok: true, notes: [], damage: [] });
    expect(fs.readFileSync(file, 'utf8')).toBe(
      line('{"v":3,"boot":"new"}') + line('{"k":"state:web","v":{"value":1}}'),
    );
  });

  test('a directory or a FIFO in its place is refused without waiting', () => {
    fs.mkdirSync(file);
    const message = `${file} is not a regular file: move it away, overseer keeps its state there.`;
    expect(openJournal(file)).toEqual({ ok: false, message });
    fs.rmdirSync(file);
    spawnSync('mkfifo', [file]);
    expect(openJournal(file)).toEqual({ ok: false, message });
  });

  test('T-239 that is too long is refused before it is read', () => {
    fs.writeFileSync(file, '');
    fs.truncateSync(file, 256 * 1024 * 1024 + 1);
    expect(openJournal(file)).toEqual({
      ok: false,
      message: `${file} is 268435457 bytes long, more than the 268435456 that overseer reads: move it away.`,
    });
  });

  test('that loops is refused with what the system says', () => {
    fs.symlinkSync(file, file);
    expect(openJournal(file)).toEqual({
      ok: false,
      message: expect.stringContaining('cannot be read (ELOOP'),
    });
  });

  test('T-240 that cannot be written is shown, refuses each change, and works once it can be written', () => {
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

  test('damaged on a full disk stays as it is until a copy can be made', () => {
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
});

describe('a full disk', () => {
  test('T-241 leaves no torn record: the file is what it was, and goes on when there is room', () => {
    let room = Number.POSITIVE_INFINITY;
    const disk: Disk = {
      ...realDisk,
      write: (fd, bytes) => {
        if (room === 0) throw refusal('ENOSPC');
        const taken = Math.min(room, bytes.length);
        room -= taken;
        return realDisk.write(fd, bytes.subarray(0, taken));
      },
    };
    const { store } = opened({ disk });
    store.put('job', 'first');
    const whole = fs.readFileSync(file);
    for (room = 0; room < 30; room += 1) {
      const before = room;
      expect(() => store.put('job', 'a value longer than the room that there is')).toThrow('ENOSPC');
      expect(fs.readFileSync(file)).toEqual(whole);
      room = before;
    }
    expect(entries(store)).toEqual({ job: 'first' });
    room = Number.POSITIVE_INFINITY;
    store.put('job', 'second');
    expect(readBack()).toEqual({ job: 'second' });
  });

  test('a torn record that could not be cut off at once is cut off before the next is written', () => {
    let broken = false;
    const disk: Disk = {
      ...realDisk,
      write: (fd, bytes) => realDisk.write(fd, broken ? bytes.subarray(0, 5) : bytes),
      truncate: (fd, size) => {
        if (broken) throw refusal('EIO');
        realDisk.truncate(fd, size);
      },
    };
    const { store } = opened({ disk });
    store.put('job', 1);
    broken = true;
    expect(() => store.put('job', 2)).toThrow('EIO');
    expect(() => store.put('job', 3)).toThrow('EIO');
    broken = false;
    store.put('job', 4);
    const again = opened();
    expect({ entries: entries(again.store), notes: again.notes }).toEqual({ entries: { job: 4 }, notes: [] });
  });

  test('T-242 a real one, 64 KiB of tmpfs, says ENOSPC and keeps all that was taken', () => {
    if (!mounted(folder)) return;
    try {
      const { store } = opened();
      const taken: Record<string, unknown> = {};
      expect(() => {
        for (let at = 0; at < 1000; at += 1) {
          store.put(`job-${at}`, 'x'.repeat(500));
          taken[`job-${at}`] = 'x'.repeat(500);
        }
      }).toThrow('ENOSPC');
      store.close();
      expect(Object.keys(taken).length).toBeGreaterThan(50);
      const again = opened();
      expect({ entries: entries(again.store), notes: again.notes }).toEqual({ entries: taken, notes: [] });
    } finally {
      for (const store of open.splice(0)) store.close();
      spawnSync('umount', ['-l', folder]);
    }
  });
});

/** False where we may not mount. */
function mounted(where: string): boolean {
  return (
    process.platform === 'linux' &&
    spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'overseer-test', where]).status === 0
  );
}

/** Puts one key again and again until the journal has been rewritten `times` times. */
async function putUntilRewritten(store: Store, times: number): Promise<number> {
  let run = 0;
  for (let rewritten = 0; rewritten < times;) {
    const before = store.bytes;
    run += 1;
    store.put('busy', { run, text: 'x'.repeat(1000) });
    if (run % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
    if (store.bytes < before) rewritten += 1;
    if (run > 100_000) throw new Error('never rewritten');
  }
  return run;
}

describe('rewriting', () => {
  test('keeps the journal near what it says, loses nothing, and leaves nothing behind', async () => {
    const { store } = opened();
    store.put('quiet', 'from the start');
    store.put('gone', 1);
    store.delete('gone');
    const run = await putUntilRewritten(store, 5);
    await store.sync();
    const wanted = { quiet: 'from the start', busy: { run, text: 'x'.repeat(1000) } };
    expect(entries(store)).toEqual(wanted);
    store.put('after', 1);
    store.close();
    expect(readBack()).toEqual({ ...wanted, after: 1 });
    expect(names()).toEqual(['state.journal']);
    expect(fs.statSync(file).mode & 0o777).toBe(0o600);
  });

  test('T-251 a crash at any step of it gives back everything that was put', async () => {
    const steps: string[] = [];
    for (let crashAt = 1; crashAt < 40; crashAt += 1) {
      fs.rmSync(file, { force: true });
      const { disk, done, crashed } = crashing(crashAt);
      const { store } = opened({ disk });
      const put: Record<string, unknown> = {};
      try {
        for (let at = 0; at < 100; at += 1) {
          const value = { at, text: 'x'.repeat(1000) };
          store.put(`job-${at % 7}`, value);
          put[`job-${at % 7}`] = value;
          if (at % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 2));
        }
      } catch (error) {
        expect(String(error)).toContain('EIO');
      }
      const seen = entries(opened().store);
      expect({ crashAt, seen }).toEqual({ crashAt, seen: put });
      steps.push(done.at(-1) ?? '');
      for (const each of open.splice(0)) each.close();
      if (!crashed()) break;
    }
    // Each step has been the last before a crash, and at last one round went through.
    expect(steps).toEqual(['create', 'write', 'datasync', 'write', 'sync', 'rename', 'syncFolder']);
  });

  test('one that fails leaves the old journal in use', async () => {
    let failures = 0;
    const disk: Disk = {
      ...realDisk,
      create: (name) => {
        if (fs.existsSync(file)) {
          failures += 1;
          throw refusal('ENOSPC');
        }
        return realDisk.create(name);
      },
    };
    const { store } = opened({ disk });
    for (let at = 0; at < 400; at += 1) {
      store.put('busy', { at, text: 'x'.repeat(1000) });
      if (at % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    // Tried at 64 KiB, and then each time that it has doubled.
    expect(failures).toBeGreaterThanOrEqual(2);
    expect(failures).toBeLessThan(6);
    expect(store.bytes).toBeGreaterThan(400_000);
    store.close();
    expect(readBack()).toEqual({ busy: { at: 399, text: 'x'.repeat(1000) } });
  });
});

/** A disk that stops for good after so many steps of a rewrite. */
function crashing(after: number): { disk: Disk; done: string[]; crashed: () => boolean } {
  const done: string[] = [];
  let newFd: number | null = null;
  let crashed = false;
  const step = (name: string, counts: boolean): void => {
    crashed ||= counts && done.length >= after;
    if (crashed) throw refusal('EIO');
    if (counts) done.push(name);
  };
  const disk: Disk = {
    ...realDisk,
    create: (name) => {
      const rewrites = fs.existsSync(file);
      step('create', rewrites);
      const fd = realDisk.create(name);
      if (rewrites) newFd = fd;
      return fd;
    },
    write: (fd, bytes) => {
      step('write', fd === newFd);
      return realDisk.write(fd, bytes);
    },
    datasync: (fd) => Promise.resolve().then(() => step('datasync', fd === newFd)),
    sync: (fd) => step('sync', fd === newFd),
    rename: (from, to) => {
      step('rename', newFd !== null);
      realDisk.rename(from, to);
    },
    syncFolder: () => {
      step('syncFolder', newFd !== null);
      newFd = null;
    },
    truncate: (fd, size) => {
      step('truncate', false);
      realDisk.truncate(fd, size);
    },
    remove: (name) => {
      step('remove', false);
      realDisk.remove(name);
    },
  };
  return { disk, done, crashed: () => crashed };
}

describe('syncing', () => {
  /** A disk whose datasyncs are counted and wait to be let go. */
  function gated(): { disk: Disk; waiting: ((error?: Error) => void)[]; log: string[] } {
    const waiting: ((error?: Error) => void)[] = [];
    const log: string[] = [];
    const disk: Disk = {
      ...realDisk,
      write: (fd, bytes) => {
        log.push('write');
        return realDisk.write(fd, bytes);
      },
      rename: (from, to) => {
        log.push('rename');
        realDisk.rename(from, to);
      },
      datasync: (fd) =>
        new Promise((resolve, reject) => {
          log.push('datasync');
          waiting.push((error) => {
            if (error) reject(error);
            else realDisk.datasync(fd).then(resolve, reject);
          });
        }),
    };
    return { disk, waiting, log };
  }
  const until = async (holds: () => boolean): Promise<void> => {
    const limit = performance.now() + 10_000;
    while (!holds()) {
      if (performance.now() > limit) throw new Error(`waited in vain for ${String(holds)}`);
      await new Promise((resolve) => setImmediate(resolve));
    }
  };

  test('T-243 callers at once share one, and a record put after it began waits for the next', async () => {
    const { disk, waiting, log } = gated();
    const { store } = opened({ disk });
    store.put('a', 1);
    const first = Promise.all([store.sync(), store.sync(), store.sync()]);
    await until(() => waiting.length === 1);
    store.put('b', 2);
    let later = 0;
    const second = Promise.all([store.sync(), store.sync()]).then(() => (later = 1));
    waiting[0]?.();
    await first;
    expect(later).toBe(0);
    await until(() => waiting.length === 2);
    waiting[1]?.();
    await second;
    expect(log).toEqual(['write', 'rename', 'write', 'datasync', 'write', 'datasync']);
    await store.sync();
    expect(waiting.length).toBe(2);
  });

  test('after a failed one the journal is written anew, since a later success would prove nothing', async () => {
    const { disk, waiting, log } = gated();
    const { store } = opened({ disk });
    store.put('a', 1);
    const inode = fs.statSync(file).ino;
    const first = store.sync();
    await until(() => waiting.length === 1);
    waiting[0]?.(refusal('EIO'));
    await until(() => waiting.length === 2);
    store.put('b', 2);
    waiting[1]?.();
    await first;
    expect(log.slice(2)).toEqual(['write', 'datasync', 'write', 'datasync', 'write', 'write', 'rename']);
    expect(fs.statSync(file).ino).not.toBe(inode);
    store.put('c', 3);
    store.close();
    expect(readBack()).toEqual({ a: 1, b: 2, c: 3 });
  });

  test('one that cannot be made good is told to the caller, and the next tries anew', async () => {
    const { disk, waiting } = gated();
    const { store } = opened({ disk });
    store.put('a', 1);
    const first = store.sync().then(
      () => 'synced',
      (error: Error) => error.message,
    );
    await until(() => waiting.length === 1);
    waiting[0]?.(refusal('EIO'));
    await until(() => waiting.length === 2);
    waiting[1]?.(refusal('ENOSPC'));
    expect(await first).toContain('ENOSPC');
    expect(names()).toEqual(['state.journal']);
    const second = store.sync();
    await until(() => waiting.length === 3);
    waiting[2]?.();
    await second;
    expect(readBack()).toEqual({ a: 1 });
  });

  test('a rewrite while one is under way closes no descriptor under it', async () => {
    const { disk, waiting, log } = gated();
    const { store } = opened({ disk });
    store.put('quiet', 1);
    const synced = store.sync();
    await until(() => waiting.length === 1);
    while (waiting.length === 1) store.put('busy', 'x'.repeat(5000));
    waiting[1]?.();
    await until(() => store.bytes < REWRITE_MIN / 2);
    waiting[0]?.();
    await synced;
    expect(log.filter((step) => step === 'rename').length).toBe(2);
    store.close();
    expect(readBack()).toEqual({ quiet: 1, busy: 'x'.repeat(5000) });
  });
});
