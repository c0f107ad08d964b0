import { spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { awaited, ended, isAlive } from './support/home.ts';
import { MacHome } from './support/mac.ts';
import { shellJob } from './support/shell-job.ts';

let home: MacHome;
afterEach(() => home.dispose());

const run = (...args: readonly string[]) => ended(home.begin(home.knobs({}), ...args));

/** Everything that lives in this home but the daemon. */
const left = (): number[] => home.processes().filter((pid) => pid !== home.daemonPid());

/** The daemon is killed, and what it kept is lost. */
async function loseState(): Promise<void> {
  await home.killDaemon();
  rmSync(join(home.data, 'state.journal'));
}

describe.each([
  ['Apple’s own programs, which show no environment', 'exec /bin/sleep 1000'],
  ['a program that shows its environment', `exec ${process.execPath} -e 'setInterval(() => 0, 1000)'`],
])('a state that was lost leads to no second copy of %s', (_, script) => {
  test.each(['home', 'hé', 'h b'])('with the home folder %j', async (name) => {
    home = new MacHome();
    mkdirSync(home.path(name), { recursive: true });
    home.write('jobs.toml', shellJob('job', script));
    const env = { ...home.knobs({}), HOME: home.path(name) };
    await ended(home.begin(env));
    const [first = 0, ...others] = left();
    expect(others).toEqual([]);
    await loseState();
    await ended(home.begin(env));
    expect([left().length, isAlive(first)]).toEqual([1, false]);
  });
});

test('a stop ends an orphan that hides its environment if it writes to the log', async () => {
  home = new MacHome();
  home.write('jobs.toml', shellJob('job', '(setsid /bin/sleep 1000 &); exec /bin/sleep 1000'));
  await run();
  await awaited(async () => (left().length === 2 ? true : null), 'both processes');
  const stopped = await run('stop', 'job');
  expect([stopped.code, left()]).toEqual([0, []]);
});

test('a process that reads a job’s log, or writes to it by another descriptor, is left alone', async () => {
  home = new MacHome();
  home.write('jobs.toml', shellJob('job', 'echo up; exec /bin/sleep 1000'));
  await run();
  const log = join(home.data, 'logs', 'job.log');
  const script = `exec 7>>"${log}" < "${log}"; exec /bin/sleep 1000`;
  const other = spawn('/bin/sh', ['-c', script], { stdio: 'ignore' });
  try {
    await awaited(async () => (home.log('job').includes('up') ? true : null), 'the job');
    await run('restart', 'job');
    expect([other.exitCode, other.signalCode]).toEqual([null, null]);
  } finally {
    other.kill('SIGKILL');
  }
});
