import fs from 'node:fs';
import { realDisk, type Disk } from '../../../src/state/disk.ts';
import type { Store } from '../../../src/state/store.ts';
import { file, open, opened, entries, readBack, names, refusal } from '../../support/journal-folder.ts';

test('the store gives the last value of each key, and nothing of a deleted one', () => {
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

test('a kept value does not change with the object that was put', () => {
  const { store } = opened();
  const value = { run: 1 };
  store.put('job', value);
  value.run = 2;
  expect(entries(store)).toEqual({ job: { run: 1 } });
});

test('a value that JSON cannot hold is a bug', () => {
  expect(() => opened().store.put('job', undefined)).toThrow(TypeError);
});

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

test('the store keeps the journal near the size of its values and loses nothing', async () => {
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

test('T-251 after a crash at any step of a rewrite, the store has everything that was put', async () => {
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

test('a rewrite that fails leaves the old journal in use', async () => {
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

/** A disk that stops for good after this many steps of a rewrite. */
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
