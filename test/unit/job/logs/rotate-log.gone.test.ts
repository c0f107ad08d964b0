import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { rotateLog } from '../../../../src/job/logs/rotate-log.ts';
import { thisOs } from '../../../../src/os/this-os.ts';

let folder: string;
let log: string;

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'overseer-rotate-'));
  log = path.join(folder, 'web.log');
});

afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

test('T-1071 a group that may not be the job’s is not paused, and its log is not rotated', async () => {
  fs.writeFileSync(log, 'one\n');
  const group = (): never => {
    throw new Error('the group was looked at');
  };
  const rotation = await rotateLog(
    { path: log, keep: 1, mode: 'pause', pgid: process.ppid, isOurs: () => false },
    { later: { ...thisOs().later, group } },
  );
  expect(rotation).toMatchObject({ ok: false, reason: 'overtaken' });
  expect(fs.readdirSync(folder).map((file) => fs.readFileSync(path.join(folder, file), 'utf8'))).toEqual([
    'one\n',
  ]);
});

test('a log is not rotated if its group was not certainly the job’s for a moment', async () => {
  fs.writeFileSync(log, 'one\n');
  const answers = [true, false];
  const rotation = await rotateLog({
    path: log,
    keep: 1,
    mode: 'pause',
    pgid: process.ppid,
    isOurs: () => answers.shift() ?? true,
    pause: async ({ isOurs }) =>
      isOurs?.() === true ? { kind: 'refused', message: 'paused' } : { kind: 'gone' },
  });
  expect(rotation).toMatchObject({ ok: false, reason: 'overtaken' });
  expect(answers).toEqual([]);
});

test.each([
  ['folder', () => fs.mkdirSync(log)],
  ['device', () => fs.symlinkSync('/dev/zero', log)],
])('a log that has become a %s is not rotated, and nothing hangs', async (_kind, put) => {
  put();
  expect(await rotateLog({ path: log, keep: 1, mode: 'truncate', pgid: null })).toMatchObject({
    ok: false,
    reason: 'disk',
  });
});
