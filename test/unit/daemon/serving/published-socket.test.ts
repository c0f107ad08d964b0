import { execFileSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { publishSocket } from '../../../../src/daemon/serving/published-socket.ts';
import { formatSocketFile, type SocketFile } from '../../../../src/wire/socket-file.ts';
import { newFolder } from '../../../support/new-folder.ts';

const FILE: SocketFile = {
  version: 1,
  host: '127.0.0.1',
  port: 40_000,
  pid: 4242,
  token: 'ab'.repeat(32),
  instance: 'cd'.repeat(16),
};

let folder: string;
let path: string;
beforeEach(() => {
  folder = newFolder();
  path = join(folder, 'socket');
});

const content = (): string => readFileSync(path, 'utf8');

test('the socket file is for this user alone, and nothing else is left beside it', () => {
  for (const name of ['socket.12', 'socket.old', 'other.12']) writeFileSync(join(folder, name), '');
  publishSocket(path, FILE);
  expect([content(), statSync(path).mode & 0o777]).toEqual([formatSocketFile(FILE), 0o600]);
  // A draft of a daemon that was killed bears its pid.
  expect(readdirSync(folder).toSorted()).toEqual(['other.12', 'socket', 'socket.old']);
});

test('the socket file is written again where it is gone, another, or no file at all', () => {
  const published = publishSocket(path, FILE);
  const { ino } = statSync(path);
  expect([published.renew(), statSync(path).ino]).toEqual([true, ino]);
  rmSync(path);
  expect([published.renew(), content()]).toEqual([true, formatSocketFile(FILE)]);
  writeFileSync(path, 'another daemon’s');
  expect([published.renew(), content()]).toEqual([true, formatSocketFile(FILE)]);
  rmSync(path);
  mkdirSync(join(path, 'full'), { recursive: true });
  expect(published.renew()).toBe(false);
});

test.each([
  ['a FIFO', () => execFileSync('mkfifo', [path])],
  ['a link to nothing', () => symlinkSync(join(folder, 'nothing'), path)],
  ['a link to a file of the same content', () => symlinkSync(join(folder, 'same'), path)],
])('%s in place of the socket file gives way to it', (_, make) => {
  writeFileSync(join(folder, 'same'), formatSocketFile(FILE));
  const published = publishSocket(path, FILE);
  rmSync(path);
  make();
  expect([published.renew(), lstatSync(path).isFile()]).toEqual([true, true]);
  expect(content()).toBe(formatSocketFile(FILE));
  expect(readdirSync(folder).toSorted()).toEqual(['same', 'socket']);
});

test('the socket file is written again once the folder in its place is gone', () => {
  const published = publishSocket(path, FILE);
  rmSync(path);
  mkdirSync(join(path, 'full'), { recursive: true });
  expect(published.renew()).toBe(false);
  rmSync(path, { recursive: true });
  expect([published.renew(), content(), readdirSync(folder)]).toEqual([
    true,
    formatSocketFile(FILE),
    ['socket'],
  ]);
});

test('only the socket file of this daemon is removed', () => {
  const published = publishSocket(path, FILE);
  expect([published.remove(), existsSync(path)]).toEqual([null, false]);
  expect(published.remove()).toBeNull();
  writeFileSync(path, 'another daemon’s');
  expect([published.remove(), content()]).toEqual([null, 'another daemon’s']);
  rmSync(path);
  mkdirSync(path);
  expect(published.remove()).not.toBeNull();
});
