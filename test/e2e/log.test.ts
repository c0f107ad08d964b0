import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fixture } from './support/home.ts';
import { home } from './support/fresh-home.ts';
import { program, script } from './support/sleeps.ts';
import { logged } from './support/logged.ts';
import { logHolds } from './support/log-holds.ts';

test('T-188 a log holds long lines, and what was written just before the end without a line end', async () => {
  home.write('jobs.toml', program('brief', JSON.stringify(fixture('prints-and-ends')), 'restart = "never"'));
  await home.overseer();
  await home.until('brief', ({ state }) => state === 'finished');
  await logHolds(home, 'brief', `${'x'.repeat(20_000)}\nlast words`);
  expect((await home.overseer('logs', 'brief')).stdout).toBe(home.log('brief'));
});

test('T-189 a log comes back with the next start when its folder was removed', async () => {
  home.write('jobs.toml', script('web', 'echo here; exec sleep 1000'));
  await home.overseer();
  await logged('web', 'here');
  rmSync(join(home.data, 'logs'), { recursive: true });
  expect((await home.overseer('restart', 'web')).code).toBe(0);
  await logged('web', 'here');
});
