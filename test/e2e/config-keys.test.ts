import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KEYS, type KeyName } from '../../src/config/schema/keys.ts';
import type { Change } from '../../src/plan/change.ts';
import type { ReportJson as Report } from '../../src/cli/words/change-words.ts';
import type { JobStatus } from '../../src/wire/messages.ts';
import { Home, awaited, fixture, kill } from './support/home.ts';
import { shellJob, sleeper } from './support/shell-job.ts';
import { logHolds } from './support/log-holds.ts';

let home: Home;
beforeEach(() => {
  home = new Home();
});
afterEach(() => home.dispose());

const inShort = (changes: readonly Change[]): readonly string[] =>
  changes.map(({ job, action, reason, state }) => `${job} ${action} ${reason} ${state}`);
const isTrue = (what: () => boolean, name: string): Promise<true> =>
  awaited(async () => what() || null, name);
const logged = (name: string, text: string): Promise<true> =>
  isTrue(() => home.log(name).includes(text), `${text} in the log of ${name}`);
const lifeOf = ({ pid, startedAt }: JobStatus): string => `${pid} ${startedAt}`;

describe('where and as what a job runs', () => {
  test('T-58 cwd is the home folder by default, expands ~ and $HOME, and is the test’s too', async () => {
    mkdirSync(home.path('deep'));
    writeFileSync(home.path('deep/flag'), '');
    const where = (name: string, cwd: string): string => shellJob(name, 'pwd; exec sleep 1000', cwd);
    home.write(
      'jobs.toml',
      where('home', '') +
        where('tilde', 'cwd = "~/deep"\ntest_command = "test -e flag"') +
        where('variable', 'cwd = "$HOME/deep"') +
        where('root', 'cwd = "/"\ntest_command = "test -e flag"'),
    );
    expect(inShort((await home.apply()).changes)).toEqual([
      'home start new running',
      'root none test-failed held',
      'tilde start new running',
      'variable start new running',
    ]);
    for (const name of ['home', 'tilde', 'variable']) await logged(name, '\n');
    expect(['home', 'tilde', 'variable'].map((name) => home.log(name))).toEqual([
      `${home.dir}\n`,
      `${home.path('deep')}\n`,
      `${home.path('deep')}\n`,
    ]);
  });

  test('T-59 umask is that of the command that started the daemon, unless the config has one', async () => {
    const tells = 'umask; exec sleep 1000';
    home.write('jobs.toml', shellJob('inherits', tells) + shellJob('own', tells, 'umask = "077"'));
    expect((await home.shell('umask 027; overseer')).code).toBe(0);
    await logged('inherits', '\n');
    await logged('own', '\n');
    expect([home.log('inherits'), home.log('own')]).toEqual(['0027\n', '0077\n']);
  });

  test('T-60 job_command is words or a table, and no shell runs it', async () => {
    const written = {
      words: `"printf '<%s>' 'a b' '$(id)' c"`,
      table: '{ exe = "printf", args = ["<%s>", "a b", "$(id)", "c"] }',
    };
    const jobs = Object.entries(written).map(
      ([name, command]) => `[[jobs]]\nname = "${name}"\njob_command = ${command}\n`,
    );
    home.write('jobs.toml', `[defaults]\nrestart = "never"\nstart_seconds = 0\n${jobs.join('')}`);
    await home.overseer();
    for (const name of ['words', 'table']) {
      await home.until(name, ({ state }) => state === 'finished');
      await logHolds(home, name, '<a b><$(id)><c>');
    }
  });

  test('T-61 [defaults] hold for each job without the key; env is merged', async () => {
    home.write(
      'a.toml',
      '[defaults]\nstart_seconds = 0\ncwd = "/"\nafter = ["first"]\nenv = { A = "default", B = "default" }\nstop_signal = "INT"\n',
    );
    const tells = '{ exe = "sh", args = ["-c", "echo $A $B $PWD; exec sleep 1000"] }';
    home.write(
      'b.toml',
      `[[jobs]]\nname = "first"\njob_command = ${tells}\nenv = { B = "own" }\ncwd = "~"\n[[jobs]]\nname = "second"\njob_command = ${tells}\n`,
    );
    await home.overseer();
    await logged('first', '\n');
    await logged('second', '\n');
    expect([home.log('first'), home.log('second')]).toEqual([
      `default own ${home.dir}\n`,
      'default default /\n',
    ]);
    const [first, second] = [await home.job('first'), await home.job('second')];
    expect(Date.parse(second.startedAt ?? '')).toBeGreaterThanOrEqual(Date.parse(first.startedAt ?? ''));
    await home.overseer('stop', '--all');
    expect((await home.job('second')).lastExit).toMatchObject({ signal: 'SIGINT' });
  });
});

