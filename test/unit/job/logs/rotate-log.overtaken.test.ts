import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { rotateByRename, rotateLog, type RotateOptions } from '../../../../src/job/logs/rotate-log.ts';

let folder: string;
let log: string;

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'overseer-log-'));
  log = path.join(folder, 'web.log');
  fs.writeFileSync(log, 'old run\n');
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

const ENDED: Pick<RotateOptions, 'keep' | 'mode' | 'pgid'> = { keep: 3, mode: 'pause', pgid: null };
const OVERTAKEN = { ok: false, reason: 'overtaken' };
const contents = (): Record<string, string> =>
  Object.fromEntries(
    fs.readdirSync(folder).map((name) => [name, fs.readFileSync(path.join(folder, name), 'utf8')]),
  );

/** Another run begins when a rotation asks for the last time whether one has. */
const rotating = (begin: () => void): ReturnType<typeof rotateLog> =>
  rotateLog({
    ...ENDED,
    path: log,
    isOvertaken: () => {
      begin();
      return false;
    },
  });

test('the lines of a log that the next run renames during its rotation are kept once, in order', async () => {
  const rotation = await rotating(() => {
    rotateByRename(log, 3);
    fs.writeFileSync(log, 'new run\n');
  });
  expect(rotation).toMatchObject(OVERTAKEN);
  expect(contents()).toEqual({ 'web.log': 'new run\n', 'web.log.1': 'old run\n' });
});

test('a log that the next run has renamed but not created yet is left alone', async () => {
  expect(await rotating(() => rotateByRename(log, 3))).toMatchObject(OVERTAKEN);
  expect(contents()).toEqual({ 'web.log.1': 'old run\n' });
});

test('a log that the next run goes on with, as where it is a link, is not truncated below it', async () => {
  const rotation = await rotateLog({ ...ENDED, path: log, isOvertaken: () => true });
  expect(rotation).toMatchObject(OVERTAKEN);
  expect(contents()).toEqual({ 'web.log': 'old run\n' });
});
