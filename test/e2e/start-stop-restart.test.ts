import { writeFileSync } from 'node:fs';
import type { ReportJson as Report } from '../../src/cli/words/change-words.ts';
import { awaited, fixture, isAlive } from './support/home.ts';
import { home } from './support/fresh-home.ts';
import { job, program } from './support/sleeps.ts';
import { inShort } from './support/in-short.ts';
import { lives } from './support/lives.ts';
import { codes } from './support/codes.ts';
import { commandLine } from './support/host-state.ts';
import { linuxOs } from '../../src/os/linux/linux.ts';

test('T-31 start, stop and restart take several jobs or all, and leave the others alone', async () => {
  home.write('jobs.toml', job('a') + job('b') + job('c'));
  await home.overseer();
  const [, , c] = await lives();
  expect(inShort((await home.json<Report>('stop', 'a', 'b')).changes)).toEqual([
    'a stop by-hand stopped',
    'b stop by-hand stopped',
  ]);
  expect((await lives())[2]).toBe(c);
  expect(inShort((await home.json<Report>('restart', 'c')).changes)).toEqual(['c restart by-hand running']);
  expect((await lives())[2]).not.toBe(c);
  expect(inShort((await home.json<Report>('start', '--all')).changes)).toEqual([
    'a start by-hand running',
    'b start by-hand running',
    'c none unchanged running',
  ]);
  expect(inShort((await home.json<Report>('stop', '--all')).changes)).toEqual([
    'a stop by-hand stopped',
    'b stop by-hand stopped',
    'c stop by-hand stopped',
  ]);
  expect(inShort((await home.json<Report>('stop', 'a')).changes)).toEqual(['a none by-hand stopped']);
});

test.each(['start', 'restart'])(
  '%s of a job whose test gives no verdict says so and proposes a cure',
  async (command) => {
    home.write(
      'jobs.toml',
      job(
        'web',
        'test_command = { exe = "sh", args = ["-c", "exit $(cat verdict)"] }\nbackoff = { min = 20 }',
      ),
    );
    writeFileSync(home.path('verdict'), '1');
    await home.overseer();
    writeFileSync(home.path('verdict'), '255');
    const { changes } = await home.json<Report>(command, 'web');
    expect(changes).toMatchObject([
      { job: 'web', action: 'none', reason: 'test-unknown', detail: 'test exited with 255' },
    ]);
    expect((await home.overseer(command, 'web')).stdout).toContain('test exited with 255');
  },
);

test('T-32 an unknown job is exit code 4 with the jobs that are known, and nothing is done', async () => {
  home.write('jobs.toml', job('web') + job('api'));
  await home.overseer();
  const before = await lives();
  expect(
    await codes(
      'start nobody',
      'stop web nobody',
      'restart nobody',
      'signal HUP nobody',
      'why nobody',
      'logs nobody',
    ),
  ).toEqual({
    'start nobody': 4,
    'stop web nobody': 4,
    'restart nobody': 4,
    'signal HUP nobody': 4,
    'why nobody': 4,
    'logs nobody': 4,
  });
  expect((await home.overseer('stop', 'wbe')).stderr).toBe(
    'overseer: no such job: wbe (did you mean "web"?)\n',
  );
  expect((await home.overseer('stop', 'nobody')).stderr).toMatch(
    /^overseer: no such job: nobody \(known are .*web.*\)\n$/,
  );
  expect(await lives()).toEqual(before);
});

test('T-33 start, stop and restart without a job, or with jobs and --all, are refused', async () => {
  expect(await codes('start', 'stop', 'restart', 'stop web --all', 'signal HUP', 'signal')).toEqual({
    start: 64,
    stop: 64,
    restart: 64,
    'stop web --all': 64,
    'signal HUP': 64,
    signal: 64,
  });
});

