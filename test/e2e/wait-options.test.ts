import { rmSync } from 'node:fs';
import type { ReportJson as Report } from '../../src/cli/words/change-words.ts';
import { sleeper } from './support/shell-job.ts';
import { home } from './support/fresh-home.ts';
import { inShort } from './support/in-short.ts';

/** It is `starting` for as long as the test lasts. */
const slow = (name: string): string => sleeper(name).replace('start_seconds = 0', 'start_seconds = 1000');

test('T-7 start and restart with --no-wait return while the job is still starting', async () => {
  home.write('jobs.toml', slow('web'));
  await home.apply('--no-wait');
  const { pid } = await home.job('web');
  await home.overseer('stop', 'web');
  expect(inShort((await home.json<Report>('start', 'web', '--no-wait')).changes)).toEqual([
    'web start by-hand starting',
  ]);
  expect(inShort((await home.json<Report>('restart', 'web', '--no-wait')).changes)).toEqual([
    'web restart by-hand starting',
  ]);
  expect(await home.job('web')).not.toMatchObject({ pid });
});

test('T-8 restart --all means every job', async () => {
  home.write('jobs.toml', sleeper('web') + sleeper('api'));
  await home.apply();
  expect(inShort((await home.json<Report>('restart', '--all')).changes)).toEqual([
    'api restart by-hand running',
    'web restart by-hand running',
  ]);
});

test('T-9 plan without any config is refused; with --allow-empty it shows what would stop', async () => {
  const file = home.write('jobs.toml', sleeper('web'));
  await home.apply();
  rmSync(file);
  expect((await home.overseer('plan')).code).toBe(78);
  expect((await home.overseer('plan', '--allow-empty')).stdout).toMatch(/^- web {2}remove /);
  await home.overseer('die', '--keep-jobs');
  expect(inShort((await home.json<Report>('plan', '--allow-empty')).changes)).toEqual([
    'web remove removed running',
  ]);
  expect((await home.overseer('plan')).code).toBe(78);
});
