import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Progress } from '../../src/wire/messages.ts';
import { killed, awaited, ended, Home, fixture, isAlive, kill } from './support/home.ts';
import { shellJob, sleeper } from './support/shell-job.ts';

let home: Home;
beforeEach(() => {
  home = new Home();
});
afterEach(() => home.dispose());

/** Everything that lives in this home but the daemon. */
const left = (): number[] => home.processes().filter((pid) => pid !== home.daemonPid());

async function start(script: string, more = '', stopTimeout = 0.5): Promise<number> {
  home.write(
    'jobs.toml',
    `[[jobs]]\nname = "job"\nstart_seconds = 0.3\nstop_timeout = ${stopTimeout}\n${more}\njob_command = { exe = "sh", args = ["-c", ${JSON.stringify(script)}] }\n`,
  );
  const { changes } = await home.apply();
  expect(changes).toMatchObject([{ state: 'running' }]);
  return changes[0]?.pid ?? 0;
}

describe('stop returns when nothing of the job is left', () => {
  test.each([
    ['children in its group', 'sleep 1000 & sleep 1000 & wait'],
    ['a child that ignores SIGTERM', `${fixture('ignores-term')} & wait`],
    ['itself ignoring SIGTERM', `exec ${fixture('ignores-term')}`],
    ['job control, each child in a group of its own', 'set -m; sleep 1000 & sleep 1000 & wait'],
    ['a child in a session of its own', 'setsid sleep 1000 & wait'],
    ['an orphan in a session of its own', '(setsid sleep 1000 &) ; sleep 1000'],
    ['a child with an empty environment in a session of its own', 'setsid env -i sleep 1000 & wait'],
    ['a child that ignores SIGHUP', 'nohup sleep 1000 & wait'],
    ['a standstill', 'kill -STOP $$'],
  ])('T-190 nothing of a job with %s is left after stop', async (_, script) => {
    await start(script, script.includes('STOP') ? 'env = { X = "1" }' : '');
    expect(left().length).toBeGreaterThan(0);
    const stopped = await home.overseer('stop', 'job');
    expect([stopped.code, left()]).toEqual([0, []]);
    expect(await home.job('job')).toMatchObject({ state: 'stopped', pid: null, stoppedByHand: true });
  });
});

test('die shows how many jobs are down, and which ones it waits for', async () => {
  const slow = shellJob(
    'slow',
    `exec "${fixture('ignores-term')}"`,
    'stop_timeout = 600\nready = { log = "ready" }',
  );
  home.write('jobs.toml', slow + sleeper('quick') + sleeper('other'));
  await home.apply();
  const { pid } = await home.job('slow');
  const told: Progress[] = [];
  const reply = await home.ask({ name: 'DIE', keepJobs: false }, (progress) => {
    told.push(progress);
    if (progress.done === 2 && pid !== null) kill(-pid, 'SIGKILL');
  });
  expect(told[0]).toMatchObject({
    done: 0,
    of: 3,
    pending: ['other', 'quick', 'slow'].map((job) => ({ job })),
  });
  expect(told.at(-1)).toEqual({ done: 2, of: 3, pending: [{ job: 'slow', state: 'stopping' }] });
  expect(reply).toEqual({ kind: 'answer', answer: { stopped: ['other', 'quick', 'slow'], kept: [] } });
});

test('T-191 J-38 a job that ignores SIGTERM is killed when its stop time-out ends, and not before', async () => {
  const pid = await start(`exec ${fixture('ignores-term')}`, 'ready = { log = "ready" }');
  const begin = performance.now();
  await home.overseer('stop', 'job');
  expect(performance.now() - begin).toBeGreaterThan(500);
  expect(isAlive(pid)).toBe(false);
  expect((await home.job('job')).lastExit).toMatchObject({ code: null, signal: 'SIGKILL' });
});

test('T-192 J-37 a job that ends within its stop time-out is not killed', async () => {
  const script = "trap 'echo bye; exit 0' TERM; echo ready; while :; do sleep 0.05; done";
  await start(script, 'ready = { log = "ready" }', 60);
  await home.overseer('stop', 'job');
  await awaited(async () => home.log('job').includes('bye\n') || null, 'its last word');
  expect((await home.job('job')).lastExit).toMatchObject({ code: 0, signal: null });
});

test('T-193 J-31 what a job that ended by itself left behind is ended before it starts anew', async () => {
  const leader = await start(`exec ${fixture('leaves-a-child')} 1000`);
  const orphan = await awaited(
    async () => Number(/child (\d+)/.exec(home.log('job'))?.[1]) || null,
    'the word of its child',
  );
  expect(isAlive(orphan)).toBe(true);
  kill(leader, 'SIGKILL');
  await home.until('job', ({ restarts }) => restarts > 0);
  expect(isAlive(orphan)).toBe(false);
});

