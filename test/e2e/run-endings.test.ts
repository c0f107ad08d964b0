import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { awaited, ended, Home, kill, OVERSEER, type Ran } from './support/home.ts';
import { shellJob, sleeper } from './support/shell-job.ts';

let home: Home;
beforeEach(() => {
  home = new Home();
});
afterEach(() => home.dispose());

/** `overseer run` in the folder `shop`, to its end. */
function run(toml: string, ...args: readonly string[]): Promise<Ran> {
  const shop = home.path('shop');
  mkdirSync(join(shop, 'src'), { recursive: true });
  writeFileSync(join(shop, 'overseer.toml'), toml);
  return ended(home.spawn(OVERSEER, ['run', ...args], home.env, join(shop, 'src')));
}

const once = (name: string, script: string, more = ''): string =>
  shellJob(name, script, `restart = "never"\n${more}`);
const after = (...names: readonly string[]): string => `after = ${JSON.stringify(names)}\n`;

test.each([
  ['a one-shot that failed', once('a', 'exit 1'), 'a exited with 1'],
  [
    'a job that was given up',
    shellJob('a', 'exit 3', 'restart = "on-failure"\nmax_restarts = 1\nbackoff = { min = 0.01 }\n').replace(
      'start_seconds = 0\n',
      '',
    ),
    'a exited with 3',
  ],
  ['a job that cannot be started', once('a', 'exit 0', 'cwd = "/nowhere"\n'), 'a could not be started'],
  ['a job whose test says no for good', sleeper('a', 'test_command = "false"\n'), 'the test of a says no'],
])('run ends with 1 and names the cause when all the rest waits for %s', async (_, first, cause) => {
  const rest = sleeper('b', after('a')) + sleeper('c', after('b'));
  const { code, stdout, stderr } = await run(first + rest + once('done', 'exit 0'));
  expect(code).toBe(1);
  expect(stdout).toContain(`* will not start: ${cause}`);
  expect(stderr).toContain(`c will not start: ${cause}`);
});

test('run goes on while something is up or may yet come up', async () => {
  const shop = home.path('shop');
  const jobs = once('a', 'exit 1') + sleeper('b', after('a')) + sleeper('web');
  mkdirSync(shop);
  writeFileSync(join(shop, 'overseer.toml'), jobs);
  const running = home.spawn(OVERSEER, ['run'], home.env, shop);
  const end = ended(running);
  let shown = '';
  running.stdout.on('data', (chunk: Buffer) => (shown += chunk.toString()));
  await awaited(async () => (/b +\* will not start: a exited with 1/.test(shown) ? true : null), 'the cause');
  // A second terminal reaches it, in the folder of the project.
  const status = await ended(home.spawn(OVERSEER, ['--project', 'status', 'web'], home.env, shop));
  expect([status.code, running.exitCode]).toEqual([0, null]);
  const again = await ended(home.spawn(OVERSEER, ['run'], home.env, shop));
  expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('has a daemon already')]);
  await ended(home.spawn(OVERSEER, ['--project', 'stop', 'web'], home.env, shop));
  // A job that was stopped by hand may be started by hand again.
  expect((await ended(home.spawn(OVERSEER, ['--project', 'start', 'web'], home.env, shop))).code).toBe(0);
  kill(running.pid as number, 'SIGINT');
  expect((await end).code).toBe(1);
});

test('run JOB runs the job and those that it comes after, and no others', async () => {
  const toml = once('db', 'echo up') + once('web', 'echo served', after('db')) + once('other', 'exit 1');
  const { code, stdout } = await run(toml, 'web');
  expect(code).toBe(0);
  expect(stdout).toContain('web   | served');
  expect(stdout).toContain('db    | up');
  expect(stdout).not.toContain('other');
  expect((await run(toml, 'wbe')).stderr).toContain('did you mean "web"?');
});

test('T-443 run --exit-on-failure stops everything at the first run that fails', async () => {
  const toml = sleeper('web') + shellJob('flaky', 'exit 4', 'backoff = { min = 30 }\n');
  const { code, stdout, stderr } = await run(toml, '--exit-on-failure');
  expect([code, stderr]).toEqual([1, 'overseer: flaky exited with 4\n']);
  expect(stdout).toMatch(/web +\* stopped/);
});

test('a code that counts as success is no failure of run', async () => {
  expect((await run(once('a', 'exit 3', 'success_codes = [0, 3]\n'), '--exit-on-failure')).code).toBe(0);
});

test('a progress bar in run leaves the name of its job in place', async () => {
  const { stdout } = await run(once('bar', "printf '10%%\\r20%%\\r30%%\\r\\n'"));
  expect(stdout).toContain('bar | 30%\n');
  expect(stdout).not.toContain('\r');
});
