import { existsSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Home, awaited } from './support/home.ts';

let home: Home;
beforeEach(() => {
  home = new Home();
});
afterEach(() => home.dispose());

const talker = (name: string, keys = ''): string =>
  `[[jobs]]\nname = "${name}"\nstart_seconds = 0.05\njob_command = { exe = "sh", args = ["-c", "echo ${name}; exec sleep 1000"] }\n${keys}\n`;
const logged = (name: string): Promise<true> =>
  awaited(async () => home.log(name).includes('\n') || null, `the log of ${name}`);
const logs = (): readonly string[] =>
  readdirSync(join(home.data, 'logs')).filter((name) => !name.endsWith('.idx'));

test('T-457 clean lists what removed jobs left, deletes it if told to, and touches no other job', async () => {
  home.write(
    'jobs.toml',
    talker('old', 'restart = "on-failure"') + talker('web') + talker('many', 'instances = 2'),
  );
  await home.apply();
  for (const name of ['old', 'web', 'many@1', 'many@2']) await logged(name);
  expect(await home.overseer('clean')).toMatchObject({
    code: 0,
    stdout: 'nothing is left of removed jobs\n',
  });
  writeFileSync(home.path('elsewhere'), 'mine');
  symlinkSync(home.path('elsewhere'), join(home.data, 'logs', 'linked.log'));
  writeFileSync(join(home.data, 'logs', 'old.log.1'), 'older');
  home.write('jobs.toml', talker('web') + talker('many', 'instances = 1'));
  await home.apply();
  expect((await home.overseer('logs')).stdout).not.toMatch(/^old/m);
  expect((await home.overseer('logs', 'old')).stdout).toContain('old\n');
  const listed = await home.json<{ deleted: boolean; left: readonly { job: string; bytes: number }[] }>(
    'clean',
  );
  expect(listed.deleted).toBe(false);
  expect(listed.left.map(({ job }) => job)).toEqual(['linked', 'many@2', 'old']);
  const refused = await home.overseer('clean');
  expect([refused.code, refused.stdout]).toEqual([64, expect.stringMatching(/^old +\d+ B +\d files$/m)]);
  expect(logs()).toContain('old.log.1');
  expect(await home.overseer('clean', '--yes')).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/deleted\n$/),
  });
  expect(logs().toSorted()).toEqual(['many@1.log', 'web.log']);
  expect([existsSync(home.path('elsewhere')), existsSync(join(home.data, 'exits', 'old'))]).toEqual([
    true,
    false,
  ]);
  expect((await home.overseer('logs')).stdout).toContain('web');
});

test('clean deletes nothing if it is not known which jobs there are', async () => {
  home.write('jobs.toml', talker('old'));
  await home.apply();
  await logged('old');
  home.write('jobs.toml', 'no toml');
  expect((await home.overseer('clean', '--yes')).code).toBe(78);
  expect((await home.overseer('clean', '--yes', '--config', home.path('none'))).code).toBe(78);
  await home.overseer('die');
  expect((await home.overseer('clean', '--yes')).code).toBe(3);
  expect(logs()).toEqual(['old.log']);
});
