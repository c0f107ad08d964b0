import fs from 'node:fs';
import { join } from 'node:path';
import { realDisk, type FileCalls } from '../../../src/files/disk.ts';
import {
  kindOf,
  NotARegularFile,
  openOwn,
  openRegular,
  readRegular,
  sizeOfRegular,
} from '../../../src/files/regular-file.ts';
import { openBelow } from '../../support/open-files.ts';
import { newFolder } from '../../support/new-folder.ts';

const { O_CREAT, O_RDONLY, O_WRONLY } = fs.constants;

test('a file that replaced another between check and opening is refused and closed', () => {
  const path = join(newFolder(), 'file');
  fs.writeFileSync(path, 'text');
  const swapped: FileCalls = {
    ...realDisk,
    openSync: () => fs.openSync('/dev/zero', O_RDONLY),
  };
  expect(() => openRegular(path, O_RDONLY, undefined, swapped)).toThrow(
    `${path} is a device, not a regular file: move it away`,
  );
  expect(openBelow('/dev/zero')).toEqual([]);
});

test('a link that took the name of an own file between the look and the opening is refused', () => {
  const folder = newFolder();
  const [path, precious] = [join(folder, 'file'), join(folder, 'precious')];
  fs.writeFileSync(precious, 'precious');
  fs.symlinkSync(precious, path);
  const blind: FileCalls = { ...realDisk, lstatSync: (() => undefined) as never };
  expect(() => openOwn(path, O_WRONLY, undefined, blind)).toThrow('ELOOP');
});

test('a file that overseer makes is its owner’s alone, unless another mode is asked for', () => {
  const folder = newFolder();
  const modeOf = (name: string, mode?: number): number => {
    const path = join(folder, name);
    fs.closeSync(openOwn(path, O_WRONLY | O_CREAT, mode));
    return fs.statSync(path).mode & 0o777;
  };
  expect([modeOf('usual'), modeOf('other', 0o400)]).toEqual([0o600, 0o400]);
});

test('a file is read to its end though the disk gives it in small pieces, and is closed', () => {
  const path = join(newFolder(), 'file');
  fs.writeFileSync(path, '0123456789');
  const slow: FileCalls = {
    ...realDisk,
    readSync: ((fd: number, to: Buffer, at: number, length: number, from: number) =>
      fs.readSync(fd, to, at, Math.min(3, length), from)) as never,
  };
  expect([readRegular(path, 99, slow), readRegular(path, 8, slow)].map(String)).toEqual([
    '0123456789',
    '01234567',
  ]);
  fs.writeFileSync(path, '');
  expect(readRegular(path, 99).length).toBe(0);
  expect(openBelow(path)).toEqual([]);
});

test('reading a file that shrinks meanwhile returns what is left of it', () => {
  const path = join(newFolder(), 'file');
  fs.writeFileSync(path, '0123456789');
  const shrinking: FileCalls = {
    ...realDisk,
    fstatSync: ((fd: number) => Object.assign(fs.fstatSync(fd), { size: 20 })) as never,
  };
  expect(String(readRegular(path, 99, shrinking))).toBe('0123456789');
});

test('a size is that of a regular file, and there is none of anything else', () => {
  const folder = newFolder();
  const path = join(folder, 'file');
  fs.writeFileSync(path, '0123456789');
  expect(
    [path, join(folder, 'none'), folder, join(path, 'below')].map((each) => sizeOfRegular(each)),
  ).toEqual([10, null, null, null]);
  const broken: FileCalls = {
    ...realDisk,
    statSync: (() => {
      throw new TypeError('a bug of ours');
    }) as never,
  };
  expect(() => sizeOfRegular(path, broken)).toThrow('a bug of ours');
});

test('each kind of file has its word', () => {
  const folder = newFolder();
  const link = join(folder, 'link');
  fs.symlinkSync('nowhere', link);
  expect([folder, '/dev/null', link].map((path) => kindOf(fs.lstatSync(path)))).toEqual([
    'folder',
    'device',
    'symbolic link',
  ]);
});

test('a path that is no regular file is a refusal of the world, with its kind', () => {
  expect(new NotARegularFile('/tmp/x', 'FIFO')).toMatchObject({
    name: 'NotARegularFile',
    code: 'ENOTREG',
    syscall: 'open',
    kind: 'FIFO',
  });
});
