import { importOf } from '../../../support/exchange/import-of.ts';

const app = (keys: object): ReturnType<typeof importOf> =>
  importOf({ 'ecosystem.json': JSON.stringify({ apps: [{ name: 'a', script: 'a.js', ...keys }] }) });

test('an app that is started by cron alone is a job with a schedule', () => {
  const { toml, remarks } = app({ cron_restart: '30 2 * * *', autorestart: false });
  expect(toml.split('\n')).toEqual(
    expect.arrayContaining(['schedule = "30 2 * * *"', 'run_at_start = true']),
  );
  expect(toml).not.toContain('restart =');
  expect(remarks).toEqual([]);
});

test('an app that cron restarts while it runs keeps its restart, and is told what to do instead', () => {
  const { toml, remarks } = app({ cron_restart: '30 2 * * *' });
  expect(toml).not.toContain('schedule');
  expect(remarks).toEqual([expect.stringContaining('cron_restart is left out: a job of its own can do it')]);
});