test('T-194 another home’s job of the same name is left alone', async () => {
  const other = new Home();
  try {
    other.write('jobs.toml', '[[jobs]]\nname = "job"\nstart_seconds = 0\njob_command = "sleep 1000"\n');
    const pid = (await other.apply()).changes[0]?.pid ?? 0;
    await start('(setsid sleep 1000 &) ; sleep 1000');
    await home.overseer('stop', 'job');
    expect([left(), isAlive(pid)]).toEqual([[], true]);
  } finally {
    await other.dispose();
  }
});

test('T-195 J-16 after a daemon was killed the next one adopts its jobs and notices their exits', async () => {
  const pid = await start('sleep 1000 & wait');
  const { startedAt } = await home.job('job');
  await home.killDaemon();
  expect((await home.apply()).changes).toMatchObject([{ action: 'none', reason: 'unchanged', pid }]);
  expect(await home.job('job')).toMatchObject({ pid, startedAt, restarts: 0 });
  kill(pid, 'SIGKILL');
  await home.until('job', (job) => job.state === 'running' && job.pid !== pid);
  await home.overseer('stop', 'job');
  expect(left()).toEqual([]);
});

test('T-196 die --keep-jobs leaves the jobs running for the next daemon', async () => {
  const pid = await start('sleep 1000 & wait');
  const died = await home.overseer('die', '--keep-jobs');
  expect([died.code, isAlive(pid)]).toEqual([0, true]);
  expect((await home.apply()).changes).toMatchObject([{ action: 'none', reason: 'unchanged', pid }]);
});

test('the exit code of a job that ended while no daemon ran is known if restart depends on it', async () => {
  const pid = await start('sleep 1.2; exit 0', 'restart = "on-failure"');
  await home.killDaemon();
  while (isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, 20));
  await home.apply();
  expect(await home.job('job')).toMatchObject({ state: 'finished', lastExit: { code: 0, signal: null } });
});

test('T-197 a job that died while no daemon watched is started by the next one', async () => {
  const pid = await start('sleep 1000 & wait');
  await home.killDaemon();
  await killed(pid);
  expect((await home.apply()).changes).toMatchObject([
    { action: 'start', reason: 'not-running', state: 'running' },
  ]);
});

test.each([
  ['always', 'running', 'running'],
  ['never', 'failed', 'failed (ended unseen)'],
])('status and why say in words that a job with restart %s ended unseen', async (policy, state, shown) => {
  const pid = await start('sleep 1000 & wait', `restart = "${policy}"`);
  const [, , group] = (readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1] ?? '').split(' ');
  await home.killDaemon();
  // With the shell that may stand beside it, and would write down how it ended.
  process.kill(-Number(group), 'SIGKILL');
  await awaited(async () => !isAlive(pid) || null, 'the end of the job');
  await home.apply();
  expect(await home.job('job')).toMatchObject({ state, lastExit: { code: null, signal: null } });
  expect((await home.overseer('status')).stdout).toContain(shown);
  const { stdout } = await home.overseer('why', 'job');
  expect(stdout).toContain('Its last run exited while no daemon was running; its exit code is unknown.');
  expect(stdout).toMatch(/^ {2}last exit +ended unseen, /m);
});

test('T-198 a state that was lost never leads to a second copy', async () => {
  const pid = await start('(setsid sleep 1000 &) ; sleep 1000');
  await home.killDaemon();
  rmSync(join(home.data, 'state.journal'));
  expect((await home.apply()).changes).toMatchObject([{ action: 'start', reason: 'new', state: 'running' }]);
  expect(isAlive(pid)).toBe(false);
  expect(left().length).toBe(3);
});

test('Ctrl-C during a stop says that the daemon goes on with it, and the job is stopped', async () => {
  const script = `trap 'touch heard' TERM; echo ready; until [ -e gone ]; do sleep 0.05; done`;
  const pid = await start(script, 'ready = { log = "ready" }', 600);
  const stopping = home.begin({}, 'stop', 'job');
  const end = ended(stopping);
  await awaited(async () => existsSync(home.path('heard')) || null, 'the stop signal');
  stopping.kill('SIGINT');
  expect(await end).toMatchObject({
    code: null,
    stdout: '',
    stderr: 'overseer: the daemon goes on with it; `overseer status` shows how far it is\n',
  });
  await home.shell('touch gone');
  await home.until('job', ({ state }) => state === 'stopped');
  expect(isAlive(pid)).toBe(false);
});
