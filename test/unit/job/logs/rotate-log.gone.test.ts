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

test('a group that is somebody else’s once the log is copied is not paused', async () => {
  fs.writeFileSync(log, 'one\n');
  const group = (): never => {
    throw new Error('the group was looked at');
  };
  const rotation = await rotateLog(
    { path: log, keep: 1, mode: 'pause', pgid: process.ppid, isOurs: () => false },
    { later: { ...thisOs().later, group } },
  );
  expect(rotation).toMatchObject({ ok: true, bytes: 4, pausedMs: 0 });
  expect([log, `${log}.1`].map((file) => fs.readFileSync(file, 'utf8'))).toEqual(['', 'one\n']);
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
