import { home } from './support/fresh-home.ts';
import { isTrue } from './support/is-true.ts';
import { wholeLines } from './support/whole-lines.ts';

/** A job that runs a line of shell. */
function job(name: string, script: string, keys = ''): string {
  return `[[jobs]]\nname = "${name}"\nstart_seconds = 0\njob_command = { exe = "sh", args = ["-c", ${JSON.stringify(script)}] }\n${keys}\n`;
}

const SLEEPS = 'exec sleep 1000';

const lines = (name: string): readonly string[] => wholeLines(home.path(name));

describe('after', () => {
  const TELLS =
    'trap "echo $OVERSEER_JOB down >> told; exit 0" TERM; echo $OVERSEER_JOB up >> told; while :; do sleep 0.05; done';

  // Each takes a while where the other waits for it; only a line in its log makes the first one running.
  const DB = TELLS.replace(
    'echo $OVERSEER_JOB up >> told',
    'sleep 0.3; echo $OVERSEER_JOB up >> told; echo up',
  );
  const WEB = TELLS.replace('echo $OVERSEER_JOB down', 'sleep 0.3; echo $OVERSEER_JOB down');

  const both = (defaults = ''): string =>
    `${defaults}\n${job('db', DB, 'ready = { log = "up", interval = 0.05 }')}${job('web', WEB, 'after = ["db"]')}`;

  const IN_ORDER = ['web down', 'db down', 'db up', 'web up'];

  async function told(act: () => Promise<unknown>): Promise<readonly string[]> {
    await isTrue(() => lines('told').length === 2, 'both jobs');
    await act();
    await isTrue(() => lines('told').length === 6, 'both jobs again');
    return lines('told').slice(2);
  }

  test.each([
    ['restart of both by name', () => home.overseer('restart', 'db', 'web')],
    ['restart --all', () => home.overseer('restart', '--all')],
    [
      'changed environment of both',
      () => {
        home.write('jobs.toml', both('[defaults]\nenv = { A = "1" }'));
        return home.apply();
      },
    ],
  ])('a %s stops each before what it comes after, and starts it after that', async (_, act) => {
    home.write('jobs.toml', both());
    await home.apply();
    expect(await told(act)).toEqual(IN_ORDER);
    expect((await home.status()).jobs).toMatchObject([{ state: 'running' }, { state: 'running' }]);
  });

  test('a restart of one job touches no other, and a change of both while the daemon dies is kept', async () => {
    home.write('jobs.toml', both());
    await home.apply();
    await isTrue(() => lines('told').length === 2, 'both jobs');
    const { pid } = await home.job('web');
    await home.overseer('restart', 'db');
    expect(await home.job('web')).toMatchObject({ pid, restarts: 0 });
    home.write('jobs.toml', both('[defaults]\nenv = { A = "1" }'));
    await Promise.all([home.overseer(), home.overseer('die')]);
    await home.apply();
    expect((await home.apply()).changes).toMatchObject([{ action: 'none' }, { action: 'none' }]);
  });

  test('apply --no-wait and triggers do not wait for jobs that wait for others', async () => {
    home.write(
      'jobs.toml',
      job('db', SLEEPS, 'ready = { log = "never" }') + job('web', SLEEPS, 'after = ["db"]'),
    );
    const states = async (...args: readonly string[]): Promise<readonly string[]> =>
      (
        JSON.parse((await home.overseer(...args, '--json')).stdout) as {
          changes: readonly { job: string; action: string; state: string }[];
        }
      ).changes.map(({ job: name, action, state }) => `${name} ${action} ${state}`);
    expect(await states('apply', '--no-wait')).toEqual(['db start starting', 'web start waiting']);
    expect(await states('apply', '--no-wait')).toEqual(['db none starting', 'web none waiting']);
    home.write(
      'jobs.toml',
      job('db', SLEEPS, 'ready = { log = "never" }\ntest_command = "false"') +
        job('web', SLEEPS, 'after = ["db"]'),
    );
    expect(await states('apply')).toEqual(['db stop held', 'web none waiting']);
    expect(await states('restart', 'web', '--no-wait')).toEqual(['web none waiting']);
  });
});
