import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Home, OVERSEER, awaited, ended, isAlive, kill } from './support/home.ts';
import { shellJob, sleeper } from './support/shell-job.ts';

let home: Home;
beforeEach(() => {
  home = new Home();
});
afterEach(() => home.dispose());

/** The pids of the daemon and of what the jobs have written to files of their names. */
async function begun(
  ...names: readonly string[]
): Promise<{ readonly daemon: number; readonly jobs: readonly number[] }> {
  const jobs = await awaited(async () => {
    const pids = names.map((name) =>
      existsSync(home.path(name)) ? Number(readFileSync(home.path(name), 'utf8')) : 0,
    );
    return pids.every((pid) => pid > 0) ? pids : null;
  }, 'the jobs');
  const runs = join(home.data, 'run');
  const [folder = ''] = readdirSync(runs);
  const { pid } = JSON.parse(readFileSync(join(runs, folder, 'socket'), 'utf8')) as { readonly pid: number };
  return { daemon: pid, jobs };
}

const telling = (name: string, script: string): string =>
  shellJob(
    name,
    `echo $$ > ${home.path(`${name}.new`)}; mv ${home.path(`${name}.new`)} ${home.path(name)}; ${script}`,
  );

test.each([
  ['is killed', async (daemon: number) => kill(daemon, 'SIGKILL')],
  [
    'is killed while the jobs are stopped',
    async (daemon: number, run: number) => {
      kill(run, 'SIGINT');
      await awaited(async () => (existsSync(home.path('told')) ? true : null), 'the stop');
      kill(daemon, 'SIGKILL');
    },
  ],
])('when the daemon of overseer run %s, every job is ended, and run exits with 1', async (_, end) => {
  const path = home.path('overseer.toml');
  const stubborn = `trap 'touch ${home.path('told')}' TERM; while :; do sleep 0.1; done`;
  writeFileSync(
    path,
    telling('web', 'exec sleep 1000') +
      telling('stubborn', stubborn).replace('start_seconds', 'stop_timeout = 1\nstart_seconds') +
      sleeper('quiet'),
  );
  const running = home.spawn(OVERSEER, ['run', path]);
  const exit = ended(running);
  const { daemon, jobs } = await begun('web', 'stubborn');
  await end(daemon, running.pid as number);
  const { code, stderr } = await exit;
  expect(code).toBe(1);
  expect(stderr).toContain('the daemon broke off, so every job was ended');
  expect(jobs.filter(isAlive)).toEqual([]);
  await awaited(async () => (home.processes().length === 0 ? true : null), 'nothing left');
});
