import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JobStatus } from '../../src/wire/messages.ts';
import { home } from './support/fresh-home.ts';
import { isTrue } from './support/is-true.ts';
import { wholeLines } from './support/whole-lines.ts';

/** A job that runs a line of shell. */
function job(name: string, script: string, keys = ''): string {
  return `[[jobs]]\nname = "${name}"\nstart_seconds = 0\njob_command = { exe = "sh", args = ["-c", ${JSON.stringify(script)}] }\n${keys}\n`;
}

const SLEEPS = 'exec sleep 1000';

const touch = (name: string, text = ''): void => writeFileSync(home.path(name), text);

const lines = (name: string): readonly string[] => wholeLines(home.path(name));

describe('watch', () => {
  const watching = (globs: string, script = SLEEPS, keys = ''): string =>
    job('web', script, `cwd = ${JSON.stringify(home.dir)}\nwatch = ${globs}\n${keys}`);

  /**
   * Does something again and again, with time for it to be noticed, until the job is as expected. What
   * watches may still be looking around.
   */
  async function changeUntil(
    isSo: (now: JobStatus) => boolean,
    change: (round: number) => void,
  ): Promise<number> {
    for (let round = 1; round <= 20; round += 1) {
      change(round);
      const end = performance.now() + 1_000;
      while (performance.now() < end) {
        const now = await home.job('web');
        if (isSo(now)) return round;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
    throw new Error('nobody noticed');
  }

  const isOld = ({ startedAt }: JobStatus): boolean =>
    startedAt !== null && Date.now() - Date.parse(startedAt) > 1_500;

  async function restartsAfter(change: (round: number) => void): Promise<number> {
    const { pid } = await home.until('web', ({ state }) => state === 'running');
    return changeUntil((now) => now.state === 'running' && now.pid !== pid, change);
  }

  test('T-102 a watched file that changes, appears, goes or is replaced restarts the job', async () => {
    mkdirSync(home.path('src'));
    touch('src/a.js');
    home.write('jobs.toml', watching('["src/**/*.js"]'));
    await home.apply();
    await restartsAfter((round) => touch('src/a.js', `${round}`));
    await restartsAfter((round) => {
      mkdirSync(home.path(`src/new${round}`), { recursive: true });
      touch(`src/new${round}/b.js`);
    });
    await restartsAfter((round) => {
      touch('src/a.js.tmp', `replaced ${round}`);
      renameSync(home.path('src/a.js.tmp'), home.path('src/a.js'));
    });
    await home.until('web', isOld);
    await restartsAfter(() => rmSync(home.path('src/a.js'), { force: true }));
    expect(readFileSync(join(home.data, 'overseerd.log'), 'utf8')).toContain('src/a.js changed');
  });

  test('T-103 files that no glob names, that a glob takes out, or in node_modules restart nothing', async () => {
    for (const folder of ['src', 'src/out', 'src/node_modules']) mkdirSync(home.path(folder));
    home.write(
      'jobs.toml',
      watching('["src/*"]') + job('all', SLEEPS, 'watch = ["src/**", "!src/*.{js,txt}", "!src/out"]'),
    );
    await home.apply();
    const before = await home.job('all');
    await restartsAfter(() => {
      for (const file of ['src/a.txt', 'src/out/a.js', 'src/node_modules/a.js', 'src/a.js'])
        touch(file, `${Math.random()}`);
    });
    expect(await home.job('all')).toEqual(before);
  });

  test('a job that writes a file that it watches each time it starts is not restarted for ever', async () => {
    home.write('jobs.toml', watching('["out"]', 'echo start >> starts; date > out; exec sleep 1000'));
    await home.apply();
    const rounds = await restartsAfter((round) => touch('out', `by hand ${round}`));
    await home.until('web', isOld);
    const { length } = lines('starts');
    expect(length).toBeLessThanOrEqual(1 + 4 + rounds + 4);
    const again = await restartsAfter((round) => touch('out', `by hand again ${round}`));
    await home.until('web', isOld);
    expect(lines('starts').length).toBeLessThanOrEqual(length + again);
  });

  test('a job that was stopped by hand is not started by a change, one that cannot come up is', async () => {
    touch('conf', 'bad');
    const script = 'test "$(cat conf)" = good || exit 1; exec sleep 1000';
    const keys = 'backoff = { min = 1000, max = 1000 }';
    home.write(
      'jobs.toml',
      watching('["conf"]', script, keys) +
        job('stopped', SLEEPS, `cwd = ${JSON.stringify(home.dir)}\nwatch = ["conf"]`),
    );
    await home.apply();
    await home.overseer('stop', 'stopped');
    await home.until('web', ({ state }) => state === 'backoff');
    await changeUntil(
      ({ state }) => state === 'running',
      () => touch('conf', 'good'),
    );
    expect(await home.job('stopped')).toMatchObject({ state: 'stopped', pid: null });
  });

  test('globs that come, change and go are followed without a restart', async () => {
    touch('one');
    touch('two');
    home.write('jobs.toml', watching('[]'));
    await home.apply();
    const { pid } = await home.job('web');
    home.write('jobs.toml', watching('["one"]'));
    expect((await home.apply()).changes).toMatchObject([{ action: 'update', pid }]);
    await restartsAfter((round) => touch('one', `${round}`));
    home.write('jobs.toml', watching('["two"]'));
    await home.apply();
    await restartsAfter((round) => touch('two', `${round}`));
    await home.overseer('die');
    await isTrue(() => home.processes().length === 0, 'the daemon gone');
  });
});
