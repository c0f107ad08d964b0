import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { beginOfLast, boundRotated } from '../../../../src/job/logs/bound-logs.ts';
import { newFolder } from '../../../support/new-folder.ts';

let folder: string;
let log: string;
beforeEach(() => {
  folder = newFolder();
  log = join(folder, 'web.log');
});

const lines = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, at) => `line ${String(from + at).padStart(3, '0')}\n`).join('');
const LINE = 9;
const has = (at: number, text: string): void => writeFileSync(`${log}.${at}`, text);
const sizes = (): Readonly<Record<string, number>> =>
  Object.fromEntries(readdirSync(folder).map((name) => [name, statSync(join(folder, name)).size / LINE]));

test('rotated logs of the usual length are kept, as many as are asked for', async () => {
  for (const at of [1, 2, 3, 4]) has(at, lines(0, 10));
  writeFileSync(`${log}.4.idx`, '');
  await boundRotated(log, { keep: 3, maxBytes: 10 * LINE });
  expect(sizes()).toEqual({ 'web.log.1': 10, 'web.log.2': 10, 'web.log.3': 10 });
});

test('a log that is longer than all that may be kept keeps its last lines, with their times', async () => {
  has(1, lines(0, 100));
  chmodSync(`${log}.1`, 0o640);
  writeFileSync(`${log}.1.idx`, `1000 ${10 * LINE}\n2000 ${95 * LINE}\n`);
  await boundRotated(log, { keep: 2, maxBytes: 10 * LINE });
  // One line less than fits: what is kept begins at a line's beginning.
  expect(readFileSync(`${log}.1`, 'utf8')).toBe(lines(81, 100));
  expect([statSync(`${log}.1`).mode & 0o777, readFileSync(`${log}.1.idx`, 'utf8')]).toEqual([
    0o640,
    `2000 ${14 * LINE}\n`,
  ]);
  expect(readdirSync(folder).toSorted()).toEqual(['web.log.1', 'web.log.1.idx']);
});

test('older logs go although a rotation that was broken off left a number without a log', async () => {
  has(1, lines(0, 30));
  has(3, lines(0, 10));
  writeFileSync(`${log}.3.idx`, '');
  await boundRotated(log, { keep: 3, maxBytes: 10 * LINE });
  expect(sizes()).toEqual({ 'web.log.1': 30 });
});

test('a long log takes the room of older ones', async () => {
  has(1, lines(0, 10));
  has(2, lines(0, 25));
  has(3, lines(0, 30));
  await boundRotated(log, { keep: 4, maxBytes: 10 * LINE });
  expect(sizes()).toEqual({ 'web.log.1': 10, 'web.log.2': 25, 'web.log.3': 9 });
  has(4, lines(0, 10));
  await boundRotated(log, { keep: 3, maxBytes: 10 * LINE });
  expect(sizes()).toEqual({ 'web.log.1': 10, 'web.log.2': 25 });
});

test('what is in the place of a rotated log stays, and is no failure', async () => {
  mkdirSync(`${log}.1`);
  writeFileSync(join(`${log}.1`, 'mine'), 'x');
  await boundRotated(log, { keep: 0, maxBytes: LINE });
  expect(existsSync(join(`${log}.1`, 'mine'))).toBe(true);
});

test('the newest part of a log begins at the beginning of a line, if there is one in it', async () => {
  const begin = async (text: string, bytes: number): Promise<number> => {
    writeFileSync(log, text);
    const file = await open(log);
    try {
      return await beginOfLast(file, bytes);
    } finally {
      await file.close();
    }
  };
  expect([
    await begin('ab\ncd\nef\n', 9),
    await begin('ab\ncd\nef\n', 100),
    await begin('ab\ncd\nef\n', 8),
    await begin('ab\ncd\nef\n', 4),
    await begin('abcdefgh', 3),
    await begin('ab\ncdefg\n', 3),
  ]).toEqual([0, 0, 3, 6, 5, 6]);
});
