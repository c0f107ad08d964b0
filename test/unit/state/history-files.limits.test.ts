import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { historyFiles, type HistoryFiles } from '../../../src/state/history-files.ts';
import { newFolder } from '../../support/new-folder.ts';
import { openBelow } from '../../support/open-files.ts';

const MOST = 64 * 1024;
let dir: string;
let told: string[];
let trimmed: number;
beforeEach(() => {
  dir = join(newFolder(), 'history');
  told = [];
  trimmed = 0;
});

const files = (trim = (lines: readonly string[]) => lines): HistoryFiles =>
  historyFiles({
    dir,
    trim: (lines) => {
      trimmed += 1;
      return trim(lines);
    },
    log: { line: (text) => told.push(text) },
  });

test('a file of 64 KiB stays as it is, and one byte more is trimmed', () => {
  const line = 'x'.repeat(MOST - 1);
  files().append('web', [line]);
  expect([trimmed, statSync(join(dir, 'web')).size]).toEqual([0, MOST]);
  files((lines) => lines.slice(-1)).append('web', ['']);
  expect([trimmed, readFileSync(join(dir, 'web'), 'utf8')]).toEqual([1, '']);
});

test('where trimming leaves too much, the oldest quarter gives way until 48 kB are left', () => {
  const lines = Array.from({ length: 66 }, (_, at) => `${at}`.padStart(2, '0').padEnd(999, 'x'));
  files().append('web', lines);
  // 66 lines, then 49: these are 49,000 bytes.
  expect(files().read('web')).toEqual(lines.slice(-49));
  expect(trimmed).toBe(1);
  expect(readdirSync(dir)).toEqual(['web']);
  expect(statSync(join(dir, 'web')).mode & 0o777).toBe(0o600);
});

test('what a crash has left of an earlier trimming is no part of the history', () => {
  files().append('web', ['one']);
  writeFileSync(join(dir, '.web'), 'y'.repeat(MOST));
  files(() => ['kept']).append('web', ['x'.repeat(MOST)]);
  expect([files().read('web'), readdirSync(dir)]).toEqual([['kept'], ['web']]);
});

test('what is left after trimming is measured in bytes, not in letters', () => {
  const lines = Array.from({ length: 66 }, (_, at) => `${`${at}`.padStart(3, '0')}${'ü'.repeat(498)}`);
  files().append('web', lines);
  // As above 66 lines of 1,000 bytes, of which 49 stay.
  expect(files().read('web')).toEqual(lines.slice(-49));
  files().append('web', ['one more']);
  expect(trimmed).toBe(1);
});

test('trimmed lines of exactly three quarters of the size all stay', () => {
  const most = Array.from({ length: 48 }, (_, at) => `${at}`.padStart(2, '0').padEnd(1023, 'x'));
  const trim = (): readonly string[] => [...most.slice(0, -1), `${most.at(-1)}x`];
  files(trim).append('web', ['y'.repeat(MOST)]);
  expect(files().read('web')).toEqual(trim());
});

test('only the beginning is read of a file that somebody else has made long', () => {
  files().append('web', ['one']);
  writeFileSync(join(dir, 'web'), `${'x'.repeat(99)}\n`.repeat(10_000));
  const lines = files().read('web');
  expect(lines.join('\n').length).toBe(4 * MOST - Math.floor((4 * MOST) / 100) + lines.length - 1);
});

test('a missing file and folder are an empty history, and nothing to be told', () => {
  const history = files();
  expect(history.read('web')).toEqual([]);
  history.remove('web');
  expect([existsSync(dir), told]).toEqual([false, []]);
  history.append('web', ['one']);
  rmSync(dir, { recursive: true });
  history.append('web', ['two']);
  expect([history.read('web'), told]).toEqual([['two'], []]);
});

test('the first refusal is reported with the name of the job, further ones are not', () => {
  mkdirSync(join(dir, 'web'), { recursive: true });
  const history = files();
  history.append('web', ['one']);
  expect(history.read('web')).toEqual([]);
  expect(told).toEqual([
    `history of web: ${join(dir, 'web')} is a folder, not a regular file: move it away; ` +
      'what the disk refuses of it is lost',
  ]);
});

test('a mistake of ours is no refusal of the disk', () => {
  const history = files(() => {
    throw new TypeError('a bug in trim');
  });
  expect(() => history.append('web', ['x'.repeat(MOST)])).toThrow('a bug in trim');
  expect(told).toEqual([]);
});

test('neither success nor refusal leaves a descriptor open', () => {
  const history = files();
  for (const name of ['web', 'other']) history.append(name, ['x'.repeat(MOST), 'y']);
  history.read('web');
  mkdirSync(join(dir, 'folder'));
  history.append('folder', ['x']);
  expect(openBelow(dir)).toEqual([]);
});

test('an empty line is no entry, and lines keep their order and their letters', () => {
  const history = files();
  history.append('web', ['one', '', 'zwei ü']);
  history.append('web', []);
  history.append('web', ['three']);
  expect(history.read('web')).toEqual(['one', 'zwei ü', 'three']);
  expect(readFileSync(join(dir, 'web'), 'utf8')).toBe('one\n\nzwei ü\nthree\n');
});