describe('what happens when a job ends by itself', () => {
  const ends = (policy: string, code: number): string =>
    shellJob(
      `${policy}-${code}`,
      `echo run; exit ${code}`,
      `restart = "${policy}"\nbackoff = { min = 0.05, max = 0.05 }\nmax_restarts = 3`,
    );

  test('T-62 restart says whether it comes back: always, only after a failure, or never', async () => {
    home.write(
      'jobs.toml',
      ['always', 'on-failure', 'never'].flatMap((policy) => [ends(policy, 0), ends(policy, 3)]).join(''),
    );
    await home.overseer('--no-wait');
    const runs = (name: string): number => home.log(name).split('run\n').length - 1;
    for (const name of ['always-0', 'always-3', 'on-failure-3'])
      await isTrue(() => runs(name) > 1, `a second run of ${name}`);
    for (const name of ['on-failure-0', 'never-0', 'never-3']) {
      const state = name === 'never-3' ? 'failed' : 'finished';
      expect(await home.until(name, (job) => job.state === state)).toMatchObject({ restarts: 0 });
      await logHolds(home, name, 'run\n');
    }
  });

  test('T-63 a finished job stays finished through triggers, until its config changes or a start', async () => {
    const once = (more = ''): string => shellJob('once', 'echo run', `restart = "on-failure"\n${more}`);
    home.write('jobs.toml', once());
    await home.overseer();
    await home.until('once', ({ state }) => state === 'finished');
    expect(inShort((await home.apply()).changes)).toEqual([
      expect.stringMatching(/^once none \S+ finished$/),
    ]);
    await logHolds(home, 'once', 'run\n');
    await home.overseer('start', 'once');
    await isTrue(() => home.log('once') === 'run\nrun\n', 'the second run');
    await home.until('once', ({ state }) => state === 'finished');
    home.write('jobs.toml', once('env = { A = "1" }'));
    await home.overseer();
    await isTrue(() => home.log('once') === 'run\nrun\nrun\n', 'the third run');
  });

  test('T-64 the test is asked before a restart: a job that ends and is not wanted any more is held', async () => {
    writeFileSync(home.path('flag'), '');
    home.write('jobs.toml', sleeper('web', 'test_command = "test -e flag"'));
    await home.apply();
    const { pid } = await home.job('web');
    expect((await home.shell('rm flag')).code).toBe(0);
    kill(pid ?? 0, 'SIGKILL');
    expect(await home.until('web', ({ state }) => state === 'held')).toMatchObject({
      pid: null,
      test: { verdict: 'fail', exitCode: 1 },
    });
  });

  test('T-65 the test of a job that was stopped by hand is not run', async () => {
    const test = '{ exe = "sh", args = ["-c", "echo asked >> asked"] }';
    home.write('jobs.toml', sleeper('web', `test_command = ${test}`));
    await home.apply();
    await home.overseer('stop', 'web');
    const asked = readFileSync(home.path('asked'), 'utf8');
    expect(inShort((await home.apply()).changes)).toEqual(['web none by-hand stopped']);
    expect(readFileSync(home.path('asked'), 'utf8')).toBe(asked);
  });
});

