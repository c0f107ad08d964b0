import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { realDisk } from '../../../../src/files/disk.ts';
import { forgetExits, openExitFile, recordedExit } from '../../../../src/job/launch/exit-file.ts';

import { openBelow } from '../../../support/open-files.ts';

let dir: string;
let file: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'overseer-exits-'));
  file = join(dir, 'web', '3');
  mkdirSync(join(dir, 'web'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

test.each([
  ['0\n', { code: 0, signal: null }],
  ['143\n', { code: 143, signal: null }],
  ['Terminated\n143\n', { code: null, signal: 'SIGTERM' }],
  ['[1] + Broken pipe                \n141\n', { code: null, signal: 'SIGPIPE' }],
  ['[1] + Done(143)                  \n143\n', { code: 143, signal: null }],
  ['Segmentation fault (core dumped)\n139\n', { code: null, signal: 'SIGSEGV' }],
  ['Real-time signal 0\n162\n', { code: 162, signal: null }],
  ['cannot fork\n2\n', { code: 2, signal: null }],
  ['', null],
  ['14', null],
  ['Terminated\n', null],
  ['1430\n', null],
  ['x'.repeat(10_000), null],
])('what a shell records as %j is reported exactly or not at all', (text, exit) => {
  writeFileSync(file, text);
  expect(recordedExit(file)).toEqual(exit);
});

test.each<[string, () => void, string | null]>([
  ['nothing', () => undefined, null],
  ['a folder', () => mkdirSync(file), 'is a folder'],
  ['a pipe', () => void spawnSync('mkfifo', [file]), 'is a FIFO'],
  ['a link to itself', () => symlinkSync(file, file), 'symbolic link'],
  ['a link to a file', () => symlinkSync('/etc/hostname', file), 'symbolic link'],
  [
    'a file in place of its folder',
    () => {
      rmSync(join(dir, 'web'), { recursive: true });
      writeFileSync(join(dir, 'web'), '0\n');
    },
    'ENOTDIR',
  ],
])('%s in place of an exit record counts as an unseen exit, without waiting', (_, put, why) => {
  put();
  const said: string[] = [];
  expect(recordedExit(file, (line) => said.push(line))).toBeNull();
  expect(said).toEqual(why === null ? [] : [expect.stringContaining(why)]);
});

test('a record that may not be read is an exit that nobody saw', () => {
  writeFileSync(file, '0\n');
  chmodSync(file, 0);
  const said: string[] = [];
  // root may read everything.
  const exit = recordedExit(file, (line) => said.push(line));
  expect([exit, said.length]).toEqual(process.getuid?.() === 0 ? [{ code: 0, signal: null }, 0] : [null, 1]);
});

test.each<[string, () => void]>([
  ['a file', () => writeFileSync(file, '0\n')],
  ['a folder', () => mkdirSync(file)],
  ['a pipe', () => void spawnSync('mkfifo', [file])],
  ['a file in place of its folder', () => inPlace((path) => writeFileSync(path, '0\n'))],
  ['a link in place of its folder', () => inPlace((path) => symlinkSync(join(dir, 'elsewhere'), path))],
])('%s that an older run has left is gone before a new run records, and no link is followed', (_, put) => {
  mkdirSync(join(dir, 'elsewhere'));
  writeFileSync(join(dir, 'elsewhere', 'kept'), '');
  put();
  forgetExits(join(dir, 'web'));
  closeSync(openExitFile(join(dir, 'web', '4')));
  expect([readdirSync(join(dir, 'web')), readdirSync(join(dir, 'elsewhere'))]).toEqual([['4'], ['kept']]);
});

function inPlace(put: (path: string) => void): void {
  rmSync(join(dir, 'web'), { recursive: true });
  put(join(dir, 'web'));
}

test('a file in place of the folders of all jobs holds no record, and keeps no job from starting', () => {
  writeFileSync(join(dir, 'file'), '');
  expect(() => forgetExits(join(dir, 'file', 'web'))).not.toThrow();
});

test('what is recorded of an exit is for the user alone, and no file stays open', () => {
  const anew = join(dir, 'new', 'deep', '1');
  closeSync(openExitFile(anew));
  expect([statSync(anew).mode & 0o777, statSync(join(dir, 'new')).mode & 0o777]).toEqual([0o600, 0o700]);
  recordedExit(anew);
  expect(openBelow(dir)).toEqual([]);
});

test('the record of an older run is never written on', () => {
  closeSync(openExitFile(file));
  expect(() => openExitFile(file)).toThrow('EEXIST');
});

test('exits that the disk does not let go are an error of it', () => {
  const rmSync = (): never => {
    throw Object.assign(new Error('input/output error'), { code: 'EIO' });
  };
  expect(() => forgetExits(join(dir, 'web'), { ...realDisk, rmSync })).toThrow('input/output error');
  expect(() => forgetExits(join(dir, 'none'), { ...realDisk, rmSync })).not.toThrow();
});
