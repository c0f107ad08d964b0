import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { realDisk } from '../../../src/state/disk.ts';

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