describe('how a job is stopped', () => {
  test('T-66 stop_signal is what its whole group gets, with SIG before it or without', async () => {
    const script = `for s in INT USR1 TERM; do trap "echo got $s; exit 0" $s; done; echo up; while :; do :; done`;
    // What a shell starts in the background ignores SIGINT from the first.
    home.write(
      'jobs.toml',
      shellJob('group', `(${script}) & ${script}`, 'stop_signal = "SIGUSR1"') +
        shellJob('short', script, 'stop_signal = "INT"'),
    );
    await home.overseer();
    await isTrue(() => home.log('group') === 'up\nup\n' && home.log('short') === 'up\n', 'all of them');
    expect((await home.overseer('stop', '--all')).code).toBe(0);
    await logHolds(home, 'group', 'up\nup\ngot USR1\ngot USR1\n');
    await logHolds(home, 'short', 'up\ngot INT\n');
    expect([(await home.job('group')).lastExit, (await home.job('short')).lastExit]).toMatchObject([
      { code: 0 },
      { code: 0 },
    ]);
  });
});

describe('after', () => {
  test('T-67 a job starts when the one before it has finished with 0, and waits when it has failed', async () => {
    // Longer than it takes: a job that lives as long as its `start_seconds` counts as running, and is waited
    // for no more.
    const migrate = (code: number): string =>
      shellJob('migrate', `sleep 0.3; echo migrate >> order; exit ${code}`, 'restart = "never"').replace(
        'start_seconds = 0',
        'start_seconds = 60',
      );
    const web = shellJob('web', 'echo web >> order; exec sleep 1000', 'after = ["migrate"]');
    home.write('jobs.toml', migrate(1) + web);
    await home.overseer('--no-wait');
    await home.until('migrate', ({ pid, lastExit }) => pid === null && lastExit !== null);
    expect(await home.job('web')).toMatchObject({ state: 'waiting', pid: null });
    home.write('jobs.toml', migrate(0) + web);
    await home.overseer();
    await home.until('web', ({ state }) => state === 'running');
    await isTrue(() => readFileSync(home.path('order'), 'utf8').endsWith('web\n'), 'its word');
    expect(readFileSync(home.path('order'), 'utf8')).toBe('migrate\nmigrate\nweb\n');
  });
});

describe('log', () => {
  test('T-68 as many old logs as keep says are kept, truncate rotates too, and off never does', async () => {
    // No more than about 1 kB between two polls: one that writes more than `keep` allows has no older logs.
    const counts = (name: string, log: string): string =>
      `[[jobs]]\nname = "${name}"\nstart_seconds = 0\njob_command = { exe = "${fixture('counts-lines')}", args = ["0.02"] }\nlog = { ${log} }\n`;
    home.write(
      'jobs.toml',
      counts('kept', 'max_size = "2kB", keep = 2') +
        counts('cut', 'max_size = "2kB", keep = 2, rotate = "truncate"') +
        counts('off', 'max_size = "2kB", rotate = "off"'),
    );
    await home.overseer();
    const path = (name: string): string => join(home.data, 'logs', name);
    const firstLine = (name: string): number =>
      existsSync(path(name)) ? Number(readFileSync(path(name), 'utf8').split(' ')[1]) : 0;
    for (const name of ['kept', 'cut'])
      await isTrue(() => firstLine(`${name}.log.2`) > 200, `a fourth rotation of ${name}`);
    expect(
      ['kept', 'cut', 'off'].map((name) => existsSync(path(`${name}.log.${name === 'off' ? 1 : 3}`))),
    ).toEqual([false, false, false]);
    expect(firstLine('off.log')).toBe(1);
    for (const name of ['kept', 'cut', 'off'])
      expect(await home.job(name)).toMatchObject({ state: 'running', restarts: 0 });
  });
});

test('T-69 description is shown in status and why', async () => {
  home.write('jobs.toml', sleeper('web', 'description = "the shop front"'));
  await home.overseer();
  expect((await home.overseer('status')).stdout).toMatch(/^web .* the shop front$/m);
  expect((await home.overseer('why', 'web')).stdout).toContain('the shop front');
});

