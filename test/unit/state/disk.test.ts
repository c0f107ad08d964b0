import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { realDisk } from '../../../src/state/disk.ts';
import { openBelow } from '../../support/open-files.ts';

let dir: string;
let path: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'overseer-disk-'));
  path = join(dir, 'state.journal.new');
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

test.each([
  ['a FIFO', () => spawnSync('mkfifo', [path])],
  ['a link to itself', () => symlinkSync(path, path)],
  ['a longer file', () => writeFileSync(path, 'something longer than what follows\n')],
  ['nothing', () => undefined],
])('a new file is made in place of %s, at once', (_what, put) => {
  put();
  const fd = realDisk.create(path);
  realDisk.write(fd, Buffer.from('new\n'));
  realDisk.close(fd);
  expect(readFileSync(path, 'utf8')).toBe('new\n');
});

test('a new file is not written through a link to somebody else’s', () => {
  writeFileSync(join(dir, 'precious'), 'precious\n');
  symlinkSync(join(dir, 'precious'), path);
  realDisk.close(realDisk.create(path));
  expect(readFileSync(join(dir, 'precious'), 'utf8')).toBe('precious\n');
});

test('a folder in the place of a file is refused and stays', () => {
  mkdirSync(path);
  expect(() => realDisk.create(path)).toThrow(/EEXIST/);
});

test('a FIFO is never opened for appending', () => {
  spawnSync('mkfifo', [path]);
  expect(() => realDisk.open(path)).toThrow(/ENXIO/);
});

test('files of the journal are for their owner alone, new ones and those that were there', () => {
  realDisk.close(realDisk.create(path));
  expect(statSync(path).mode & 0o777).toBe(0o600);
  chmodSync(path, 0o644);
  realDisk.close(realDisk.open(path));
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test('new data is appended, and a truncated file goes on at its end', () => {
  writeFileSync(path, 'old\n');
  const fd = realDisk.open(path);
  expect(realDisk.write(fd, Buffer.from('new\n'))).toBe(4);
  realDisk.truncate(fd, 6);
  realDisk.write(fd, Buffer.from('x'));
  realDisk.close(fd);
  expect(readFileSync(path, 'utf8')).toBe('old\nnex');
});

test('a folder is synced without keeping it open, and one that is missing is refused', () => {
  realDisk.syncFolder(dir);
  expect(openBelow(dir)).toEqual([]);
  expect(() => realDisk.syncFolder(join(dir, 'none'))).toThrow(/ENOENT/);
});

test('removing a missing file succeeds, and closing what is not open does nothing', () => {
  realDisk.remove(path);
  expect(() => realDisk.close(2 ** 20)).not.toThrow();
  expect(() => realDisk.close(-1)).toThrow(/out of range/);
});