test('T-34 J-7 J-8 a stop by hand outlives triggers, a new config, the daemon and its crash, until start', async () => {
  home.write('jobs.toml', job('web') + job('api'));
  await home.overseer();
  const { pid } = await home.job('web');
  await home.overseer('stop', 'web');
  expect(isAlive(pid ?? 0)).toBe(false);
  const isOff = async (): Promise<void> => {
    expect(await home.job('web')).toMatchObject({ state: 'stopped', pid: null, stoppedByHand: true });
  };
  expect(inShort((await home.apply()).changes)).toEqual([
    'api none unchanged running',
    'web none by-hand stopped',
  ]);
  await isOff();
  home.write('jobs.toml', job('web').replace('1000', '1001') + job('api'));
  expect(inShort((await home.apply()).changes)).toEqual([
    'api none unchanged running',
    'web update changed stopped',
  ]);
  await isOff();
  await home.overseer('die');
  expect(inShort((await home.apply()).changes)).toEqual([
    'api start not-running running',
    'web none by-hand stopped',
  ]);
  await isOff();
  await home.killDaemon();
  expect(inShort((await home.apply()).changes)).toEqual([
    'api none unchanged running',
    'web none by-hand stopped',
  ]);
  await isOff();
  expect(inShort((await home.json<Report>('start', 'web')).changes)).toEqual(['web start by-hand running']);
  expect(await home.job('web')).toMatchObject({ state: 'running', stoppedByHand: false });
  expect(inShort((await home.apply()).changes)).toEqual([
    'api none unchanged running',
    'web none unchanged running',
  ]);
});

test('T-35 a stop during a backoff prevents the start that is pending', async () => {
  home.write(
    'jobs.toml',
    program('bad', `{ exe = "sh", args = ["-c", "echo try; exit 1"] }`, 'backoff = { min = 3, max = 3 }'),
  );
  await home.overseer();
  let pending: string | null;
  // On a busy machine the backoff may be over before the stop arrives: then it is another try's.
  for (;;) {
    pending = (await home.until('bad', ({ state }) => state === 'backoff')).nextStartAt;
    const [change] = inShort((await home.json<Report>('stop', 'bad')).changes);
    if (change === 'bad none by-hand stopped') break;
    await home.overseer('start', 'bad');
  }
  const tries = home.log('bad');
  const due = Date.parse(pending ?? '');
  await awaited(async () => Date.now() > due || null, 'the time of the start');
  // When another job has started, the unwanted start would have happened as well.
  home.write('more.toml', job('other'));
  await home.apply();
  expect([home.log('bad'), (await home.job('bad')).state]).toEqual([tries, 'stopped']);
});

test('T-36 three restarts at the same time leave one copy', async () => {
  home.write('jobs.toml', program('web', JSON.stringify(fixture('only-one'))));
  await home.overseer();
  const all = await Promise.all([1, 2, 3].map(() => home.overseer('restart', 'web')));
  expect(all.map(({ code }) => code)).toEqual([0, 0, 0]);
  expect((await home.job('web')).state).toBe('running');
  expect(
    home.processes().filter((pid) => commandLine(pid).join(' ').includes('only-one') && isLeader(pid)).length,
  ).toBe(1);
});

test('T-37 a start during a slow stop waits for its end, then starts once', async () => {
  const slow = "trap 'sleep 0.3; exit 0' TERM; echo began; while :; do sleep 0.02; done";
  home.write('jobs.toml', program('web', `{ exe = "sh", args = ["-c", "${slow}"] }`));
  await home.overseer();
  await awaited(async () => (home.log('web') === 'began\n' ? true : null), 'the first run');
  const { pid } = await home.job('web');
  const stopping = home.overseer('stop', 'web');
  await home.until('web', ({ state }) => state === 'stopping');
  expect((await home.overseer('start', 'web')).code).toBe(0);
  await stopping;
  const after = await home.until('web', ({ state }) => state === 'running');
  expect([after.pid === pid, isAlive(pid ?? 0), home.log('web').split('began').length]).toEqual([
    false,
    false,
    3,
  ]);
});

/** What a shell forks has its command line for a moment, but is no copy of it. */
function isLeader(pid: number): boolean {
  return linuxOs().identify(pid)?.pgid === pid;
}