describe('a changed key', () => {
  /**
   * A value that is not the default, and changes nothing else about a job that is up. `name` and `instances`
   * are no change but another job, and `enabled` says whether it is up.
   */
  const CHANGES: Readonly<Record<Exclude<KeyName, 'name' | 'instances' | 'enabled'>, string>> = {
    job_command: 'job_command = "sleep 1001"',
    test_command: 'test_command = "true"',
    cwd: 'cwd = "/"',
    env: 'env = { A = "1" }',
    env_file: 'env_file = "some.env"',
    umask: 'umask = "077"',
    restart: 'restart = "never"',
    start_seconds: 'start_seconds = 0.5',
    backoff: 'backoff = { min = 1 }',
    max_restarts: 'max_restarts = 7',
    stop_signal: 'stop_signal = "INT"',
    stop_timeout: 'stop_timeout = 1',
    test_timeout: 'test_timeout = 1',
    test_interval: 'test_interval = 100',
    after: 'after = ["same"]',
    ready: 'ready = { command = "true" }',
    schedule: 'schedule = "every 10h"',
    watch: 'watch = ["none/*"]',
    log: 'log = { keep = 1 }',
    description: 'description = "new"',
    success_codes: 'success_codes = [0, 2]',
    run_at_start: 'run_at_start = true',
    tags: 'tags = ["a"]',
    limits: 'limits = { nofile = 300 }',
    nice: 'nice = 5',
    alive: 'alive = { command = "true" }',
    max_memory: 'max_memory = "1GiB"',
    stdin: 'stdin = true',
    on: 'on = { failed = "true" }',
    rolling: 'rolling = true',
  };

  test('T-70 a changed key restarts the job if the child sees it, and applies in place otherwise', async () => {
    const of = (key: string, more: string): string =>
      `[[jobs]]\nname = "${key}"\n${more.startsWith('job_command') ? '' : 'job_command = "sleep 1000"\n'}${more}\n`;
    const all = (written: (change: string) => string): string =>
      `[defaults]\nstart_seconds = 0\n${of('same', '')}${Object.entries(CHANGES)
        .map(([key, change]) => of(key, written(change)))
        .join('')}`;
    writeFileSync(home.path('some.env'), 'B=2\n');
    home.write(
      'jobs.toml',
      all(() => ''),
    );
    expect(
      (await home.apply()).changes.every(({ action, state }) => action === 'start' && state === 'running'),
    ).toBe(true);
    const before = new Map((await home.status()).jobs.map((job) => [job.name, lifeOf(job)]));
    home.write(
      'jobs.toml',
      all((change) => change),
    );
    const { changes } = await home.json<Report>('apply');
    const expected = KEYS.flatMap(({ name, restarts }) =>
      name in CHANGES ? [`${name} ${restarts ? 'restart' : 'update'} changed`] : [],
    );
    expect(changes.map(({ job, action, reason }) => `${job} ${action} ${reason}`).toSorted()).toEqual(
      [...expected, 'same none unchanged'].toSorted(),
    );
    const { jobs } = await home.status();
    const untouched = jobs.filter((job) => before.get(job.name) === lifeOf(job)).map(({ name }) => name);
    expect(untouched.toSorted()).toEqual(
      [
        'same',
        ...KEYS.flatMap(({ name, restarts }) => (name in CHANGES && !restarts ? [name] : [])),
      ].toSorted(),
    );
  });

  test('T-71 a renamed job is another job: the old one is removed, the new one started', async () => {
    home.write('jobs.toml', sleeper('old') + sleeper('other'));
    await home.apply();
    home.write('jobs.toml', sleeper('new') + sleeper('other'));
    expect(inShort((await home.apply()).changes)).toEqual([
      'new start new running',
      'old remove removed stopped',
      'other none unchanged running',
    ]);
  });
});
