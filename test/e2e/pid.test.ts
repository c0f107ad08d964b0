import { readdirSync } from 'node:fs';
import type { JobStatus } from '../../src/wire/messages.ts';
import { Home, awaited, isAlive, isAsDarwin, kill } from './support/home.ts';

let home: Home;
beforeEach(() => {
  home = new Home();
});
afterEach(() => home.dispose());

const MODES = [
  ['that always comes back', 'restart = "always"'],
  ['that comes back on failure', 'restart = "on-failure"'],
  ['that never comes back', 'restart = "never"'],
  ['with a schedule', 'schedule = "every 1s"'],
] as const;

/**
 * On macOS, whose env(1) cannot give a program in the background its signals back, a shell tells an interrupt
 * as a code.
 */
const INTERRUPTED = isAsDarwin ? { code: 130, signal: null } : { code: null, signal: 'SIGINT' };

const SAYS_PID = 'echo "I am $$"; exec sleep 1000';

/** Starts a job and waits until it runs and has said who it is. */
async function start(mode: string, script = SAYS_PID): Promise<JobStatus & { readonly pid: number }> {
  home.write(
    'jobs.toml',
    `[[jobs]]\nname = "job"\nstart_seconds = 0\nbackoff = { min = 0.05 }\nstop_timeout = 5\n${mode}\njob_command = { exe = "sh", args = ["-c", ${JSON.stringify(script)}] }\n`,
  );
  await home.apply();
  return running();
}

async function running(not = 0): Promise<JobStatus & { readonly pid: number }> {
  const job = await home.until('job', ({ state, pid }) => state === 'running' && pid !== not);
  await awaited(
    async () => home.log('job').includes(`I am ${job.pid}\n`) || null,
    `job ${job.pid} says who it is`,
  );
  return { ...job, pid: job.pid ?? 0 };
}

describe.each(MODES)('the pid of a job %s', (_, mode) => {
  test('the pid of a job is its own process, in every answer', async () => {
    const { pid } = await start(mode);
    expect((await home.apply()).changes).toMatchObject([{ action: 'none', pid }]);
    expect((await home.json<{ changes: unknown }>('plan')).changes).toMatchObject([{ pid }]);
    expect((await home.overseer('events')).stdout).toContain(`pid ${pid}`);
  });

  test.each(['SIGTERM', 'SIGKILL'] as const)(
    '%s to the pid of a job ends it, and status says so',
    async (signal) => {
      const { pid } = await start(mode);
      kill(pid, signal);
      expect((await home.until('job', ({ lastExit }) => lastExit !== null)).lastExit).toMatchObject({
        code: null,
        signal,
      });
      expect(isAlive(pid)).toBe(false);
      if (mode.includes('never'))
        expect(await home.until('job', ({ state }) => state !== 'stopping')).toMatchObject({
          state: 'failed',
          pid: null,
          restarts: 0,
        });
      else expect((await running(pid)).pid).not.toBe(pid);
      expect(home.log('job')).toMatch(/^(I am \d+\n)+$/);
    },
  );

  test('the next daemon after a crash has the same pid of a job, and notices its end', async () => {
    const { pid, startedAt } = await start(mode);
    await home.killDaemon();
    expect((await home.apply()).changes).toMatchObject([{ action: 'none', pid }]);
    expect(await home.job('job')).toMatchObject({ pid, startedAt, restarts: 0 });
    kill(pid, 'SIGTERM');
    const { lastExit } = await home.until('job', (job) => job.lastExit !== null);
    // Of the others nobody wrote it down.
    expect(lastExit).toMatchObject({ code: null, signal: mode.includes('always') ? null : 'SIGTERM' });
  });

  test('the pid stays the same after `die --keep-jobs`, and an exit meanwhile is reported', async () => {
    const { pid } = await start(mode);
    await home.overseer('die', '--keep-jobs');
    expect((await home.apply()).changes).toMatchObject([{ action: 'none', pid }]);
    await home.overseer('die', '--keep-jobs');
    kill(pid, 'SIGINT');
    await awaited(async () => home.processes().length === 0 || null, 'the end of the job');
    await home.apply();
    const { lastExit } = await home.until('job', (job) => job.lastExit !== null);
    expect(lastExit).toMatchObject(mode.includes('always') ? { code: null, signal: null } : INTERRUPTED);
  });

  test('the process of a job hears the stop signal once', async () => {
    const { pid } = await start(
      mode,
      `trap 'echo heard' TERM; echo "I am $$"; until [ -e go-on ]; do sleep 0.02; done 2> /dev/null`,
    );
    const stopping = home.overseer('stop', 'job');
    await awaited(async () => home.log('job').includes('heard') || null, 'the stop signal');
    await home.shell('touch go-on');
    await stopping;
    expect([home.log('job'), isAlive(pid)]).toEqual([`I am ${pid}\nheard\n`, false]);
    expect((await home.job('job')).lastExit).toMatchObject({ code: 0, signal: null });
  });
});

test('a job beside its shell leaves no descriptor with the daemon', async () => {
  await start('restart = "never"');
  const open = (): number => readdirSync(`/proc/${home.daemonPid()}/fd`).length;
  await home.overseer('stop', 'job');
  const before = open();
  await home.overseer('start', 'job', '--no-wait');
  await running();
  // The connection that asked is closed in its own time.
  await awaited(async () => open() <= before || null, 'as many descriptors as before');
});
