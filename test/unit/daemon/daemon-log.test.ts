import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { openDaemonLog } from '../../../src/daemon/daemon-log.ts';
import { openBelow } from '../../support/open-files.ts';

let folder: string;
let place: string;

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'overseer-daemon-log-'));
  place = path.join(folder, 'overseerd.log');
});

afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

const lines = (of = place): string[] =>
  fs
    .readFileSync(of, 'utf8')
    .split('\n')
    .map((line) => line.slice(line.indexOf(' ') + 1))
    .filter((line) => line !== '');

test('an entry is one line, and nothing in it moves a terminal', () => {
  const echoed: string[] = [];
  const log = openDaemonLog(place, (line) => echoed.push(line));
  log.line('watch: a\u001b[31m\u009bfile\u202e\u0007\r changed\nin two lines');
  expect(lines()).toEqual(['watch: a\\e[31m\\u{9b}file\\u{202e}\\u{7}\\r changed in two lines']);
  expect(echoed.join('')).toContain('\\e[31m');
});

test('a log that is full is moved away and begun anew', () => {
  const echoed: string[] = [];
  const log = openDaemonLog(place, (line) => echoed.push(line), 200);
  log.line('x'.repeat(150));
  log.line('y'.repeat(150));
  expect([lines(), lines(`${place}.1`)]).toEqual([['y'.repeat(150)], ['x'.repeat(150)]]);
});

test('a log that an earlier daemon has begun counts with what it holds', () => {
  openDaemonLog(place, () => undefined, 200).line('x'.repeat(150));
  openDaemonLog(place, () => undefined, 200).line('y'.repeat(150));
  expect([lines(), lines(`${place}.1`)]).toEqual([['y'.repeat(150)], ['x'.repeat(150)]]);
});

test('however often a log is begun anew, it is open once', () => {
  const log = openDaemonLog(place, () => undefined, 200);
  const open = openBelow(fs.realpathSync(folder)).length;
  for (let at = 0; at < 5; at += 1) log.line('x'.repeat(150));
  expect(openBelow(fs.realpathSync(folder)).length).toBe(open);
});

test('a log that cannot be moved away is emptied, so that it stays within its size', () => {
  fs.mkdirSync(path.join(`${place}.1`, 'full'), { recursive: true });
  const log = openDaemonLog(place, () => undefined, 200);
  for (const letter of 'abc') log.line(letter.repeat(150));
  expect(lines()).toEqual(['c'.repeat(150)]);
});

test('a FIFO or a link in its place is refused at once, and /dev/null is taken', () => {
  spawnSync('mkfifo', [place]);
  expect(() => openDaemonLog(place, () => undefined)).toThrow(`${place} is a FIFO`);
  fs.rmSync(place);
  fs.symlinkSync(path.join(folder, 'elsewhere'), place);
  expect(() => openDaemonLog(place, () => undefined)).toThrow(`${place} is a symbolic link`);
  fs.rmSync(place);
  fs.symlinkSync('/dev/null', place);
  openDaemonLog(place, () => undefined).line('nobody wants it');
  expect(fs.readdirSync(folder)).toEqual(['overseerd.log']);
});
