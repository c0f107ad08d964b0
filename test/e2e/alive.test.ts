import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { ReportJson as Report } from '../../src/cli/words/change-words.ts';
import type { JobStatus } from '../../src/wire/messages.ts';
import { Home, awaited } from './support/home.ts';
import { shellJob, sleeper } from './support/shell-job.ts';

let home: Home;
beforeEach(() => {
  home = new Home();
});
afterEach(() => home.dispose());

interface Event {
  readonly at: string;
  readonly state: string;
  readonly cause: string;
  readonly nextStartAt: string | null;
}

const CHECK = 'command = "test -e well", interval = 0.05, failures = 2';
const restarted = (name: string, { pid }: JobStatus): Promise<JobStatus> =>
  home.until(name, (job) => job.state === 'running' && job.pid !== pid);

test('T-707 a job whose check fails too often is restarted, and why and events name the check', async () => {
  writeFileSync(home.path('well'), '');
  home.write('jobs.toml', sleeper('web', `alive = { ${CHECK} }`) + sleeper('db'));
  await home.apply();
  const [web, db] = [await home.job('web'), await home.job('db')];
  rmSync(home.path('well'));
  await restarted('web', web);
  writeFileSync(home.path('well'), '');
  const after = await home.until('web', ({ state, restarts }) => state === 'running' && restarts > 0);
  expect((await home.overseer('why', 'web')).stdout.replaceAll(/\s+/g, ' ')).toContain(
    'It was restarted because its alive check failed: `test -e well` exited with 1.',
  );
  const events = (await home.overseer('events', 'web', '--json')).stdout.trim().split('\n');
  const causes = events.map((line) => JSON.parse(line) as { cause: string; state: string; detail: string });
  expect(causes.find(({ cause, state }) => cause === 'alive' && state === 'stopping')).toMatchObject({
    detail: expect.stringContaining('its alive check failed: `test -e well` exited with 1'),
  });
  expect(readFileSync(`${home.data}/overseerd.log`, 'utf8')).toContain('its alive check failed');
  const metrics = (await home.overseer('metrics')).stdout;
  expect(metrics).toMatch(/^overseer_job_exits_total\{name="web",cause="alive"\} [1-9]/m);
  expect(metrics).toMatch(/^overseer_job_last_exit_unhealthy\{name="web",cause="alive"\} 1$/m);
  expect(metrics).toMatch(/^overseer_job_alive_failures_total\{name="web"\} ([2-9]|\d\d)/m);
  expect(after.restarts).toBeGreaterThan(0);
  expect((await home.job('db')).pid).toBe(db.pid);
});

test('T-708 a check that hangs is a failure, and its processes are gone', async () => {
  // No other process of the machine sleeps for so long.
  const seconds = `999.${process.pid}`;
  home.write(
    'jobs.toml',
    sleeper(
      'web',
      `alive = { command = "sleep ${seconds}", interval = 0.05, timeout = 0.1, failures = 1 }\nmax_restarts = 1`,
    ),
  );
  await home.apply();
  await restarted('web', await home.job('web'));
  expect((await home.overseer('why', 'web')).stdout.replaceAll(/\s+/g, ' ')).toContain(
    `\`sleep ${seconds}\` gave no answer within 0.1 s`,
  );
  await home.overseer('stop', 'web');
  await awaited(
    async () =>
      (await home.shell(`ps -eo args | grep -c "[s]leep ${seconds}"`)).stdout === '0\n' ? true : null,
    'no check is left',
  );
});

test('T-709 an adopted job is checked, and a change of the check applies in place', async () => {
  writeFileSync(home.path('well'), '');
  home.write('jobs.toml', sleeper('web', `alive = { ${CHECK} }`));
  await home.apply();
  const web = await home.job('web');
  await home.killDaemon();
  home.write('jobs.toml', sleeper('web'));
  await home.apply();
  rmSync(home.path('well'));
  const check = '{ exe = "sh", args = ["-c", "echo checked >> checks; test -e well"] }';
  const asks = `alive = { command = ${check}, interval = 0.05, failures = 2 }`;
  expect((await home.job('web')).pid).toBe(web.pid);
  writeFileSync(home.path('well'), '');
  home.write('jobs.toml', sleeper('web', asks));
  await home.apply();
  await awaited(async () => ((await home.shell('cat checks')).stdout.length > 20 ? true : null), 'checks');
  expect((await home.job('web')).pid).toBe(web.pid);
  await home.killDaemon();
  await home.overseer();
  expect((await home.job('web')).pid).toBe(web.pid);
  rmSync(home.path('well'));
  await restarted('web', web);
});

test('T-710 a one-shot whose check fails has failed, and start says so', async () => {
  home.write(
    'jobs.toml',
    shellJob(
      'once',
      'trap "exit 0" TERM; while :; do sleep 0.05; done',
      'restart = "never"\nalive = { tcp = "localhost:1", interval = 0.05, failures = 1 }',
    ),
  );
  await home.overseer();
  await home.until('once', ({ state }) => state === 'failed');
  const again = await home.overseer('start', 'once');
  expect([again.code, again.stdout + again.stderr]).toEqual([
    1,
    expect.stringContaining('its alive check failed: localhost:1: ECONNREFUSED'),
  ]);
});

