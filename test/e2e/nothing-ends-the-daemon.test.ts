import { appendFileSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { putLine } from '../../src/state/record.ts';
import { Home, OVERSEERD, awaited, ended, fixture, isAlive, kill } from './support/home.ts';
import { sleeper } from './support/shell-job.ts';

let home: Home;
beforeEach(() => {
  home = new Home();
});
afterEach(() => home.dispose());

const daemonLog = (): string => readFileSync(join(home.data, 'overseerd.log'), 'utf8');

/** A daemon with a mistake planted in it, and every job of the config started. */
async function beginWith(mistake: string): Promise<void> {
  const words = [fixture(mistake), OVERSEERD, '--apply'];
  void ended(home.spawn('--require', words));
  await home.serving();
}

async function pidOf(name: string): Promise<number> {
  const { pid } = await home.until(name, (job) => job.pid !== null);
  return pid as number;
}

/** The job is looked after: when it ends, it comes back. */
async function isLookedAfter(name: string): Promise<void> {
  const pid = await pidOf(name);
  kill(pid, 'SIGKILL');
  await home.until(name, (job) => job.pid !== null && job.pid !== pid && job.state === 'running');
}

describe('nothing ends the daemon', () => {
  test('T-162 an exception in a callback or a promise of a job is that job’s, and why says it', async () => {
    const probed = 'ready = { tcp = "127.0.0.1:1", interval = 0.1 }';
    home.write('jobs.toml', sleeper('bad', probed) + sleeper('good'));
    await beginWith('throws-at-port-1.cjs');
    const good = await pidOf('good');
    const daemon = home.daemonPid();
    const because = await awaited(async () => {
      const { stdout } = await home.overseer('why', 'bad');
      return /planted in a (callback|promise)/.test(stdout) ? stdout : null;
    }, 'the exception in why');
    expect(because).toMatch(/overseer itself failed at something for this job/);
    expect(because).toMatch(/please report it/);
    await awaited(
      async () => (/job bad bug: Error: planted in a callback/.test(daemonLog()) ? true : null),
      'the exception in the log',
    );
    expect(daemonLog()).toMatch(/job bad bug: Error: planted in a promise/);
    const { restarts, pid } = await home.job('good');
    expect([restarts, pid, home.daemonPid(), isAlive(daemon)]).toEqual([0, good, daemon, true]);
    expect((await home.overseer('why', 'good')).stdout).not.toMatch(/planted/);
    expect((await home.overseer('stop', 'bad')).code).toBe(0);
    await isLookedAfter('good');
  });

  test('T-163 an exception that belongs to no job is logged as a bug, and every job is looked after', async () => {
    home.write('jobs.toml', sleeper('web'));
    await beginWith('throws-once-served.cjs');
    await pidOf('web');
    const daemon = home.daemonPid();
    await awaited(
      async () => (/ bug: Error: planted in a (timer|promise) of nobody/.test(daemonLog()) ? true : null),
      'the bug in the log',
    );
    await isLookedAfter('web');
    expect([home.daemonPid(), isAlive(daemon)]).toEqual([daemon, true]);
    expect((await home.overseer('die')).code).toBe(0);
  });

  test('T-164 a kept state of no use costs its job a restart, and the other jobs and daemons nothing', async () => {
    home.write('jobs.toml', sleeper('bad') + sleeper('worse') + sleeper('good'));
    await home.apply();
    const good = await pidOf('good');
    const bad = await pidOf('bad');
    await home.killDaemon();
    const journal = join(home.data, 'state.journal');
    appendFileSync(
      journal,
      putLine('state:bad', { value: { want: 'Yes', test: 'Idle', child: 'Bogus' }, context: { run: 'x' } }),
    );
    appendFileSync(journal, putLine('config:worse', { number: 7, job: 'no job' }));
    expect((await home.apply()).code).toBe(0);
    const { pid } = await home.until('bad', (job) => job.state === 'running');
    expect([await pidOf('good'), isAlive(bad), pid === bad]).toEqual([good, false, false]);
    expect((await home.job('worse')).state).toBe('running');
    expect(daemonLog()).toMatch(/state: the record of bad cannot be used/);
  });

  test.each(['lock', 'logs/web.log'])('T-165 a link to itself in place of %s ends nothing', async (file) => {
    home.write('jobs.toml', sleeper('web'));
    await home.apply();
    const daemon = home.daemonPid();
    const path = join(home.data, file);
    rmSync(path);
    symlinkSync(path, path);
    // Longer than the daemon takes to look at each of its files.
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect([home.daemonPid(), isAlive(daemon), (await home.job('web')).state]).toEqual([
      daemon,
      true,
      'running',
    ]);
    rmSync(path);
  });
});
