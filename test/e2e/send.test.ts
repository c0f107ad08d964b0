import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { awaited } from './support/home.ts';
import { home } from './support/fresh-home.ts';
import { logged } from './support/logged.ts';
import { shellJob, sleeper } from './support/shell-job.ts';

const fifos = (): readonly string[] => {
  const folder = join(home.data, 'stdin');
  return existsSync(folder) ? readdirSync(folder).filter((name) => !name.startsWith('.')) : [];
};
const job = (name: string, command: string, more = ''): string =>
  `[[jobs]]\nname = "${name}"\njob_command = ${JSON.stringify(command)}\nstart_seconds = 0\nstdin = true\n${more}\n`;

test('T-714 send drives a REPL and a line debugger', async () => {
  writeFileSync(home.path('add.js'), 'let sum = 1;\nsum += 41;\nsetInterval(() => {}, 1000);\n');
  home.write(
    'jobs.toml',
    job('repl', `${process.execPath} -i`) +
      job('debugger', `${process.execPath} inspect --port=0 add.js`, 'restart = "never"'),
  );
  await home.overseer('--no-wait');
  await home.until('repl', ({ state }) => state === 'running');
  expect(await home.overseer('send', 'repl', '6', '*', '7')).toMatchObject({
    code: 0,
    stdout: 'sent to repl\n',
  });
  await logged('repl', '42');
  await home.overseer('send', 'repl', '[process.stdin.isTTY, "still here"]');
  await logged('repl', "[ undefined, 'still here' ]");
  await logged('debugger', 'Break on start');
  for (const [words, seen] of [
    [['next'], 'break in add.js:2'],
    [['next'], 'break in add.js:3'],
    [['exec', 'sum'], '42'],
  ] as const) {
    expect((await home.overseer('send', 'debugger', ...words)).code).toBe(0);
    await logged('debugger', seen);
  }
});

test('T-715 a daemon that is killed loses no byte that was sent, and no reader', async () => {
  const reads = 'until [ -e open ]; do sleep 0.02; done; exec cat';
  home.write('jobs.toml', shellJob('web', reads, 'stdin = true'));
  await home.apply();
  const { pid } = await home.job('web');
  for (const line of ['one', 'two']) expect((await home.overseer('send', 'web', line)).code).toBe(0);
  await home.killDaemon();
  await home.overseer();
  expect(await home.job('web')).toMatchObject({ pid, restarts: 0 });
  expect((await home.overseer('send', 'web', 'three')).code).toBe(0);
  writeFileSync(home.path('open'), '');
  await logged('web', 'one\ntwo\nthree\n');
  await home.killDaemon();
  await home.overseer();
  expect((await home.overseer('send', 'web', 'four')).code).toBe(0);
  await logged('web', 'one\ntwo\nthree\nfour\n');
});

test('T-716 what cannot be sent exits with 1 and says why, and nothing waits for a reader', async () => {
  home.write('jobs.toml', sleeper('full', 'stdin = true') + sleeper('plain') + job('gone', 'cat'));
  await home.apply();
  await home.overseer('stop', 'gone');
  const [full, plain, gone, nobody] = await Promise.all([
    home.overseer('send', 'full', 'x'.repeat(100_000)),
    home.overseer('send', 'plain', 'x'),
    home.overseer('send', 'gone', 'x'),
    home.overseer('send', 'nobody', 'x'),
  ]);
  expect([full.code, plain.code, gone.code, nobody.code]).toEqual([1, 1, 1, 4]);
  expect(full.stderr).toMatch(
    /^overseer: full does not read its standard input, which is full: only \d+ of 100001 bytes were sent\n$/,
  );
  expect(plain.stderr).toBe(
    'overseer: the standard input of plain is empty: write `stdin = true` for it in the config, then run `overseer`\n',
  );
  expect(gone.stderr).toBe(
    'overseer: gone is stopped, so it reads nothing; `overseer start gone` starts it\n',
  );
  const path = join(home.data, 'stdin', 'full');
  rmSync(path);
  writeFileSync(path, '');
  expect(await home.overseer('send', 'full', 'x')).toMatchObject({
    code: 1,
    stderr: `overseer: full: ${path} is a file, not the pipe that overseer made: move it away\n`,
  });
  rmSync(path);
  expect((await home.overseer('send', 'full')).code).toBe(64);
  await home.overseer('restart', 'full');
  expect((await home.overseer('send', 'full', 'x')).code).toBe(0);
});

test('T-717 the pipe of a job is there while it runs, and no run reads what an earlier one left', async () => {
  home.write('jobs.toml', job('once', 'cat', 'restart = "never"') + job('web', 'sleep 1000'));
  await home.overseer('--no-wait');
  await home.until('once', ({ state }) => state === 'running');
  expect(fifos().toSorted()).toEqual(['once', 'web']);
  await home.overseer('send', 'web', 'unread');
  home.write('jobs.toml', job('once', 'cat', 'restart = "never"') + job('web', 'cat'));
  await home.apply('--no-wait');
  await home.until('web', ({ state }) => state === 'running');
  await home.overseer('send', 'web', 'read');
  await logged('web', 'read\n');
  expect(home.log('web')).toBe('read\n');
  await home.overseer('stop', 'once');
  expect(fifos()).toEqual(['web']);
  home.write('jobs.toml', sleeper('other'));
  await home.apply();
  await awaited(async () => (fifos().length === 0 ? true : null), 'no pipe is left');
});
