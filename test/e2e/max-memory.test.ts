import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { JobStatus } from '../../src/wire/messages.ts';
import { Home, fixture } from './support/home.ts';
import { shellJob, sleeper } from './support/shell-job.ts';

let home: Home;
beforeEach(() => {
  home = new Home();
});
afterEach(() => home.dispose());

/** What grows is a child of the job, as with many servers. */
const grower = (more: string): string =>
  shellJob('web', `${fixture('grows-once')} & wait`, `cwd = "~"\n${more}`);
const grow = (): void => writeFileSync(home.path('grow'), '');
const restarted = ({ pid }: JobStatus): Promise<JobStatus> =>
  home.until('web', (job) => job.state === 'running' && job.pid !== pid);
const FIGURE = String.raw`its memory was 2\d\d(\.\d)? MB, above the 150 MB of max_memory`;

interface Told {
  readonly cause: string;
  readonly state: string;
  readonly detail: string;
}

test('T-711 a job that grows above max_memory is restarted, and all who tell of it give the figure', async () => {
  home.write('jobs.toml', grower('max_memory = "150MB"') + sleeper('db', 'max_memory = "150MB"'));
  await home.apply();
  const [web, db] = [await home.job('web'), await home.job('db')];
  grow();
  const after = await restarted(web);
  expect(after.restarts).toBe(1);
  expect((await home.overseer('why', 'web')).stdout.replaceAll(/\s+/g, ' ')).toMatch(
    new RegExp(`It was restarted because ${FIGURE}\\.`),
  );
  const events = (await home.overseer('events', 'web', '--json')).stdout.trim().split('\n');
  const told = events.map((line) => JSON.parse(line) as Told);
  expect(told.filter(({ cause }) => cause === 'memory').map(({ state }) => state)).toContain('stopping');
  expect(told.find(({ cause }) => cause === 'memory')?.detail).toMatch(new RegExp(FIGURE));
  expect(readFileSync(`${home.data}/overseerd.log`, 'utf8')).toMatch(new RegExp(FIGURE));
  expect((await home.overseer('metrics')).stdout).toMatch(
    /^overseer_job_last_exit_unhealthy\{.*cause="memory".*\} 1$/m,
  );
  expect((await home.job('db')).pid).toBe(db.pid);
});

test('T-712 an adopted job is measured, and a change of max_memory applies in place', async () => {
  home.write('jobs.toml', grower(''));
  await home.apply();
  const web = await home.job('web');
  await home.killDaemon();
  home.write('jobs.toml', grower('max_memory = "150MB"'));
  const report = await home.apply();
  expect(report.changes).toMatchObject([{ action: 'update', detail: 'max_memory changed', pid: web.pid }]);
  await home.killDaemon();
  await home.overseer();
  expect((await home.job('web')).pid).toBe(web.pid);
  grow();
  await restarted(web);
  expect(existsSync(home.path('grow'))).toBe(false);
});

test('T-713 a one-shot that grows above max_memory has failed, and start gives the figure', async () => {
  home.write('jobs.toml', grower('max_memory = "150MB"\nrestart = "never"'));
  grow();
  await home.overseer('--no-wait');
  await home.until('web', ({ state }) => state === 'failed');
  grow();
  const again = await home.overseer('start', 'web');
  expect([again.code, again.stdout + again.stderr]).toEqual([1, expect.stringMatching(new RegExp(FIGURE))]);
});
