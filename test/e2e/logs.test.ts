import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { awaited, ended, fixture, within } from './support/home.ts';
import { home } from './support/fresh-home.ts';
import { job, program } from './support/sleeps.ts';
import { codes } from './support/codes.ts';
import { logged } from './support/logged.ts';

test('T-39 logs prints the last lines as they are, of one log or several', async () => {
  const says = (name: string, text: string): string =>
    program(name, `{ exe = "sh", args = ["-c", "${text}; exec sleep 1000"] }`);
  home.write(
    'jobs.toml',
    says('web', 'for i in 1 2 3; do echo w$i; done') + says('api', 'echo a1; printf a2') + job('mute'),
  );
  await home.overseer();
  await logged('web', 'w3');
  await logged('api', 'a2');
  expect(await home.overseer('logs', 'web')).toEqual({ code: 0, stdout: 'w1\nw2\nw3\n', stderr: '' });
  expect((await home.overseer('tail', 'web', '-n', '2')).stdout).toBe('w2\nw3\n');
  expect((await home.overseer('logs', 'web', '-n', '0')).stdout).toBe('');
  expect((await home.overseer('logs', 'api')).stdout).toBe('a1\na2');
  expect((await home.overseer('logs', 'web', 'api', '-n', '1')).stdout.split('\n').toSorted()).toEqual([
    '',
    'api | a2',
    'web | w3',
  ]);
  expect((await home.overseer('logs', 'mute')).stdout).toBe('');
  expect((await home.overseer('logs', 'api', '--json')).stdout).toBe(
    '{"job":"api","line":"a1"}\n{"job":"api","line":"a2"}\n',
  );
  expect(await codes('logs nobody', 'logs web -n x')).toEqual({ 'logs nobody': 4, 'logs web -n x': 64 });
  await home.overseer('die');
  expect((await home.overseer('logs', 'web', '-n', '1')).stdout).toBe('w3\n');
});

test('T-40 logs passes on bytes that are no text, and a last line without an end', async () => {
  home.write('jobs.toml', program('odd', JSON.stringify(fixture('prints-oddly'))));
  await home.overseer();
  await logged('odd', 'half');
  const child = home.begin({ LANG: 'C', LC_ALL: 'C' }, 'logs', 'odd');
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  expect((await ended(child)).code).toBe(0);
  expect(Buffer.concat(chunks).equals(readFileSync(join(home.data, 'logs', 'odd.log')))).toBe(true);
});

test('T-41 logs ends quietly when its reader leaves', async () => {
  home.write('jobs.toml', program('web', JSON.stringify(fixture('counts-lines'))));
  await home.overseer();
  await logged('web', ' 20 ');
  const { stdout, stderr } = await within(
    home.shell('overseer logs -f -n 1000 web | head -n 1; overseer status | head -c 0'),
    'the pipes to end',
  );
  expect([stdout, stderr]).toEqual([expect.stringMatching(/^\d+ 1 \.+\n$/), '']);
});

test('T-42 logs -f follows across a restart and across rotations, and misses no line', async () => {
  home.write(
    'jobs.toml',
    program('web', JSON.stringify(fixture('counts-lines')), 'log = { max_size = "4kB", keep = 9 }'),
  );
  await home.overseer();
  const first = (await home.job('web')).pid ?? 0;
  const follower = home.begin({}, 'logs', '-f', '-n', '1000', 'web');
  const lines: string[] = [];
  createInterface({ input: follower.stdout }).on('line', (line) => lines.push(line));
  const gone = ended(follower);
  await awaited(async () => existsSync(join(home.data, 'logs', 'web.log.2')) || null, 'two rotations');
  await home.overseer('restart', 'web');
  const second = (await home.job('web')).pid ?? 0;
  await awaited(
    async () => lines.some((line) => line.startsWith(`${second} 20 `)) || null,
    'lines of the second run',
  );
  follower.kill('SIGINT');
  expect((await gone).code).toBe(0);
  const numbersOf = (pid: number): readonly number[] =>
    lines.filter((line) => line.startsWith(`${pid} `)).map((line) => Number(line.split(' ')[1]));
  for (const pid of [first, second])
    expect(numbersOf(pid)).toEqual(numbersOf(pid).map((_, index) => index + 1));
  expect(lines.length).toBe(numbersOf(first).length + numbersOf(second).length);
});
