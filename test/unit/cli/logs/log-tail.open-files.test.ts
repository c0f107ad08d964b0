import { appendFileSync, copyFileSync, mkdirSync, renameSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lastLines } from '../../../../src/cli/logs/last-lines.ts';
import { openLog } from '../../../../src/cli/logs/log-file.ts';
import { LogTail } from '../../../../src/cli/logs/log-tail.ts';
import { logTrouble } from '../../../../src/cli/logs/log-trouble.ts';
import { answering, KeptOutput, run } from '../../../support/fake-cli.ts';
import { HOMES } from '../../../support/fake-client.ts';
import { newFolder } from '../../../support/new-folder.ts';
import { openBelow } from '../../../support/open-files.ts';

// Only Linux lists the open files of a process.
const onLinux = process.platform === 'linux' ? test : test.skip;

/** A data folder with the logs of two jobs, one of them rotated twice. */
function withLogs(): { readonly homes: typeof HOMES; readonly dir: string; readonly log: string } {
  const data = newFolder();
  const dir = join(data, 'logs');
  mkdirSync(dir);
  writeFileSync(join(dir, 'db.log'), 'one\n');
  for (const [at, ending] of ['', '.1', '.2'].entries())
    writeFileSync(join(dir, `web.log${ending}`), `a ${at}\nb ${at}\n`);
  return { homes: { ...HOMES, data }, dir, log: join(dir, 'web.log') };
}

const rename = (path: string): void => {
  renameSync(`${path}.1`, `${path}.2`);
  renameSync(path, `${path}.1`);
  writeFileSync(path, '');
};
const copy = (path: string): void => {
  renameSync(`${path}.1`, `${path}.2`);
  copyFileSync(path, `${path}.rotating`);
  renameSync(`${path}.rotating`, `${path}.1`);
  truncateSync(path);
};
const onlyCopied = (path: string): void => {
  renameSync(`${path}.1`, `${path}.2`);
  copyFileSync(path, `${path}.1`);
};

onLinux.each([
  ['renamed', rename],
  ['copied and emptied', copy],
  ['copied only', onlyCopied],
] as const)('following a log keeps one file open, even after it was %s again and again', (_, rotate) => {
  const { dir, log } = withLogs();
  const tail = new LogTail(log);
  const readAll = (): void => {
    while (tail.next() !== null);
  };
  tail.begin({ lines: 10, since: -Infinity });
  expect(openBelow(dir).length).toBe(3);
  readAll();
  tail.follow();
  for (let round = 0; round < 5; round += 1) {
    appendFileSync(log, `round ${round}\n`);
    rotate(log);
    readAll();
    expect(openBelow(dir)).toEqual([log]);
  }
  tail.end();
  expect(openBelow(dir)).toEqual([]);
});

onLinux('a log of which not everything was read is closed as well, and so is one that begins anew', () => {
  const { dir, log } = withLogs();
  const tail = new LogTail(log);
  for (let round = 0; round < 3; round += 1) tail.begin({ lines: 10, since: -Infinity });
  tail.next();
  tail.end();
  tail.end();
  expect(openBelow(dir)).toEqual([]);
});

onLinux('whatever stands in place of a log, looking at it leaves nothing open', () => {
  const { dir, log } = withLogs();
  expect(lastLines(dir, 'web', 3)).toEqual(['b 1', 'a 0', 'b 0']);
  expect(logTrouble(log)).toBeNull();
  mkdirSync(join(dir, 'folder.log'));
  expect([openLog(join(dir, 'folder.log')), openLog(join(dir, 'none.log'))]).toEqual([null, null]);
  expect(openBelow(dir)).toEqual([]);
});

onLinux.each([
  ['logs', Infinity, 0],
  ['logs --grep a', Infinity, 0],
  ['logs --since 10m', Infinity, 0],
  ['logs -n 1', Infinity, 0],
  ['logs', 3, 0],
  ['logs -f', 3, 0],
  ['logs -f', Infinity, 5],
] as const)('after `%s` (the reader goes at %d) every log is closed', async (line, leavesAfter, ms) => {
  const { homes, dir } = withLogs();
  const controller = new AbortController();
  const out = new KeptOutput({ leavesAfter });
  const ended = run(line, answering(null), { homes, out, interruption: () => controller.signal });
  if (ms > 0) setTimeout(() => controller.abort(), ms);
  expect((await ended).code).toBe(0);
  expect(openBelow(dir)).toEqual([]);
});
