import { execFileSync } from 'node:child_process';
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { answering, run, type Outcome } from '../../../../support/fake-cli.ts';
import { HOMES } from '../../../../support/fake-client.ts';
import { newFolder } from '../../../../support/new-folder.ts';
import { job, statusOf } from '../../../../support/sample-replies.ts';
import type { Reply } from '../../../../../src/wire/messages.ts';

const NO_DAEMON = null;
/** The time of the world in which the command runs. */
const DAY = Date.UTC(2026, 0, 2);
const HOUR = 3_600_000;

interface Given {
  readonly config?: string;
  readonly reply?: Reply | null;
}

/** Logs in a folder of their own, and a config. */
function logsIn(files: Readonly<Record<string, string>>, config = '') {
  const data = newFolder();
  const logs = join(data, 'logs');
  mkdirSync(logs);
  // Logs that were written at the same time are shown in the order of their names.
  const written = new Date(DAY);
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(logs, name), text);
    utimesSync(join(logs, name), written, written);
  }
  writeFileSync(join(data, 'overseer.toml'), config);
  return { logs, homes: { ...HOMES, data, config: join(data, 'overseer.toml') } };
}

const logs = (
  words: string,
  files: Readonly<Record<string, string>>,
  { config, reply = NO_DAEMON }: Given = {},
): Promise<Outcome> => run(`logs ${words}`, answering(reply), { homes: logsIn(files, config).homes });

const TABLE = (name: string, more = ''): string =>
  `[[jobs]]\nname = "${name}"\njob_command = "x"\nstop_timeout = 1\n${more}\n`;

test.each([
  ['-n some', '-n wants a number of lines, not some'],
  ['-n 1.5', '-n wants a number of lines, not 1.5'],
  ['--since soon', '--since wants a time such as 10m, 14:30, 2026-01-31 or 2026-01-31T14:30, not soon'],
  ['--until x', '--until wants a time such as 10m, 14:30, 2026-01-31 or 2026-01-31T14:30, not x'],
  ['--grep (', '--grep: Invalid regular expression: /(/: Unterminated group'],
  ['web --all', 'name jobs or say --all, not both'],
])('logs %s is refused', async (words, message) => {
  const { code, out, err } = await logs(words, { 'web.log': 'a\n' });
  expect([code, out, err.split('\n')[0]]).toEqual([64, '', `overseer: ${message}`]);
});

test('logs --grep shows the last lines that match, of each log as many as are wanted', async () => {
  const files = { 'web.log': 'Error 1\nfine\nError 2\nError 3\nfine\n', 'db.log': 'error 4\nfine\n' };
  expect((await logs('web --grep Error -n 2', files)).out).toBe('Error 2\nError 3\n');
  expect((await logs('--grep [Ee]rror -n 1', files)).out).toBe('db  | error 4\nweb | Error 3\n');
  expect((await logs('web --grep nothing', files)).out).toBe('');
});

test('logs --since and --until show what was written between these times', async () => {
  const files = {
    'web.log': 'night\nmorning\nnoon\n',
    'web.log.idx': `${DAY - 20 * HOUR} 6\n${DAY - 3 * HOUR} 14\n${DAY - HOUR} 19\n`,
  };
  const shown = async (words: string): Promise<string> =>
    (await logs(`web ${words}`, files)).out.replaceAll('\n', ' ');
  expect([
    await shown('--since 5h'),
    await shown('--until 2h'),
    await shown('--since 5h --until 2h'),
    await shown('--until 30h'),
    await shown('--since 5h -n 1'),
  ]).toEqual(['morning noon ', 'night morning ', 'morning ', '', 'noon ']);
});

test('logs without names leave out the logs of jobs that are in no config any more', async () => {
  const files = { 'web.log': 'a\n', 'old.log': 'b\n', 'new.log': 'c\n' };
  const config = TABLE('web');
  expect((await logs('', files, { config })).out).toBe('web | a\n');
  expect((await logs('--all', files, { config, reply: statusOf(job({ name: 'new' })) })).out).toBe(
    'new | c\nweb | a\n',
  );
  expect((await logs('old', files, { config })).out).toBe('b\n');
  expect((await logs('', files)).out).toBe('new | c\nold | b\nweb | a\n');
});

test('logs of a pattern or a tag have names, also where only one job has it', async () => {
  const files = { 'web.log': 'a\n', 'db.log': 'b\n' };
  const config = TABLE('web', 'tags = ["front"]') + TABLE('db');
  expect((await logs('tag:front', files, { config })).out).toBe('web | a\n');
  expect((await logs('d*', files, { config })).out).toBe('db | b\n');
});

test('logs of a job that has printed nothing yet are empty, and of one that is unknown refused', async () => {
  const config = TABLE('quiet');
  expect(await logs('quiet', {}, { config })).toEqual({ code: 0, out: '', err: '' });
  expect(await logs('quite', {}, { config })).toEqual({
    code: 4,
    out: '',
    err: 'overseer: no such job and no log of one: quite: did you mean "quiet"?\n',
  });
  expect((await logs('web all', { 'web.log': '' })).code).toBe(4);
});

test('logs say that the log of a running job was deleted, which is exit code 1', async () => {
  const running = job({ name: 'web', pid: 42 });
  expect(await logs('web', {}, { reply: statusOf(running) })).toEqual({
    code: 1,
    out: '',
    err:
      'overseer: the log of web was deleted: what it prints is lost until `overseer restart web` begins ' +
      'a new log\n',
  });
  expect((await logs('', {}, { reply: statusOf(running, job({ name: 'down' })) })).err).toMatch(
    /^overseer: the log of web was deleted[^\n]*\n$/,
  );
  expect((await logs('', { 'web.log': 'a\n' }, { reply: statusOf(running) })).code).toBe(0);
});

test('logs say what stands in place of a log, beside those that can be read', async () => {
  const { logs: dir, homes } = logsIn({ 'db.log': 'b\n' });
  mkdirSync(join(dir, 'web.log'));
  execFileSync('mkfifo', [join(dir, 'fifo.log')]);
  const { code, out, err } = await run('logs', answering(NO_DAEMON), { homes });
  expect([code, out]).toEqual([1, 'db   | b\n']);
  expect(err.split('\n').slice(0, -1)).toEqual([
    expect.stringMatching(/^overseer: .*fifo\.log/),
    expect.stringMatching(/^overseer: .*web\.log/),
  ]);
});

test('logs -f ends at the time up to which lines are wanted, at once where that is past', async () => {
  const { logs: dir, homes } = logsIn({ 'web.log': 'a\n' });
  utimesSync(join(dir, 'web.log'), (DAY - 2 * HOUR) / 1000, (DAY - 2 * HOUR) / 1000);
  for (const until of [new Date(DAY + 5_000).toISOString(), '1h'])
    expect(await run(`logs web -f --until ${until}`, answering(NO_DAEMON), { homes })).toEqual({
      code: 0,
      out: 'a\n',
      err: '',
    });
});
