import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { awaited, fixture, kill } from './support/home.ts';
import { shellJob, sleeper } from './support/shell-job.ts';
import { SmallDisk, whyNoDisk } from './support/small-disk.ts';
import { home } from './support/fresh-home.ts';
import { left, commandLine, stateOf, daemonLog, applySleeper } from './support/host-state.ts';

const noDisk = whyNoDisk((path) => new SmallDisk(path, 64));

if (noDisk !== null) console.log(`the tests with a disk of their own are skipped: ${noDisk}`);

(noDisk === null ? describe : describe.skip)('a full disk', () => {
  let disk: SmallDisk;

  const onDisk = (): void => {
    disk = new SmallDisk(join(home.dir, 'data'), 2048);
  };

  afterEach(() => disk?.remove());

  test('T-121 a full disk refuses changes with the reason, keeps jobs running, and recovers by itself', async () => {
    onDisk();
    home.write('jobs.toml', sleeper('job') + sleeper('other'));
    await home.apply();
    const { pid } = await home.job('job');
    disk.fill();
    const stopped = await home.overseer('restart', 'other');
    const refused = await home.overseer('stop', 'job');
    expect([stopped.code, refused.code]).toEqual([1, 1]);
    expect(refused.stderr).toMatch(/disk|written/);
    expect(await home.job('job')).toMatchObject({ state: 'running', pid });
    disk.free();
    const again = await awaited(async () => {
      const ran = await home.overseer('restart', 'other');
      return ran.code === 0 ? ran : null;
    }, 'the recovery');
    expect(again.stderr).toBe('');
    expect((await home.status()).jobs).toMatchObject([
      { name: 'job', state: 'running', pid },
      { name: 'other', state: 'running' },
    ]);
    expect(left().length).toBe(2);
    await home.killDaemon();
    expect((await home.apply()).changes).toMatchObject([{ action: 'none', pid }, { action: 'none' }]);
  });

  test('T-122 a job that ends on a full disk comes back only when that can be written down', async () => {
    onDisk();
    const pid = await applySleeper();
    disk.fill();
    kill(pid, 'SIGKILL');
    await awaited(async () => /cannot be written/.test(daemonLog()) || null, 'the trouble');
    const programs = (): readonly number[] => left().filter((pid) => commandLine(pid)[0] === '/bin/sleep');
    // Its gate may be there; what is behind it may not.
    for (let count = 0; count < 10; count += 1)
      expect([(await home.status()).jobs.length, programs()]).toEqual([1, []]);
    disk.free();
    await home.until('job', (job) => job.state === 'running' && job.pid !== pid);
    expect(left().length).toBe(1);
  });

  test('T-123 a daemon started on a full disk starts nothing new and says so; the jobs are adopted later', async () => {
    onDisk();
    const pid = await applySleeper();
    await home.killDaemon();
    disk.fill();
    // Its record needs more than what is left of the journal's last page.
    home.write('more.toml', sleeper('new', `env = { LARGE = "${'x'.repeat(8192)}" }`));
    const refused = await home.overseer();
    expect(refused.code).toBe(1);
    expect(refused.stderr + refused.stdout).toMatch(/ENOSPC|no space|written/);
    expect(stateOf(pid)).toBe('S');
    disk.free();
    const report = await awaited(async () => {
      const { code, changes } = await home.apply();
      return code === 0 ? changes : null;
    }, 'the recovery');
    expect(report).toMatchObject([
      { job: 'job', action: 'none', pid },
      { job: 'new', state: 'running' },
    ]);
    expect(left().length).toBe(2);
  });

  test('T-124 a full disk at a rotation leaves the log as it is and the job running', async () => {
    onDisk();
    home.write(
      'jobs.toml',
      shellJob(
        'job',
        `seq 1 30000; "${fixture('counts-lines')}" 0.02`,
        'log = { max_size = "100KB", keep = 3 }',
      ),
    );
    await home.apply();
    await awaited(async () => existsSync(join(home.data, 'logs', 'job.log.1')) || null, 'a first rotation');
    const { pid } = await home.job('job');
    disk.fill();
    await awaited(
      async () =>
        /cannot rotate|cannot be written/.test(daemonLog()) ||
        existsSync(join(home.data, 'logs', 'job.log')) ||
        null,
      'a look',
    );
    expect(await home.job('job')).toMatchObject({ state: 'running', pid });
    expect(stateOf(pid ?? 0)).not.toBe('T');
  });

  test('T-125 a daemon on a read-only disk starts nothing and says so', async () => {
    onDisk();
    await applySleeper();
    await home.overseer('die');
    await awaited(async () => home.processes().length === 0 || null, 'the end of the daemon');
    disk.setReadOnly(true);
    const refused = await home.overseer();
    expect([refused.code, home.processes()]).toEqual([1, []]);
    expect(refused.stderr).toMatch(/can only be read/);
    disk.setReadOnly(false);
    expect((await home.apply()).changes).toMatchObject([{ action: 'start', state: 'running' }]);
  });
});