test('T-1061 plan and report name the check for which a job was down', async () => {
  const check = 'alive = { command = "test -e well", interval = 0.05, failures = 1 }';
  const late = 'backoff = { min = 600, max = 600 }';
  home.write('jobs.toml', sleeper('web', `${check}\n${late}`));
  await home.overseer('--no-wait');
  // The first restart comes at once.
  await home.until('web', ({ state, restarts }) => state === 'backoff' && restarts > 0);
  writeFileSync(home.path('well'), '');
  const detail = 'its alive check failed: `test -e well` exited with 1';
  const plan = await home.json<Report>('plan');
  expect(plan.changes).toMatchObject([{ action: 'start', reason: 'not-running', detail }]);
  const report = await home.apply();
  expect(report.changes).toMatchObject([
    { action: 'start', reason: 'not-running', detail, state: 'running' },
  ]);
  expect((await home.apply()).changes).toMatchObject([{ action: 'none', detail: '' }]);
});

test('T-1062 checks are made while the job is running, not while it starts, stops or is stopped', async () => {
  const counts = (name: string): string =>
    `alive = { command = { exe = "sh", args = ["-c", "echo x >> ${name}.checks"] }, interval = 0.05 }`;
  const checks = async (name: string): Promise<number> =>
    (await home.shell(`cat ${name}.checks 2> /dev/null`)).stdout.length / 2;
  // The checks of the other job tell how much time has passed.
  const aWhile = async (): Promise<void> => {
    const before = await checks('clock');
    await awaited(async () => (await checks('clock')) > before + 10 || null, 'ten checks of the other job');
  };
  const ready = 'ready = { command = "test -e ready", interval = 0.05 }';
  const job = shellJob(
    'web',
    `trap '' TERM; while [ ! -e end ]; do sleep 0.05; done`,
    `${counts('web')}\n${ready}\nstop_timeout = 600`,
  );
  home.write('jobs.toml', job + sleeper('clock', counts('clock')));
  await home.overseer('--no-wait');
  await home.until('clock', ({ state }) => state === 'running');
  await aWhile();
  expect([(await home.job('web')).state, await checks('web')]).toEqual(['starting', 0]);
  writeFileSync(home.path('ready'), '');
  await awaited(async () => (await checks('web')) > 1 || null, 'checks of a job that runs');
  const stop = home.overseer('stop', 'web');
  await home.until('web', ({ state }) => state === 'stopping');
  const made = await checks('web');
  await aWhile();
  expect(await checks('web')).toBe(made);
  writeFileSync(home.path('end'), '');
  expect((await stop).code).toBe(0);
  await aWhile();
  expect([(await home.job('web')).state, await checks('web')]).toEqual(['stopped', made]);
});

test('T-1063 two jobs that check each other restart ever more slowly, not in a storm', async () => {
  // Each is well only some time after its start, so that neither waits long enough for the other.
  const job = (name: string, other: string): string =>
    shellJob(
      name,
      `trap 'rm -f ${name}.up; exit 0' TERM; sleep 0.3; touch ${name}.up; while :; do sleep 0.05; done`,
      `alive = { command = "test -e ${other}.up", interval = 0.05, failures = 1 }`,
    );
  home.write(
    'jobs.toml',
    `[defaults]\nbackoff = { min = 0.2, max = 1.8, factor = 3 }\n${job('web', 'db')}${job('db', 'web')}`,
  );
  await home.overseer('--no-wait');
  for (const name of ['web', 'db']) await home.until(name, ({ restarts }) => restarts >= 5);
  for (const name of ['web', 'db']) {
    const delays = (await home.overseer('events', name, '--json')).stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Event)
      .filter(({ state, cause }) => state === 'backoff' && cause === 'alive')
      .map(({ at, nextStartAt }) => Date.parse(nextStartAt ?? at) - Date.parse(at));
    // At once the first time, then the delays of its backoff with their jitter.
    for (const [at, least] of [0, 180, 540, 1_620, 1_620].entries()) {
      expect(delays[at]).toBeGreaterThanOrEqual(least - 50);
      expect(delays[at]).toBeLessThanOrEqual(least / 0.9 + 50);
    }
  }
});

test('T-1751 a copy that waits for its turn in a roll is not stopped by the check of its next config', async () => {
  const config = (version: number): string =>
    sleeper(
      'web',
      `instances = 2\nrolling = true\nenv = { V = "${version}" }\n` +
        `ready = { command = "test -e v${version}", interval = 0.05 }\n` +
        `alive = { command = { exe = "sh", args = ["-c", "echo x >> checks.$V; test -e v$V"] }, interval = 0.05, failures = 2 }`,
    );
  writeFileSync(home.path('v1'), '');
  home.write('jobs.toml', config(1));
  await home.apply();
  const second = await home.job('web@2');
  home.write('jobs.toml', config(2));
  await home.overseer('--no-wait');
  // The waiting copy is the only one that is checked.
  await awaited(
    async () => (await home.shell('cat checks.2')).stdout.length > 20 || null,
    'checks that fail',
  );
  const copies = (await home.status()).jobs.map(({ state, pid }) => `${state} ${pid === second.pid}`);
  expect(copies).toEqual(['starting false', 'running true']);
  expect((await home.overseer('metrics')).stdout).toContain(
    'overseer_job_alive_failures_total{name="web@2",copy_of="web"} 0\n',
  );
  writeFileSync(home.path('v2'), '');
  await home.until('web@2', ({ state, pid }) => state === 'running' && pid !== second.pid);
});
