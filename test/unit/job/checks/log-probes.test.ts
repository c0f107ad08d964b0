import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FileCalls, realDisk } from '../../../../src/files/disk.ts';
import { logProbes } from '../../../../src/job/checks/log-probes.ts';
import { newFolder } from '../../../support/new-folder.ts';
import { openBelow } from '../../../support/open-files.ts';

/** A disk on which every question fails so. */
const failing = (error: Error): FileCalls => ({
  ...realDisk,
  statSync: () => {
    throw error;
  },
  lstatSync: () => {
    throw error;
  },
});

test('a log that was made anew is another one, although the disk gave it the same number', () => {
  const idAt = (mtimeMs: number): string | null =>
    logProbes({ ...realDisk, statSync: (() => ({ ino: 7, mtimeMs })) as never }).logId('log.1');
  expect([idAt(1) === idAt(1), idAt(1) === idAt(2)]).toEqual([true, false]);
});

test('a log that was read is closed again, even where its bytes cannot be had', () => {
  const folder = newFolder();
  const log = join(folder, 'log');
  writeFileSync(log, 'one\n');
  const readSync = (): never => {
    throw Object.assign(new Error('input/output error'), { code: 'EIO' });
  };
  const read = [realDisk, { ...realDisk, readSync }].map(
    (disk) => logProbes(disk).readLog(log, 0, 10)?.length,
  );
  expect([read, openBelow(folder)]).toEqual([[4, undefined], []]);
});

test('what a system refuses to tell of a log is unknown, and a fault of ours is thrown', () => {
  const busy = logProbes(failing(Object.assign(new Error('no descriptors'), { code: 'EMFILE' })));
  expect([busy.logSize('log'), busy.logId('log'), busy.readLog('log', 0, 1)]).toEqual([null, null, null]);
  // What stands in its place is not known, so it does not count as deleted.
  expect(busy.logKind('log')).toBe('file');
  const wrong = logProbes(failing(new TypeError('not a function')));
  expect(() => wrong.logSize('log')).toThrow('not a function');
});
