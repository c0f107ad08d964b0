import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { JobStatus } from '../../src/wire/messages.ts';
import { Home, awaited, kill } from './support/home.ts';
import { shellJob, sleeper } from './support/shell-job.ts';

let home: Home;
beforeEach(() => {
  home = new Home();
});
afterEach(() => home.dispose());

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
  expect(after.restarts).toBeGreaterThan(0);
  expect((await home.job('db')).pid).toBe(db.pid);
});

test('T-708 a check that hangs is a failure, and its processes are gone', async () => {
  home.write(
    'jobs.toml',
    sleeper(
      'web',
      'alive = { command = "sleep 999", interval = 0.05, timeout = 0.1, failures = 1 }\nmax_restarts = 1',
    ),
  );
  await home.apply();
  await restarted('web', await home.job('web'));
  expect((await home.overseer('why', 'web')).stdout.replaceAll(/\s+/g, ' ')).toContain(
    '`sleep 999` gave no answer within 0.1 s',
  );
  await home.overseer('stop', 'web');
  await awaited(
    async () => ((await home.shell('ps -eo args | grep -c "[s]leep 999"')).stdout === '0\n' ? true : null),
    'no check is left',
  );
});

test('T-709 an adopted job is checked, and a change of the check applies in place', async () => {
  writeFileSync(home.path('well'), '');
  home.write('jobs.toml', sleeper('web', `alive = { ${CHECK} }`));
  await home.apply();
  const web = await home.job('web');
  kill(home.daemonPid(), 'SIGKILL');
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
  kill(home.daemonPid(), 'SIGKILL');
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
