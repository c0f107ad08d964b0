import { existsSync, statSync } from 'node:fs';
import { Home } from './support/home.ts';
import { sleeper } from './support/shell-job.ts';

let home: Home;
beforeEach(() => {
  home = new Home();
});
afterEach(() => home.dispose());

test('init --config FILE.toml writes that file, which works, and never over one that is there', async () => {
  const file = home.path('foo.toml');
  const { code, stdout } = await home.overseer('init', '--config', 'foo.toml');
  expect([code, statSync(file).isFile()]).toEqual([0, true]);
  expect(stdout).toContain(`wrote ${file}\nEdit it, then run \`overseer --config foo.toml\``);
  expect((await home.overseer('check', '--config', 'foo.toml')).code).toBe(0);
  expect((await home.overseer('init', '--config', 'foo.toml')).stdout).toContain('is there already');
});

test('--version --json is JSON', async () => {
  expect(JSON.parse((await home.overseer('--version', '--json')).stdout)).toEqual({
    version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
  });
});

test('a data folder below /proc is refused at once', async () => {
  const file = home.write('a.toml', sleeper('web'));
  const { code, stderr } = await home.overseer('--config', file, '--data', '/proc/x');
  expect([code, stderr]).toEqual([1, expect.stringContaining('cannot make the data folder /proc/x')]);
});

test('a lost config folder is reported without a line and a column', async () => {
  const file = home.write('a.toml', sleeper('web'));
  await home.apply('--config', file);
  const { code, stderr } = await home.overseer();
  expect([code, existsSync(home.config)]).toEqual([0, true]);
  expect(stderr).toBe('');
  const none = await home.overseer('--config', home.path('config'));
  expect(none.code).toBe(78);
  expect(none.stderr).toMatch(/^\S+\/config: no config file is here, but 1 job is known/);
});

test('words of other tools in place of jobs are answered with the right command', async () => {
  home.write('a.toml', sleeper('web'));
  await home.apply();
  expect((await home.overseer('restart', 'all')).stderr).toContain('`--all` means every job');
  expect((await home.overseer('start', 'api.js')).stderr).toContain('[[jobs]]');
});
