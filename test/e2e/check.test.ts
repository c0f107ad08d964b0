import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { home } from './support/fresh-home.ts';
import { job } from './support/sleeps.ts';

test('T-43 check needs no daemon, counts what it read, and takes files from anywhere', async () => {
  home.write('a.toml', job('web'));
  home.write('b.toml', job('api'));
  expect(await home.overseer('check')).toEqual({ code: 0, stdout: 'ok: 2 jobs in 2 files\n', stderr: '' });
  const files = [join(home.config, 'a.toml'), join(home.config, 'b.toml')];
  expect(await home.json('check')).toEqual({ ok: true, files, jobs: 2, problems: [] });
  const elsewhere = home.path('elsewhere.toml');
  writeFileSync(elsewhere, `${job('web')}restrat = "never"\n`);
  const { code, stdout, stderr } = await home.overseer('check', 'elsewhere.toml');
  expect([code, stdout, stderr.split('\n')[0]]).toEqual([
    78,
    '',
    `${elsewhere}:6:1: jobs[0] "web": unknown key "restrat": did you mean "restart"?`,
  ]);
  expect(existsSync(home.data)).toBe(false);
});
