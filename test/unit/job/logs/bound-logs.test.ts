import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { rotateLog } from '../../../../src/job/logs/rotate-log.ts';

let folder: string;
let log: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'overseer-bound-'));
  log = path.join(folder, 'web.log');
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

const lines = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, index) => `line ${String(from + index).padStart(4, '0')}\n`).join('');
const LINE = lines(0, 1).length;
const content = (): Record<string, string> =>
  Object.fromEntries(
    fs.readdirSync(folder).map((name) => [name, fs.readFileSync(path.join(folder, name), 'utf8')]),
  );
const rotate = (text: string, keep = 3): ReturnType<typeof rotateLog> => {
  fs.appendFileSync(log, text);
  return rotateLog({ path: log, keep, maxBytes: 10 * LINE, mode: 'truncate', pgid: null });
};

test('a burst counts for as many older logs as it is long, and its oldest lines are dropped', async () => {
  await rotate(lines(0, 15));
  await rotate(lines(15, 34));
  await rotate(lines(34, 53));
  expect(content()).toEqual({
    'web.log': '',
    'web.log.1': lines(34, 53),
    'web.log.2': lines(15, 34),
    'web.log.3': lines(0, 15),
  });
  expect(await rotate(lines(53, 78))).toMatchObject({ ok: true, bytes: 25 * LINE });
  expect(content()).toEqual({ 'web.log': '', 'web.log.1': lines(53, 78), 'web.log.2': lines(34, 53) });
  await rotate(lines(78, 1000));
  // All that is older than what was dropped goes too.
  expect(content()).toEqual({ 'web.log': '', 'web.log.1': lines(971, 1000) });
});

test('a burst leaves no gap where an earlier rotation was broken off between two renames', async () => {
  await rotate(lines(0, 15));
  fs.renameSync(`${log}.1`, `${log}.2`);
  await rotate(lines(15, 200));
  expect(content()).toEqual({ 'web.log': '', 'web.log.1': lines(171, 200) });
});

test('the lines that remain after a burst keep their times', async () => {
  fs.writeFileSync(`${log}.idx`, `1000 ${5 * LINE}\n2000 ${72 * LINE}\n3000 ${100 * LINE}\n`);
  await rotate(lines(0, 100));
  // One line less than fits: what is kept begins at a line's beginning.
  expect(content()).toEqual({
    'web.log': '',
    'web.log.1': lines(71, 100),
    'web.log.1.idx': `2000 ${1 * LINE}\n3000 ${29 * LINE}\n`,
  });
});
