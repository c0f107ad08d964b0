import { mkdirSync, renameSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LogTail, type Chunk } from '../../../../src/cli/logs/log-tail.ts';
import { answering, run } from '../../../support/fake-cli.ts';
import { HOMES } from '../../../support/fake-client.ts';
import { newFolder } from '../../../support/new-folder.ts';

const HOUR = 3_600_000;
/** The time of the world in which the command runs. */
const DAY = Date.UTC(2026, 0, 2);

/** Logs that were last written at these hours before that time; a rotated one ends within a line. */
function logsIn(files: Readonly<Record<string, readonly [text: string, hoursAgo: number]>>) {
  const data = newFolder();
  const dir = join(data, 'logs');
  mkdirSync(dir);
  for (const [name, [text, hoursAgo]] of Object.entries(files)) {
    writeFileSync(join(dir, name), text);
    const at = new Date(DAY - hoursAgo * HOUR);
    utimesSync(join(dir, name), at, at);
  }
  return { dir, homes: { ...HOMES, data } };
}

const FILES = {
  'web.log': ['late 3\n', 1],
  'web.log.1': ['mid 2\nunfin', 3],
  'web.log.2': ['old 1\n', 5],
  'db.log': ['late\n', 2],
} as const;

test.each([
  ['logs --grep [eoi]', 'web | old 1\nweb | mid 2\nweb | unfinlate 3\ndb  | late\n'],
  ['logs web --grep old', 'old 1\n'],
  ['logs', 'web | old 1\nweb | mid 2\nweb | unfinlate 3\ndb  | late\n'],
  ['logs --until 4h', 'web | old 1\n'],
])('`%s` shows lines of rotated logs with their own times, also one that was cut', async (line, out) => {
  const { homes } = logsIn(FILES);
  expect(await run(line, answering(null), { homes })).toEqual({ code: 0, out, err: '' });
});

test('`logs -t` says when a line was written that began in a log that is read to its end', async () => {
  const { homes } = logsIn(FILES);
  const { code, out } = await run('logs web -t --json', answering(null), { homes });
  const times = out
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { at: string }).at);
  expect([code, times]).toEqual([0, [5, 3, 3].map((hours) => new Date(DAY - hours * HOUR).toISOString())]);
});

test('the time of each line can be asked for when its log was renamed and has been read', () => {
  const { dir } = logsIn({ 'web.log': ['one\n', 5] });
  const log = join(dir, 'web.log');
  const tail = new LogTail(log);
  tail.begin({ lines: 10, since: -Infinity });
  tail.follow();
  const chunks: Chunk[] = [];
  const readAll = (): void => {
    for (let chunk = tail.next(); chunk !== null; chunk = tail.next()) chunks.push(chunk);
  };
  readAll();
  renameSync(log, `${log}.1`);
  writeFileSync(log, 'two\n');
  utimesSync(log, new Date(DAY), new Date(DAY));
  readAll();
  expect(chunks.map(({ bytes, timeAt }) => [bytes.toString(), timeAt(0).at])).toEqual([
    ['one\n', DAY - 5 * HOUR],
    ['two\n', DAY],
  ]);
  tail.end();
});
