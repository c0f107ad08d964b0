import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { realDisk } from '../../../../src/files/disk.ts';
import { rotateByRename, rotateLog } from '../../../../src/job/logs/rotate-log.ts';
import { logIndexOf } from '../../../../src/data-folder.ts';

const refusal = Object.assign(new Error('EIO: i/o error'), { code: 'EIO', syscall: 'rename' });

let folder: string;
let log: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'overseer-log-'));
  log = join(folder, 'web.log');
});

afterEach(() => rmSync(folder, { recursive: true }));

test('T-1002 an older log never gets the times of the one that it replaces', async () => {
  writeFileSync(log, 'one\ntwo\nthree\n');
  writeFileSync(logIndexOf(log), '1000 4\n2000 14\n');
  writeFileSync(`${log}.1`, 'older\n');
  writeFileSync(logIndexOf(`${log}.1`), '10 6\n');
  // The times of what is left of a log that is too long cannot be written.
  const renameSync: typeof realDisk.renameSync = (from, to) => {
    if (to === logIndexOf(log)) throw refusal;
    realDisk.renameSync(from, to);
  };
  const disk = { ...realDisk, renameSync };
  const rotation = await rotateLog({ path: log, keep: 1, maxBytes: 11, mode: 'truncate', pgid: null, disk });
  expect(rotation.ok).toBe(true);
  expect(readFileSync(`${log}.1`, 'utf8')).toBe('two\nthree\n');
  expect(existsSync(logIndexOf(`${log}.1`))).toBe(false);
});

test('T-1003 a rotation moves nothing where the times of an older log cannot be removed', () => {
  writeFileSync(log, 'new\n');
  writeFileSync(`${log}.1`, 'older\n');
  writeFileSync(logIndexOf(`${log}.1`), '10 6\n');
  const before = readdirSync(folder);
  const rmSync: typeof realDisk.rmSync = (path, options) => {
    if (path === logIndexOf(`${log}.1`)) throw refusal;
    realDisk.rmSync(path, options);
  };
  expect(rotateByRename(log, 1, { ...realDisk, rmSync })).toMatchObject({ ok: false, reason: 'disk' });
  expect(readdirSync(folder)).toEqual(before);
  expect(readFileSync(log, 'utf8')).toBe('new\n');
});
