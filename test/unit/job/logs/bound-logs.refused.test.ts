import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { realDisk } from '../../../../src/files/disk.ts';
import { boundRotated } from '../../../../src/job/logs/bound-logs.ts';
import { rotateByRename, rotateLog } from '../../../../src/job/logs/rotate-log.ts';
import { newFolder } from '../../../support/new-folder.ts';

const refusal = Object.assign(new Error('EIO: i/o error'), { code: 'EIO', syscall: 'rm' });
const KEPT = 4;

let log: string;
beforeEach(() => {
  log = join(newFolder(), 'web.log');
});

const lines = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, at) => `line ${String(from + at).padStart(3, '0')}\n`).join('');
const LINE = lines(0, 1).length;

/** Older logs with ten lines each, the oldest first, and then the log. */
const write = (text: string): void => {
  for (let at = KEPT; at > 0; at -= 1)
    writeFileSync(`${log}.${at}`, lines((KEPT - at) * 10, (KEPT - at + 1) * 10));
  writeFileSync(log, text);
};
const whole = (): string =>
  [4, 3, 2, 1]
    .map((at) => `${log}.${at}`)
    .concat(log)
    .map((path) => (existsSync(path) ? readFileSync(path, 'utf8') : ''))
    .join('');
/** A disk that does not remove one of the older logs. */
const keeping = (at: number): typeof realDisk => ({
  ...realDisk,
  rmSync: (path, options) => {
    if (path === `${log}.${at}`) throw refusal;
    realDisk.rmSync(path, options);
  },
});

test.each([1, 2, 3, 4])(
  'a burst is rotated only when log %d, which is older, could be dropped',
  async (at) => {
    write(lines(40, 200));
    const rotation = await rotateLog({
      path: log,
      keep: KEPT,
      maxBytes: 10 * LINE,
      mode: 'truncate',
      pgid: null,
      disk: keeping(at),
    });
    expect(rotation).toMatchObject({ ok: false, reason: 'disk' });
    // Older than what could not be dropped nothing need be left.
    expect(whole()).toBe(lines((KEPT - at) * 10, 200));
  },
);

test.each([2, 3, 4])('a long log is not cut while log %d, which is older, cannot be dropped', async (at) => {
  write('');
  writeFileSync(`${log}.1`, lines(30, 100));
  await boundRotated(log, { keep: 2, maxBytes: 10 * LINE }, keeping(at));
  expect(whole()).toBe(lines((KEPT - at) * 10, 100));
});

test.each([2, 3, 4])('of logs beyond `keep` the oldest go first, up to log %d that stays', (at) => {
  write('');
  expect(rotateByRename(log, 1, keeping(at)).ok).toBe(false);
  expect(whole()).toBe(lines((KEPT - at) * 10, KEPT * 10));
});
