import fs from 'node:fs';
import { realDisk, type Disk } from '../../../src/state/disk.ts';
import { REWRITE_MIN } from '../../../src/state/journal-store.ts';
import { file, opened, readBack, names, refusal } from '../../support/journal-folder.ts';
import { until } from '../../support/until.ts';

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

  test('T-243 simultaneous callers share one sync; a record that comes later waits for the next', async () => {
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

  test('after a failed sync the journal is written anew: a later success would prove nothing', async () => {
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

  test('a failed sync is reported to its caller, and the next one tries again', async () => {
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

  test('a rewrite while a sync is under way closes no descriptor under it', async () => {
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
