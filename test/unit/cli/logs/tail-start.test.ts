import { closeSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lastLines } from '../../../../src/cli/logs/last-lines.ts';
import { LINE_MAX, lineAfter, tailStart } from '../../../../src/cli/logs/tail-start.ts';
import { newFolder } from '../../../support/new-folder.ts';

/** Calls back with a file that has this content. */
function inFile<T>(content: string, look: (fd: number, size: number) => T): T {
  const path = join(newFolder(), 'log');
  writeFileSync(path, content);
  const fd = openSync(path, 'r');
  try {
    return look(fd, content.length);
  } finally {
    closeSync(fd);
  }
}

test.each<[string, number, number, number]>([
  ['', 3, 0, 0],
  ['a\nb\nc\n', 0, 6, 0],
  ['a\nb\nc\n', 1, 4, 1],
  ['a\nb\nc\n', 2, 2, 2],
  ['a\nb\nc\n', 3, 0, 3],
  ['a\nb\nc\n', 9, 0, 3],
  ['a\nb\nc', 1, 4, 1],
  ['a\nb\nc', 2, 2, 2],
  ['\n\n\n', 2, 1, 2],
  ['\n', 1, 0, 1],
  ['no end', 1, 0, 1],
])('in %j the last %i lines begin at %i', (content, wanted, from, lines) => {
  expect(inFile(content, (fd, size) => tailStart(fd, size, wanted))).toEqual({ from, lines });
});

test('all lines begin at the beginning, without being counted', () => {
  expect(inFile('a\nb\n', (fd, size) => tailStart(fd, size, Infinity))).toEqual({ from: 0, lines: 0 });
});

test('lines are found that lie in several blocks', () => {
  const long = 'x'.repeat(100_000);
  const content = `${long}\n${long}\n${long}\n`;
  expect(inFile(content, (fd, size) => tailStart(fd, size, 2))).toEqual({ from: 100_001, lines: 2 });
  const short = 'y\n'.repeat(100_000);
  expect(inFile(short, (fd, size) => tailStart(fd, size, 70_000))).toEqual({ from: 60_000, lines: 70_000 });
});

test('a line that is too long shows only its end', () => {
  const content = `a\n${'x'.repeat(LINE_MAX + 70_000)}`;
  expect(inFile(content, (fd, size) => tailStart(fd, size, 3))).toEqual({
    from: content.length - LINE_MAX,
    lines: 3,
  });
  const followed = `${content}\nb\n`;
  expect(inFile(followed, (fd, size) => tailStart(fd, size, 2))).toEqual({
    from: followed.length - 2 - LINE_MAX,
    lines: 2,
  });
});

test.each<[string, number, number]>([
  ['ab\ncd\nef', 0, 0],
  ['ab\ncd\nef', -1, 0],
  ['ab\ncd\nef', 1, 3],
  ['ab\ncd\nef', 2, 3],
  ['ab\ncd\nef', 3, 3],
  ['ab\ncd\nef', 4, 6],
  ['ab\ncd\nef', 7, 7],
  ['ab\ncd\nef', 8, 8],
  ['ab\ncd\nef', 99, 8],
])('in %j the first line that begins at or after %i is at %i', (content, offset, from) => {
  expect(inFile(content, (fd, size) => lineAfter(fd, offset, size))).toBe(from);
});

test('a line without an end is cut where it was asked for', () => {
  const content = `${'x'.repeat(LINE_MAX + 200_000)}\n`;
  expect(inFile(content, (fd, size) => lineAfter(fd, 10, size))).toBe(10);
  expect(inFile(`${'x'.repeat(100_000)}\ny`, (fd, size) => lineAfter(fd, 10, size))).toBe(100_001);
});

test('the last lines of a log are texts, and none where there is no log', () => {
  const dir = newFolder();
  writeFileSync(join(dir, 'web.log'), 'one\ntwo\nthree\n');
  writeFileSync(join(dir, 'empty.log'), '');
  writeFileSync(join(dir, 'open.log'), 'one\ntwo');
  writeFileSync(join(dir, 'long.log'), 'é'.repeat(100_000));
  expect([
    lastLines(dir, 'web', 2),
    lastLines(dir, 'web', 9),
    lastLines(dir, 'empty', 2),
    lastLines(dir, 'none', 2),
    lastLines(dir, 'open', 1),
  ]).toEqual([['two', 'three'], ['one', 'two', 'three'], [], [], ['two']]);
  writeFileSync(join(dir, 'blank.log'), 'one  \n\n\n');
  expect([lastLines(dir, 'blank', 2), lastLines(dir, 'blank', 9)]).toEqual([
    ['', ''],
    ['one  ', '', ''],
  ]);
  expect(lastLines(dir, 'long', 1)[0]?.length).toBe(32 * 1024);
});
