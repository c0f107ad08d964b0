import { appendFileSync, mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LogTails, followLogs } from '../../../../../src/cli/logs/print-logs.ts';
import { answering, KeptOutput, run } from '../../../../support/fake-cli.ts';
import { fakePorts, fakeWorld, HOMES } from '../../../../support/fake-client.ts';
import { newFolder } from '../../../../support/new-folder.ts';
import { job, statusOf } from '../../../../support/sample-replies.ts';
import { until } from '../../../../support/until.ts';
import type { Reply } from '../../../../../src/wire/messages.ts';

/** The time of the world in which the command runs. */
const DAY = Date.UTC(2026, 0, 2);
const HOUR = 3_600_000;

function logsIn(files: Readonly<Record<string, string>>, config = '') {
  const data = newFolder();
  const dir = join(data, 'logs');
  mkdirSync(dir);
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(dir, name), text);
    utimesSync(join(dir, name), new Date(DAY), new Date(DAY));
  }
  writeFileSync(join(data, 'overseer.toml'), config);
  return { dir, homes: { ...HOMES, data, config: join(data, 'overseer.toml') } };
}

interface Following {
  readonly out: KeptOutput;
  readonly err: KeptOutput;
  readonly stop: () => Promise<number>;
}

function follow(line: string, homes: typeof HOMES, reply: Reply | null = null): Following {
  const [out, err] = [new KeptOutput(), new KeptOutput()];
  const controller = new AbortController();
  const ended = run(line, answering(reply), { homes, out, err, interruption: () => controller.signal });
  return {
    out,
    err,
    stop: async () => {
      controller.abort();
      return (await ended).code;
    },
  };
}

const TABLE = (name: string): string => `[[jobs]]\nname = "${name}"\njob_command = "x"\nstop_timeout = 1\n`;

test('logs -f --until ends with Ctrl-C too, and then shows a line without its end', async () => {
  const { homes } = logsIn({ 'web.log': 'a\nunfinished', 'db.log': 'b\n' });
  const { out, stop } = follow(`logs -f --until ${new Date(DAY + 10_000 * HOUR).toISOString()}`, homes);
  await until(() => out.text.includes('b'));
  expect(await stop()).toBe(0);
  expect(out.text).toBe('db  | b\nweb | a\nweb | unfinished\n');
});

test('logs -f says at first which logs cannot be shown', async () => {
  const { homes } = logsIn({ 'db.log': 'b\n' });
  const { out, err, stop } = follow(
    'logs -f',
    homes,
    statusOf(job({ name: 'web', pid: 42 }), job({ name: 'db' })),
  );
  await until(() => out.text !== '');
  expect(await stop()).toBe(0);
  expect(err.text).toMatch(/^overseer: the log of web was deleted/);
});

test('logs -f shows a job that is new, though neither the config nor the daemon knew it', async () => {
  const { homes, dir } = logsIn({ 'web.log': 'a\n', 'old.log': 'o\n' }, TABLE('web'));
  const { out, stop } = follow('logs -f', homes);
  await until(() => out.text.includes('a\n'));
  writeFileSync(join(dir, 'new.log'), 'n\n');
  appendFileSync(join(dir, 'old.log'), 'more\n');
  await until(() => out.text.includes('n\n'));
  expect([await stop(), out.text]).toEqual([0, 'web | a\nnew | n\n']);
});

test('a log that its user has linked to /dev/null is empty, and no trouble', async () => {
  const { homes, dir } = logsIn({ 'db.log': 'b\n' });
  symlinkSync('/dev/null', join(dir, 'web.log'));
  expect(await run('logs', answering(null), { homes })).toEqual({ code: 0, out: 'db  | b\n', err: '' });
});

test('names of jobs that have printed nothing have their room in the column as well', async () => {
  const { homes } = logsIn({ 'db.log': 'b\n' }, TABLE('db') + TABLE('quiet-one'));
  expect((await run('logs db quiet-one', answering(null), { homes })).out).toBe('db        | b\n');
});

test('logs --since shows all lines since then unless -n says how many', async () => {
  const lines = Array.from({ length: 30 }, (_, at) => `line ${at}\n`).join('');
  const { homes } = logsIn({ 'web.log': lines });
  const shown = async (line: string): Promise<number> =>
    (await run(line, answering(null), { homes })).out.split('\n').length - 1;
  expect([
    await shown('logs web'),
    await shown('logs web --since 1h'),
    await shown('logs web --since 1h -n 2'),
  ]).toEqual([20, 30, 2]);
});

test('--until includes what was written at that very time', async () => {
  const { homes } = logsIn({ 'web.log': 'a\nb\n', 'web.log.idx': `${DAY - HOUR} 2\n${DAY} 4\n` });
  const shown = async (time: number): Promise<string> =>
    (await run(`logs web --until ${new Date(time).toISOString()}`, answering(null), { homes })).out;
  expect([await shown(DAY - HOUR), await shown(DAY - HOUR - 1), await shown(DAY)]).toEqual([
    'a\n',
    '',
    'a\nb\n',
  ]);
});

test('a job that prints much leaves others their turn, and no log is read without a reader', async () => {
  const huge = `${'x'.repeat(4_000_000)}\n`;
  const { dir } = logsIn({ 'a.log': '', 'b.log': '' });
  const wanted = { dir, tail: { lines: 0, since: -Infinity }, names: () => ['a', 'b'] };
  const told: string[] = [];
  let leavesAfter = Infinity;
  const sink = {
    write: (name: string) => (told.push(name), Promise.resolve(told.length < leavesAfter)),
    flush: () => (told.push('flush'), Promise.resolve(true)),
  };
  const tails = new LogTails(wanted, sink);
  for (const name of ['a.log', 'b.log']) appendFileSync(join(dir, name), huge);
  expect(await tails.print(0)).toBe(true);
  expect([told.indexOf('b') < 20, told.filter((each) => each === 'a').length, told.at(-1)]).toEqual([
    true,
    told.filter((each) => each === 'b').length,
    'flush',
  ]);
  told.length = 0;
  leavesAfter = 2;
  expect(await tails.print(0)).toBe(false);
  expect(told).toEqual(['a', 'a']);
  tails.end();
  const { clock } = fakePorts(fakeWorld());
  told.length = 0;
  leavesAfter = 1;
  const interrupted = new AbortController().signal;
  await followLogs({ ...wanted, tail: { lines: 9, since: -Infinity } }, sink, { clock, interrupted });
  expect(told).toEqual(['a']);
});
