import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { historyFiles, type HistoryFiles } from '../../../src/state/history-files.ts';
import { openBelow } from '../../support/open-files.ts';

let dir: string;
let lines: string[];
beforeEach(() => {
  dir = join(mkdtempSync(join(tmpdir(), 'overseer-history-')), 'history');
  lines = [];
});
afterEach(() => rmSync(join(dir, '..'), { recursive: true, force: true }));

const files = (): HistoryFiles =>
  historyFiles({ dir, trim: (all) => all.slice(-3), log: { line: (text) => lines.push(text) } });

test('lines of a history are read back in their order, by the next daemon as well', () => {
  files().append('web', ['one', 'two']);
  files().append('web', ['three']);
  files().append('other', ['else']);
  expect(files().read('web')).toEqual(['one', 'two', 'three']);
  expect(statSync(dir).mode & 0o777).toBe(0o700);
  files().remove('web');
  expect([files().read('web'), files().read('other')]).toEqual([[], ['else']]);
});

test('a file that has become too long is rewritten with the lines that stay', () => {
  const line = 'x'.repeat(1000);
  for (let count = 0; count < 70; count += 1) files().append('web', [`${count} ${line}`]);
  const numbers = files()
    .read('web')
    .map((each) => Number(each.split(' ')[0]));
  expect(numbers.length).toBeLessThan(20);
  expect(numbers.at(-1)).toBe(69);
  expect(statSync(join(dir, 'web')).size).toBeLessThanOrEqual(64 * 1024);
});

test('all that is to be remembered stays each time that a file is written anew', () => {
  // The history keeps this many lines of each job: 100 changes and 20 runs.
  const remembering = historyFiles({ dir, trim: (all) => all.slice(-120), log: { line: () => undefined } });
  for (let count = 1; count <= 500; count += 1) {
    remembering.append('web', [`${count} ${'x'.repeat(320)}`]);
    const numbers = remembering.read('web').map((each) => Number(each.split(' ')[0]));
    const last = Array.from({ length: Math.min(count, 120) }, (_, at) => count - at).toReversed();
    expect(numbers.slice(-120)).toEqual(last);
  }
});

test('the line after one that was cut short stands in a line of its own', () => {
  files().append('web', ['one']);
  writeFileSync(join(dir, 'web'), 'one\ntw', { flag: 'w' });
  files().append('web', ['three']);
  expect(readFileSync(join(dir, 'web'), 'utf8')).toBe('one\ntw\nthree\n');
});

test('no file of a history stays open, however often it is written anew', () => {
  for (let count = 0; count < 140; count += 1) files().append('web', [`${count} ${'x'.repeat(1_000)}`]);
  files().read('web');
  expect(openBelow(realpathSync(dir))).toEqual([]);
});

test('a line that the disk refuses is lost, which is said once', () => {
  mkdirSync(dir);
  mkdirSync(join(dir, 'web'));
  const refused = files();
  refused.append('web', ['one']);
  refused.append('web', ['two']);
  expect([refused.read('web'), lines.length]).toEqual([[], 1]);
  chmodSync(dir, 0o700);
});
