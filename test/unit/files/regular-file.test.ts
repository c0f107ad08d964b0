import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { openOwn, openRegular, readRegular } from '../../../src/files/regular-file.ts';

const { O_APPEND, O_CREAT, O_RDONLY, O_WRONLY } = fs.constants;
let folder: string;
let place: string;

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'overseer-file-'));
  place = path.join(folder, 'file');
});

afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

test('a FIFO, a folder and a device are refused at once, for reading and for writing', () => {
  spawnSync('mkfifo', [place]);
  for (const [at, kind] of [
    [place, 'FIFO'],
    [folder, 'folder'],
    ['/dev/zero', 'device'],
  ] as const)
    for (const flags of [O_RDONLY, O_WRONLY | O_APPEND | O_CREAT])
      expect(() => openRegular(at, flags)).toThrow(`${at} is a ${kind}, not a regular file: move it away`);
});

test('a socket is refused', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(place, resolve));
  expect(() => readRegular(place, 10)).toThrow(`${place} is a socket, not a regular file: move it away`);
  await new Promise((resolve) => server.close(resolve));
});

test('a link is followed, but not in the place of a file that only overseer makes', () => {
  const target = path.join(folder, 'target');
  fs.writeFileSync(target, 'text');
  fs.symlinkSync(target, place);
  expect(readRegular(place, 10).toString()).toBe('text');
  expect(() => openOwn(place, O_WRONLY | O_APPEND)).toThrow(`${place} is a symbolic link`);
  expect(() => openOwn(path.join(folder, 'none'), O_WRONLY)).toThrow('ENOENT');
});

test('a link that leads to itself or nowhere is refused by the system, not made', () => {
  fs.symlinkSync('file', place);
  expect(() => readRegular(place, 10)).toThrow('ELOOP');
  expect(() => openOwn(place, O_WRONLY | O_CREAT)).toThrow(`${place} is a symbolic link`);
});

test('no more than asked for is read', () => {
  fs.writeFileSync(place, '0123456789');
  expect(readRegular(place, 4).toString()).toBe('0123');
  expect(readRegular(place, 99).toString()).toBe('0123456789');
});
