import { spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { OVERSEER, kill, within } from './support/home.ts';
import { home } from './support/fresh-home.ts';
import { Going, going } from './support/going.ts';
import { logged } from './support/logged.ts';
import { shellJob, sleeper } from './support/shell-job.ts';
import { commandLine } from './support/host-state.ts';

/** Says what it reads, after a prompt. */
const ECHO = 'printf "> "; while read -r line; do echo "read <$line>"; printf "> "; done';
const hasTerminals = process.platform === 'linux' && existsSync('/usr/bin/script');

/** A command on a terminal of its own; afterwards the shell there says whether it echoes again. */
function onTerminal(words: string): Going {
  const command = `${process.execPath} ${OVERSEER} ${words}; echo "code $?"; stty -a | grep -ow -e -echo -e echo`;
  return new Going(
    spawn('/usr/bin/script', ['-qefc', command, '/dev/null'], {
      env: { ...home.env, TERM: 'xterm' },
      cwd: home.dir,
    }),
  );
}

(hasTerminals ? test : test.skip)(
  'T-718 attach shows the log at a terminal and sends what is typed, until Ctrl-]',
  async () => {
    home.write('jobs.toml', shellJob('repl', ECHO, 'stdin = true'));
    await home.apply();
    const { pid } = await home.job('repl');
    const attached = onTerminal('attach repl');
    await attached.until(/Ctrl-\] leaves[^]*> /);
    attached.child.stdin.write('first\r');
    await attached.until('read <first>');
    await home.killDaemon();
    // Key by key, as somebody types: it is the editor of Node that takes the keys.
    for (const [keys, shown] of [
      ['secnd', 'secnd'],
      ['\u001b[D', '\u001b[1D'],
      ['\u001b[D', '\u001b[1D\u001b[1D'],
      ['o', 'second'],
    ] as const) {
      attached.child.stdin.write(keys);
      await attached.until(shown);
    }
    attached.child.stdin.write('\r');
    await attached.until('read <second>');
    attached.child.stdin.write('unsent\u001d');
    expect((await within(attached.end, 'the end')).stdout).toMatch(/code 0\r\necho\r\n$/);
    await home.overseer();
    expect(home.log('repl')).toBe('> read <first>\n> read <second>\n> ');
    expect(await home.job('repl')).toMatchObject({ pid, restarts: 0 });
  },
);

(hasTerminals ? test : test.skip).each(['\u0003', '\u0004', 'SIGTERM', 'SIGHUP'] as const)(
  'attach gives the terminal back and leaves the job alone, whatever ends it: %j',
  async (how) => {
    home.write('jobs.toml', shellJob('repl', ECHO, 'stdin = true'));
    await home.apply();
    const { pid } = await home.job('repl');
    const attached = onTerminal('attach repl');
    await attached.until(/Ctrl-\] leaves[^]*> /);
    if (how === 'SIGTERM' || how === 'SIGHUP')
      for (const found of home.processes().filter(isAttach)) kill(found, how);
    else attached.child.stdin.write(how);
    expect((await within(attached.end, 'the end')).stdout).toMatch(/code \d+\r\necho\r\n$/);
    expect(await home.job('repl')).toMatchObject({ pid, restarts: 0 });
  },
);

const isAttach = (pid: number): boolean => {
  const words = commandLine(pid);
  return words[0] === process.execPath && words.includes('attach');
};

test('T-719 attach passes on what comes through a pipe, and goes on with the log', async () => {
  home.write('jobs.toml', shellJob('repl', ECHO, 'stdin = true'));
  await home.apply();
  const attached = going('attach', 'repl', '-n', '0');
  attached.child.stdin.end('one\ntwo\n');
  await attached.until('read <two>');
  await home.overseer('send', 'repl', 'three');
  await attached.until('read <three>');
  await home.overseer('restart', 'repl');
  await home.overseer('send', 'repl', 'four');
  await attached.until('read <four>');
  attached.child.kill('SIGINT');
  expect((await within(attached.end, 'the end')).code).toBe(0);
  await logged('repl', 'read <one>\n> read <two>\n> read <three>');
});

test('T-1086 attach drives a line debugger, and a daemon that is killed meanwhile is not missed', async () => {
  writeFileSync(home.path('add.js'), 'let sum = 1;\nsum += 41;\nsetInterval(() => {}, 1000);\n');
  const command = JSON.stringify(`${process.execPath} inspect --port=0 add.js`);
  home.write(
    'jobs.toml',
    `[[jobs]]\nname = "debugger"\njob_command = ${command}\nrestart = "never"\nstdin = true\nstart_seconds = 0\n`,
  );
  await home.overseer('--no-wait');
  await home.until('debugger', ({ state }) => state === 'running');
  const attached = going('attach', 'debugger');
  await attached.until('Break on start');
  attached.child.stdin.write('next\n');
  await attached.until('break in add.js:2');
  kill(home.daemonPid(), 'SIGKILL');
  attached.child.stdin.write('next\n');
  await attached.until('break in add.js:3');
  attached.child.stdin.write('exec sum\n');
  await attached.until('42');
  attached.child.kill('SIGINT');
  await within(attached.end, 'the end');
});

test('T-720 attach refuses a job that reads nothing and a name that means several', async () => {
  home.write(
    'jobs.toml',
    sleeper('web', 'stdin = true\ninstances = 2') + sleeper('plain') + sleeper('full', 'stdin = true'),
  );
  await home.apply();
  expect(await home.overseer('attach', 'plain')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('the standard input of plain is empty'),
  });
  expect(await home.overseer('attach', 'web')).toMatchObject({
    code: 64,
    stderr: expect.stringContaining('web means 2 jobs: name one, as in `overseer attach web@1`'),
  });
  const full = going('attach', 'full');
  let told = '';
  full.child.stderr.on('data', (chunk: Buffer) => (told += chunk.toString()));
  full.child.stdin.write(Buffer.alloc(200_000, 'x'));
  await full.until(/^$/);
  while (!told.includes('full does not read its standard input: what you type waits'))
    await new Promise((resolve) => full.child.stderr.once('data', resolve));
  full.child.kill('SIGINT');
  expect((await within(full.end, 'the end')).code).toBe(0);
});
