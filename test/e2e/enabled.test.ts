import { existsSync } from 'node:fs';
import type { Change } from '../../src/plan/change.ts';
import type { ReportJson as Report } from '../../src/cli/words/change-words.ts';
import { Home, kill } from './support/home.ts';
import { sleeper } from './support/shell-job.ts';

let home: Home;
beforeEach(() => {
  home = new Home();
});
afterEach(() => home.dispose());

const inShort = ({ job, action, reason, state, detail }: Change): string =>
  `${job} ${action} ${reason} ${state}${detail === '' ? '' : `: ${detail}`}`;
const applied = async (): Promise<readonly string[]> => (await home.apply()).changes.map(inShort);
const DISABLED = 'enabled = false\ntest_command = { exe = "sh", args = ["-c", "echo asked >> asked"] }';

test('T-701 a disabled job is held until somebody starts it, then stays up through crashes', async () => {
  home.write('jobs.toml', sleeper('web', DISABLED));
  const plan = await home.json<Report>('plan');
  expect(plan.changes.map(inShort)).toEqual(['web none new stopped: disabled in the config']);
  expect(await applied()).toEqual(['web none new held: disabled in the config']);
  expect(await applied()).toEqual(['web none unchanged held: disabled in the config']);
  expect((await home.overseer('plan')).stdout).toContain('held');
  expect((await home.overseer('why', 'web')).stdout).toContain(
    'It is disabled in the config: only `overseer start web` starts it.',
  );
  expect((await home.overseer('status', 'web')).code).toBe(3);
  expect(existsSync(home.path('asked'))).toBe(false);
  const restart = await home.json<Report>('restart', 'web');
  expect([restart.ok, restart.changes.map(inShort)]).toEqual([
    false,
    ['web none unchanged held: disabled in the config'],
  ]);
  expect((await home.overseer('wait', 'web', '--timeout', '20')).stderr).toContain('web is held');

  expect((await home.overseer('start', 'web')).code).toBe(0);
  expect(existsSync(home.path('asked'))).toBe(true);
  const { pid } = await home.job('web');
  expect(await applied()).toEqual(['web none unchanged running']);
  await home.killDaemon();
  expect(await applied()).toEqual(['web none unchanged running']);
  expect((await home.job('web')).pid).toBe(pid);
  kill(pid ?? 0, 'SIGKILL');
  await home.until('web', (job) => job.state === 'running' && job.pid !== pid);

  await home.overseer('stop', 'web');
  expect(await applied()).toEqual(['web none by-hand stopped: stopped by hand']);
});

test('T-702 a change to false stops the job, a change back starts it', async () => {
  home.write('jobs.toml', sleeper('web') + sleeper('db', 'after = ["web"]'));
  await home.apply();
  const db = await home.job('db');
  home.write('jobs.toml', sleeper('web', 'enabled = false') + sleeper('db', 'after = ["web"]'));
  const plan = await home.json<Report>('plan');
  expect(plan.changes.map(({ job, action, reason }) => `${job} ${action} ${reason}`)).toEqual([
    'db none unchanged',
    'web stop changed',
  ]);
  expect(await applied()).toEqual([
    'db none unchanged running',
    'web stop changed held: enabled changed; disabled in the config',
  ]);
  expect((await home.job('db')).pid).toBe(db.pid);
  home.write('jobs.toml', sleeper('web') + sleeper('db', 'after = ["web"]'));
  expect(await applied()).toEqual([
    'db none unchanged running',
    'web start changed running: enabled changed',
  ]);
});

test('T-703 after die, a disabled job that somebody had started does not come back', async () => {
  home.write('jobs.toml', sleeper('web', 'enabled = false') + sleeper('db'));
  await home.apply();
  await home.overseer('start', 'web');
  await home.overseer('die');
  const plan = await home.json<Report>('plan');
  expect(plan.changes.map(({ job, action, state }) => `${job} ${action} ${state}`)).toEqual([
    'db start stopped',
    'web none held',
  ]);
  expect(await applied()).toEqual([
    'db start not-running running',
    'web none unchanged held: disabled in the config',
  ]);
});
