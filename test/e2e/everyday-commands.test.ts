import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { ReportJson as Report } from '../../src/cli/words/change-words.ts';
import type { Status, Transition } from '../../src/wire/messages.ts';
import { Home, OVERSEER, OVERSEERD, awaited, ended, fixture, within, type Ran } from './support/home.ts';

let home: Home;
beforeEach(() => {
  home = new Home();
});
afterEach(() => home.dispose());

const job = (name: string, more = '', command = 'sleep 1000'): string =>
  `[[jobs]]\nname = "${name}"\njob_command = "${command}"\nstart_seconds = 0.1\n${more}\n`;

/** A command that goes on, and what it has printed so far. */
class Going {
  readonly child: ChildProcessWithoutNullStreams;
  readonly end: Promise<Ran>;
  out = '';

  constructor(child: ChildProcessWithoutNullStreams) {
    this.child = child;
    this.child.stdout.on('data', (chunk: Buffer) => (this.out += chunk.toString()));
    this.end = ended(this.child);
  }

  until(what: string | RegExp): Promise<true> {
    return awaited(
      async () => (typeof what === 'string' ? this.out.includes(what) : what.test(this.out)) || null,
      `${what} in ${this.out}`,
    );
  }
}

/** Waits until the daemon has taken so many requests. */
const requests = (count: number): Promise<true> =>
  awaited(
    async () =>
      home
        .daemons()
        .at(-1)
        ?.filter(({ to }) => to === 'SendResponse').length === count || null,
    `${count} requests`,
  );

const going = (...args: readonly string[]): Going => new Going(home.begin({}, ...args));

const eventsIn = (out: string): readonly Transition[] =>
  out
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Transition);

/** The parts of the child region that a job went through. */
const childSteps = (events: readonly Transition[], id: string): readonly string[] =>
  events.flatMap((event) => (event.id === id ? (/child\.(\S+)/.exec(event.to)?.[1] ?? []) : []));

const STARTING = ['Up.Starting.Spawning', 'Up.Starting.Settling', 'Up.Running'];

describe('events', () => {
  test('T-73 the last transitions of each chart are remembered, and --json has one object a line as the contract names it', async () => {
    home.write('jobs.toml', job('web') + job('api'));
    await home.apply();
    const { code, stdout, stderr } = await home.overseer('events', '--verbose', '--json');
    const events = eventsIn(stdout);
    expect([code, stderr]).toEqual([0, '']);
    for (const event of events) {
      const isDaemon = event.id === String(home.daemonPid());
      const ofJob = {
        state: expect.any(String),
        cause: 'config',
        exit: null,
        file: null,
        nextStartAt: null,
        pid: event.to.includes('Spawning') ? null : expect.any(Number),
      };
      expect(event).toEqual({
        ...(isDaemon ? {} : ofJob),
        detail: expect.any(String),
        at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:]{8}\.\d{3}Z$/),
        machine: isDaemon ? 'daemon' : 'job',
        id: expect.stringMatching(/^(\d+|web|api)$/),
        event: expect.any(String),
        from: expect.any(String),
        to: expect.any(String),
      });
    }
    expect(childSteps(events, 'web')).toEqual(STARTING);
    expect(events.filter(({ machine }) => machine === 'daemon').map(({ to }) => to)).toEqual([
      'InitHomes',
      'OpenSocket',
      'ReceiveRequest',
      'ProcessRequest',
      'SendResponse',
      'ReceiveRequest',
      'ProcessRequest',
    ]);
    expect(eventsIn((await home.overseer('events', 'web', '--verbose', '--json')).stdout)).toEqual(
      events.filter(({ id }) => id === 'web'),
    );
    expect(
      (await home.overseer('events', 'web')).stdout
        .replaceAll(/\d\d:\d\d:\d\d\.\d{3}/g, 'TIME')
        .replace(/pid \d+/, 'pid N'),
    ).toBe(
      ['TIME  web        starting  new in the config', 'TIME  web        running   pid N', ''].join('\n'),
    );
  });

  test('T-74 -f shows what happens from now on, of jobs that come later too, and ends with 0 when the daemon does', async () => {
    home.write('jobs.toml', job('web'));
    await home.apply();
    const all = going('events', '-f', '--verbose', '--json');
    const some = going('events', '-f', 'w*');
    await all.until('ProcessRequest');
    await requests(3);
    home.write('more.toml', job('worker'));
    await home.apply();
    await home.overseer('restart', 'web');
    await home.overseer('die');
    const [allEnd, someEnd] = await Promise.all([within(all.end, 'the end'), within(some.end, 'the end')]);
    expect([allEnd.code, allEnd.stderr, someEnd.code, someEnd.stderr]).toEqual([0, '', 0, '']);
    const events = eventsIn(allEnd.stdout);
    expect(childSteps(events, 'worker').slice(0, 3)).toEqual(STARTING);
    expect(childSteps(events, 'web')).toEqual(expect.arrayContaining(['Ending.Stopping', ...STARTING]));
    expect(events.filter(({ machine }) => machine === 'daemon').at(-1)).toMatchObject({
      event: 'DIE',
      to: 'Exit',
    });
    expect(someEnd.stdout).toMatch(/^\S+ {2}worker {5}starting  new in the config$/m);
    expect(someEnd.stdout).not.toContain('overseerd');
  });

  test('Ctrl-C ends -f with 0, without a daemon it is 3, with an unknown job 4', async () => {
    home.write('jobs.toml', job('web'));
    expect((await home.overseer('events', '-f')).code).toBe(3);
    expect((await home.overseer('events')).code).toBe(3);
    await home.apply();
    expect((await home.overseer('events', 'wbe')).code).toBe(4);
    expect((await home.overseer('events', 'x*', '-f')).code).toBe(4);
    const following = going('events', '-f', '--verbose');
    await following.until('ProcessRequest');
    following.child.kill('SIGINT');
    expect(await within(following.end, 'the end')).toMatchObject({ code: 0, stderr: '' });
    const { code, stdout } = await within(
      home.shell('{ sleep 0.5; overseer status; } >&2 & overseer events -f --verbose | head -n 2'),
      'the end',
    );
    expect([code, stdout.split('\n').length]).toEqual([0, 3]);
  });
});

describe('wait', () => {
  test('T-75 returns when all of the jobs are running, and starts no daemon', async () => {
    home.write('jobs.toml', job('web').replace('0.1', '0.4') + job('api'));
    await home.overseer('--no-wait');
    expect(await home.overseer('wait', 'web')).toEqual({ code: 0, stdout: 'web is running\n', stderr: '' });
    await home.overseer('die');
    expect((await home.overseer('wait', '--all')).code).toBe(3);
    await home.overseer('--no-wait');
    expect(await home.overseer('wait', '--all')).toEqual({
      code: 0,
      stdout: '2 jobs are running\n',
      stderr: '',
    });
    const { pid } = await home.job('web');
    expect(await home.json('wait', 'web')).toMatchObject({
      ok: true,
      jobs: [{ name: 'web', state: 'running', pid }],
    });
  });

  test('T-76 hears of a state that comes much later', async () => {
    home.write('jobs.toml', job('web'));
    await home.apply();
    const waiting = going('wait', 'web', '--for', 'stopped');
    await requests(2);
    await home.overseer('stop', 'web');
    expect(await within(waiting.end, 'the end')).toEqual({ code: 0, stdout: 'web is stopped\n', stderr: '' });
  });

  test('T-77 gives up when the time is up, and says what was still under way', async () => {
    home.write('jobs.toml', job('web', 'ready = { command = "false", timeout = 60 }'));
    await home.overseer('--no-wait');
    expect(await home.overseer('wait', 'web', '--timeout', '0.3')).toEqual({
      code: 1,
      stdout: '',
      stderr: 'overseer: timed out after 0.3 s: web is starting\n',
    });
    expect(await home.json('wait', 'web', '--timeout', '0.1')).toMatchObject({
      ok: false,
      error: { code: 'timeout' },
    });
  });

  test('looks once, however little time it is given, and says with --json how the jobs are when the time is up', async () => {
    home.write('jobs.toml', job('web') + job('never', 'test_command = "false"'));
    await home.overseer();
    expect(await home.overseer('wait', 'web', '--timeout', '0')).toEqual({
      code: 0,
      stdout: 'web is running\n',
      stderr: '',
    });
    const late = await home.overseer('wait', '--all', '--timeout', '0', '--json');
    expect([late.code, JSON.parse(late.stdout)]).toEqual([
      1,
      {
        ok: false,
        jobs: (await home.json<Status>('status')).jobs,
        error: { code: 'timeout', message: 'timed out after 0 s: never is held' },
      },
    ]);
  });

  test('T-78 gives up when the state cannot come any more: the job has failed, is stopped or was removed', async () => {
    home.write('jobs.toml', job('bad', 'max_restarts = 1', 'false').replace('0.1', '5') + job('off'));
    home.write('more.toml', job('gone'));
    await home.overseer('--no-wait');
    expect(await home.overseer('wait', 'bad')).toEqual({
      code: 1,
      stdout: '',
      stderr:
        'overseer: bad is failed: exited with 1, so it will not be running by itself; `overseer why bad` says why\n',
    });
    expect((await home.overseer('wait', 'bad', '--for', 'failed')).code).toBe(0);
    await home.overseer('stop', 'off');
    expect((await home.overseer('wait', 'off', 'bad')).stderr).toContain('off is stopped, bad is failed');
    const waiting = going('wait', 'gone', '--for', 'finished');
    await requests(6);
    home.write('more.toml', '');
    await home.overseer('--no-wait');
    expect((await within(waiting.end, 'the end')).stderr).toBe(
      'overseer: gone was removed, so it will not be finished by itself\n',
    );
  });

  test('an unknown job is 4, an unknown state 64 with the nearest one, and so is none at all', async () => {
    home.write('jobs.toml', job('web'));
    await home.apply();
    expect((await home.overseer('wait', 'wbe')).code).toBe(4);
    expect(await home.overseer('wait', 'web', '--for', 'runing')).toEqual({
      code: 64,
      stdout: '',
      stderr:
        'overseer: --for: there is no state runing: did you mean "running"?\nTry `overseer wait --help`.\n',
    });
    for (const words of ['wait', 'wait web --all', 'wait web --timeout soon', 'wait web --timeout -1'])
      expect([words, (await home.overseer(...words.split(' '))).code]).toEqual([words, 64]);
  });
});

describe('patterns', () => {
  const five =
    job('web', 'instances = 2') + job('web-admin') + job('api') + job('off', 'test_command = "false"');
  const names = (status: Status): string => status.jobs.map(({ name }) => name).join(' ');

  test('`*` and `?` mean every job that they match, in each command that takes jobs', async () => {
    home.write('jobs.toml', five);
    await home.overseer();
    expect(names(await home.json<Status>('status', 'web*'))).toBe('web-admin web@1 web@2');
    expect(names(await home.json<Status>('status', 'we?'))).toBe('web@1 web@2');
    expect(names(await home.json<Status>('status', '*@2', 'a?i'))).toBe('web@2 api');
    expect((await home.overseer('status', 'web*')).code).toBe(0);
    expect(await home.json('signal', 'CONT', 'web@*')).toEqual({ signalled: ['web@1', 'web@2'] });
    expect((await home.overseer('stop', 'web?*')).stdout).toContain('3 stopped');
    expect((await home.overseer('start', 'web@*')).stdout).toContain('2 started');
    expect((await home.overseer('restart', '*@1')).stdout).toContain('1 restarted');
    expect((await home.overseer('wait', 'web@*')).stdout).toBe('2 jobs are running\n');
  });

  test('T-79 --all means every job; of those that a pattern matches, a signal reaches what runs', async () => {
    home.write('jobs.toml', five);
    await home.overseer();
    expect(await home.json('signal', 'CONT', '--all')).toEqual({
      signalled: ['api', 'web-admin', 'web@1', 'web@2'],
    });
    expect(names(await home.json<Status>('status', '--all'))).toBe('api off web-admin web@1 web@2');
    expect((await home.overseer('wait', '--all', '--timeout', '0.2')).stderr).toContain('off is held');
    for (const words of [
      'status web --all',
      'signal HUP web --all',
      'logs web --all',
      'wait web --all',
      'stop web --all',
    ]) {
      expect([words, (await home.overseer(...words.split(' '))).code]).toEqual([words, 64]);
    }
  });

  test('a pattern that matches nothing is no such job', async () => {
    home.write('jobs.toml', five);
    await home.overseer();
    for (const words of [
      'start x*',
      'stop x*',
      'restart x*',
      'signal HUP x*',
      'status x*',
      'logs x*',
      'wait x*',
      'events x*',
      'status api x*',
    ])
      expect([words, (await home.overseer(...words.split(' '))).code]).toEqual([words, 4]);
    expect((await home.status()).jobs.every(({ restarts }) => restarts === 0)).toBe(true);
  });

  test('T-80 logs match the names of the logs, without a daemon too', async () => {
    home.write('jobs.toml', job('web', '', 'echo hello') + job('api', '', 'echo hi') + job('silent'));
    await home.overseer('--no-wait');
    await awaited(async () => (home.log('web') !== '' && home.log('api') !== '') || null, 'their output');
    await home.overseer('die');
    expect((await home.overseer('logs', '[aw]*')).code).toBe(4);
    expect((await home.overseer('logs', '-n', '1', 'w*')).stdout).toBe('web | hello\n');
    expect((await home.overseer('logs', '-n', '1', '?pi', 'web')).stdout).toBe('api | hi\nweb | hello\n');
    expect((await home.overseer('logs', '-n', '1', '--all')).stdout).toBe('api    | hi\nweb    | hello\n');
  });
});

describe("folders of one's own", () => {
  const names = (report: {
    readonly changes: readonly { readonly job: string; readonly action: string }[];
  }): readonly string[] => report.changes.map(({ job: name, action }) => `${action} ${name}`);
  const environment = (pid: number | null): readonly string[] =>
    readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').toSorted();

  beforeEach(() => {
    mkdirSync(home.path('ops'));
    writeFileSync(home.path('ops/jobs.toml'), job('web') + job('only-here'));
  });

  test('T-81 --config and --data name another daemon with jobs of its own, and every command reaches it by them', async () => {
    home.write('jobs.toml', job('web'));
    const usual = await home.apply();
    const other = await home.apply('--config', 'ops', '--data', 'ops/state');
    expect([names(usual), names(other)]).toEqual([['start web'], ['start only-here', 'start web']]);
    const mine = await home.json<Status>('status', '--data', 'ops/state');
    expect(mine.jobs.map(({ name, state }) => `${name} ${state}`)).toEqual([
      'only-here running',
      'web running',
    ]);
    expect(mine.daemon.pid).not.toBe(home.daemonPid());
    // Whose it is cannot be taken for the other's by its environment, so nothing of the one is ended with the other.
    await home.overseer('restart', 'web', '--data', 'ops/state');
    await home.overseer('stop', 'web', '--data', 'ops/state');
    expect(await home.job('web')).toMatchObject({
      state: 'running',
      pid: usual.changes[0]?.pid,
      restarts: 0,
    });
    expect((await home.overseer('check', '--config', 'ops')).stdout).toBe('ok: 2 jobs in 1 file\n');
    expect((await home.overseer('die', '--data', 'ops/state')).stdout).toBe(
      'the daemon has ended, 1 job stopped\n',
    );
    expect((await home.overseer('status', '--data', 'ops/state')).code).toBe(3);
    expect(existsSync(home.path('ops/state/logs/only-here.log'))).toBe(true);
  });

  test('OVERSEER_CONFIG and OVERSEER_DATA do the same, jobs have them too, and an option goes before them', async () => {
    const env = { OVERSEER_CONFIG: home.path('ops'), OVERSEER_DATA: home.path('state') };
    const { stdout } = await ended(home.begin(env, '--json'));
    const report = JSON.parse(stdout) as Report;
    expect(names(report)).toEqual(['start only-here', 'start web']);
    const base = [
      `HOME=${home.dir}`,
      'LANG=C.UTF-8',
      `PATH=${home.env['PATH']}`,
      'USER=tester',
      `XDG_CONFIG_HOME=${home.path('config')}`,
      `XDG_DATA_HOME=${home.path('data')}`,
    ];
    const own = environment(report.changes[0]?.pid ?? null).filter(
      (line) => line !== '' && !/^(PWD|OVERSEER_ID)=/.test(line),
    );
    expect(own).toEqual(
      [
        ...base,
        'OVERSEER_JOB=only-here',
        `OVERSEER_CONFIG=${env.OVERSEER_CONFIG}`,
        `OVERSEER_DATA=${env.OVERSEER_DATA}`,
      ].toSorted(),
    );
    home.write('jobs.toml', job('usual'));
    const usual = await ended(
      home.begin(env, 'apply', '--json', '--config', home.config, '--data', home.data),
    );
    const seen = environment((JSON.parse(usual.stdout) as Report).changes[0]?.pid ?? null);
    expect(seen.filter((line) => /^OVERSEER_(?!ID)/.test(line))).toEqual(['OVERSEER_JOB=usual']);
  });

  test('a config that is named by hand and is not there is an error, unless having none is meant', async () => {
    home.write('jobs.toml', job('web'));
    await home.apply();
    const gone = home.path('gone');
    for (const line of [['apply'], ['plan'], ['check']]) {
      const { code, stderr } = await home.overseer(...line, '--config', 'gone');
      expect([line, code, stderr]).toEqual([
        line,
        78,
        `overseer: there is no ${gone}, which --config names\n`,
      ]);
    }
    const error = { code: 'no-config', message: `there is no ${gone}, which OVERSEER_CONFIG names` };
    const refused = await ended(home.begin({ OVERSEER_CONFIG: gone }, '--json'));
    expect([refused.code, JSON.parse(refused.stdout)]).toEqual([
      78,
      { ok: false, changes: [], problems: [], error },
    ]);
    const { code, stderr } = await ended(
      home.spawn(OVERSEERD, ['--apply'], {
        ...home.env,
        OVERSEER_CONFIG: gone,
        OVERSEER_DATA: home.path('d'),
      }),
    );
    expect([code, stderr]).toEqual([78, `overseerd: there is no ${gone}, which OVERSEER_CONFIG names\n`]);
    expect((await home.job('web')).state).toBe('running');
    expect((await home.overseer('status', '--config', 'gone')).code).toBe(0);
    expect(
      (await home.apply('--config', 'gone', '--allow-empty')).changes.map(({ action }) => action),
    ).toEqual(['remove']);
    expect((await home.overseer('init', '--config', 'gone')).code).toBe(0);
  });

  test('T-82 a data folder that holds something else is refused and left as it is, and so is no folder at all', async () => {
    writeFileSync(home.path('ops/notes'), 'mine');
    chmodSync(home.path('ops'), 0o755);
    const refused = await home.overseer('--data', 'ops');
    expect([refused.code, refused.stderr]).toEqual([
      1,
      `overseer: the data folder ${home.path('ops')} holds something else than overseer's; name a folder of its own\n`,
    ]);
    expect([statSync(home.path('ops')).mode & 0o777, readdirSync(home.path('ops'))]).toEqual([
      0o755,
      ['jobs.toml', 'notes'],
    ]);
    for (const words of [
      ['--data', ''],
      ['status', '--config', ''],
      ['status', '--data'],
    ])
      expect([words, (await home.overseer(...words)).code]).toEqual([words, 64]);
  });
});

describe('completion', () => {
  /** What a shell offers after each line. */
  async function complete(shell: string, lines: readonly string[]): Promise<readonly string[]> {
    const { code, stdout, stderr } = await home.shell(
      `${shell} ${[fixture(`completes.${shell}`), ...lines].map((word) => `'${word}'`).join(' ')}`,
    );
    expect([code, stderr]).toEqual([0, '']);
    return stdout.split('\n').slice(0, -1);
  }
  const isThere = (shell: string): boolean =>
    (process.env['PATH'] ?? '').split(':').some((folder) => existsSync(join(folder, shell)));
  const testIn = (shell: string): typeof test => (isThere(shell) ? test : test.skip);

  test('T-83 in bash commands, options, their values and the names of jobs are completed, those too that bash would take apart', async () => {
    home.write('jobs.toml', job('web', 'instances = 2') + job('worker') + job('a:b'));
    await home.overseer();
    const lines = [
      'overseer st',
      'overseer stop w',
      'overseer --json stop web@',
      'overseer start a:',
      'overseer wait --for s',
      'overseer wait --for=ru',
    ];
    const more = [
      'overseer logs -n ',
      'overseer signal H',
      'overseer signal HUP wo',
      'overseer start --',
      'overseer completion ',
      'overseer machines --format s',
    ];
    expect(await complete('bash', [...lines, ...more])).toEqual([
      'overseer st => status start stop',
      'overseer stop w => web web@1 web@2 worker',
      'overseer --json stop web@ => 1 2',
      'overseer start a: => b',
      'overseer wait --for s => starting stopping stopped',
      'overseer wait --for=ru => running',
      'overseer logs -n  => ',
      'overseer signal H => HUP',
      'overseer signal HUP wo => worker',
      'overseer start -- => --all --no-wait --json --no-color --config --data --project --help --version',
      'overseer completion  => bash zsh fish',
      'overseer machines --format s => svg',
    ]);
  });

  test('without a daemon the jobs of the config and of the logs are offered, none is started, and --data asks where it says', async () => {
    home.write('jobs.toml', job('web') + job('api'));
    mkdirSync(home.path('other/logs'), { recursive: true });
    writeFileSync(home.path('other/logs/old.log'), '');
    const lines = ['overseer start ', `overseer --data ${home.path('other')} start o`];
    expect(await complete('bash', lines)).toEqual(['overseer start  => api web', `${lines[1]} => old`]);
    expect([home.daemons(), existsSync(home.data)]).toEqual([[], false]);
    home.write('bad.toml', '[[jobs]]');
    expect(await complete('bash', ['overseer st', 'overseer start '])).toEqual([
      'overseer st => status start stop',
      'overseer start  => ',
    ]);
  });

  testIn('zsh')('in zsh the same are offered', async () => {
    home.write('jobs.toml', job('web') + job('worker'));
    expect(
      await complete('zsh', [
        'overseer start ',
        'overseer signal HUP ',
        'overseer completion ',
        'overseer die -',
      ]),
    ).toEqual([
      'overseer start  => web worker',
      'overseer signal HUP  => web worker',
      'overseer completion  => bash zsh fish',
      'overseer die - => --keep-jobs --json --no-color --config --data --project --help -h --version -V',
    ]);
  });

  testIn('fish')('in fish the same are offered', async () => {
    home.write('jobs.toml', job('web') + job('worker'));
    expect(
      await complete('fish', [
        'overseer start w',
        'overseer signal HUP wo',
        'overseer completion ',
        'overseer die --k',
      ]),
    ).toEqual([
      'overseer start w => web worker',
      'overseer signal HUP wo => worker',
      'overseer completion  => bash fish zsh',
      'overseer die --k => --keep-jobs',
    ]);
  });

  test('T-84 the shell is that of the environment unless it is named', async () => {
    const begin = async (shell: string): Promise<string> =>
      (await ended(home.begin({ SHELL: shell }, 'completion'))).stdout.split('\n')[0] ?? '';
    expect([await begin('/bin/zsh'), await begin('/usr/local/bin/fish')]).toEqual([
      '#compdef overseer',
      expect.stringContaining('# fish'),
    ]);
    expect(await home.overseer('completion')).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('which shell?'),
    });
    expect(await home.overseer('completion', 'bsh')).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('did you mean "bash"?'),
    });
  });
});

describe('run', () => {
  const shell = (name: string, script: string, more = ''): string =>
    `[[jobs]]\nname = "${name}"\njob_command = { exe = "sh", args = ["-c", ${JSON.stringify(script)}] }\nstart_seconds = 0.1\n${more}\n`;
  const lines = (out: string): readonly string[] =>
    out
      .replaceAll(/pid \d+/g, 'pid N')
      .split('\n')
      .slice(0, -1);
  const project = (text: string): void => writeFileSync(home.path('project/overseer.toml'), text);

  beforeEach(() => mkdirSync(home.path('project/api'), { recursive: true }));

  test('T-85 shows what the jobs of a folder print and what becomes of them; Ctrl-C stops them in order and is exit code 0', async () => {
    project(
      shell('web', 'echo in $PWD; exec sleep 1000', 'after = ["api"]') +
        shell('api', 'pwd; exec sleep 1000', 'cwd = "api"'),
    );
    home.write('jobs.toml', job('usual'));
    const run = going('run', 'project');
    await run.until('web | in');
    expect(await home.overseer('status')).toMatchObject({ code: 3 });
    expect((await home.overseer('run', 'project/overseer.toml')).stderr).toContain('is under way');
    run.child.kill('SIGINT');
    const { code, stdout, stderr } = await within(run.end, 'the end');
    expect([code, stderr]).toEqual([0, 'overseer: stopping; once more to kill what is left\n']);
    expect(lines(stdout)).toEqual([
      'web * waits for the jobs that it comes after',
      'api * started, pid N',
      `api | ${home.path('project/api')}`,
      'web * started, pid N',
      `web | in ${home.path('project')}`,
      'web * stopping',
      'web * stopped',
      'api * stopping',
      'api * stopped',
    ]);
    expect(home.processes()).toEqual([]);
  });

  test('T-86 ends by itself when every job has ended, with 1 when one has failed for good, and runs them all the next time', async () => {
    project(
      shell('once', 'echo done', 'restart = "never"') +
        shell('bad', 'echo oh; exit 3', 'max_restarts = 2').replace('0.1', '5'),
    );
    for (let time = 1; time <= 2; time += 1) {
      const { code, stdout, stderr } = await within(going('run', 'project').end, 'the end');
      expect([code, stderr]).toEqual([1, '']);
      expect(lines(stdout).filter((line) => line.startsWith('once'))).toEqual(
        ['started, pid N', 'done', 'exited with 0', 'finished'].map(
          (words) => `once ${words === 'done' ? '|' : '*'} ${words}`,
        ),
      );
      expect(lines(stdout).filter((line) => line.startsWith('bad '))).toEqual([
        'bad  * started, pid N',
        'bad  | oh',
        'bad  * exited with 3',
        'bad  * next start in 0.1 s',
        'bad  * started, pid N',
        'bad  | oh',
        'bad  * exited with 3',
        'bad  * failed, and is not started again',
      ]);
    }
    project(shell('once', 'echo done', 'restart = "never"'));
    expect((await within(going('run', 'project').end, 'the end')).code).toBe(0);
  });

  test('--json tells the events of this run alone, whatever the last one has left', async () => {
    project(shell('once', 'exit 0', 'restart = "never"') + shell('gone', 'exit 0', 'restart = "never"'));
    await within(going('run', 'project').end, 'the end');
    project(shell('once', 'exit 0', 'restart = "never"'));
    const { stdout } = await within(going('run', 'project', '--json').end, 'the end');
    const [first, ...rest] = eventsIn(stdout);
    expect([first?.id, first?.event, first?.from]).toEqual(['once', 'begin', '']);
    expect([...new Set(rest.map(({ id }) => id))]).toEqual(['once']);
  });

  test.each([
    ['exit 3', 1],
    ['kill -9 $$', 1],
    ['exit 0', 0],
  ])('a job that is run once by `%s` makes the exit code %i', async (script, code) => {
    project(shell('once', script, 'restart = "never"') + shell('fine', 'exit 0', 'restart = "never"'));
    expect((await within(going('run', 'project').end, 'the end')).code).toBe(code);
  });

  test('a second Ctrl-C kills what does not end', async () => {
    project(
      `[[jobs]]\nname = "deaf"\njob_command = "${fixture('ignores-term')}"\nstop_timeout = 1000\nstart_seconds = 0.5\n`,
    );
    home.write('jobs.toml', job('usual'));
    const run = going('run', 'project');
    await run.until('deaf * started');
    await new Promise((resolve) => setTimeout(resolve, 300));
    run.child.kill('SIGTERM');
    await run.until('stopping');
    run.child.kill('SIGINT');
    expect((await within(run.end, 'the end')).code).toBe(0);
    expect(home.processes()).toEqual([]);
  });

  test('when it is killed itself, or its reader leaves, its jobs and its daemon end too', async () => {
    project(shell('web', 'while :; do echo tick; sleep 0.1; done'));
    const run = going('run', 'project');
    await run.until('tick');
    run.child.kill('SIGKILL');
    await awaited(async () => home.processes().length === 0 || null, 'nothing left');
    expect(
      (await within(home.shell('overseer run project | head -n 3'), 'the end')).stdout.split('\n'),
    ).toHaveLength(4);
    await awaited(async () => home.processes().length === 0 || null, 'nothing left');
  });

  test('a config with problems, or none, is 78 and runs nothing', async () => {
    project('[[jobs]]\nname = "web"\n');
    expect(await home.overseer('run', 'project')).toMatchObject({
      code: 78,
      stderr: expect.stringContaining('overseer.toml:1:1'),
    });
    expect(await home.overseer('run')).toMatchObject({
      code: 78,
      stderr: expect.stringContaining(`there is no ${home.path('overseer.toml')}`),
    });
    project('');
    expect(await home.overseer('run', 'project')).toMatchObject({
      code: 78,
      stderr: expect.stringContaining('there is no job in'),
    });
    expect(existsSync(home.data)).toBe(false);
  });

  test('T-87 --config may name one file: its jobs run in its folder, and so does a relative cwd', async () => {
    project(job('web') + job('api', 'cwd = "api"'));
    const report = await home.apply('--config', 'project/overseer.toml');
    expect(report.changes.map(({ pid }) => readlinkSync(`/proc/${pid}/cwd`))).toEqual([
      home.path('project/api'),
      home.path('project'),
    ]);
    expect((await home.overseer('check', '--config', 'project/overseer.toml')).stdout).toBe(
      'ok: 2 jobs in 1 file\n',
    );
  });
});

describe('logs with times', () => {
  interface Line {
    readonly at: string;
    readonly line: string;
  }
  /** A job that says in each line what time it is, in seconds. */
  const clock = (name: string, more = '', every = 0.2): string =>
    `[[jobs]]\nname = "${name}"\njob_command = { exe = "sh", args = ["-c", "while :; do date +%s.%N; sleep ${every}; done"] }\n${more}\n`;
  const linesOf = (stdout: string): readonly Line[] =>
    stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Line);
  /** Half a second, and patience with a machine that has a lot to do. */
  const LATE_SECONDS = 3;
  /** How far what is said of each line is from what it says itself, in seconds: it may be told later, not earlier. */
  const expectExact = (lines: readonly Line[]): void => {
    for (const { at, line } of lines) {
      const late = Date.parse(at) / 1000 - Number(line);
      expect([line, late > -0.05 && late < LATE_SECONDS]).toEqual([line, true]);
    }
  };

  test('T-88 -t says of each line when it was written, to about half a second, across restarts and of a job that has ended', async () => {
    home.write('jobs.toml', clock('clock'));
    await home.overseer('--no-wait');
    await awaited(async () => home.log('clock').split('\n').length > 12 || null, 'a dozen lines');
    await home.overseer('restart', 'clock');
    await awaited(async () => home.log('clock').split('\n').length > 20 || null, 'more lines');
    await home.overseer('die');
    const lines = linesOf((await home.overseer('logs', '-t', '-n', '1000', '--json', 'clock')).stdout);
    expect(lines.length).toBeGreaterThan(15);
    expectExact(lines);
    const { stdout } = await home.overseer('logs', '-t', '-n', '2', 'clock');
    expect(stdout).toMatch(/^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \d+\.\d+\n){2}$/);
    home.write('more.toml', job('other', '', 'echo hello'));
    await home.overseer('--no-wait');
    await awaited(async () => home.log('other') !== '' || null, 'its output');
    expect((await home.overseer('logs', '-t', '-n', '1', '--all')).stdout).toMatch(
      /^clock \| \d{4}\S+ \S+ \d+\.\d+\nother \| \d{4}\S+ \S+ hello\n$/,
    );
  });

  test('T-89 the times stay with the lines when the log is rotated', async () => {
    home.write('jobs.toml', clock('clock', 'log = { max_size = 600, keep = 3 }', 0.05));
    await home.overseer('--no-wait');
    await awaited(async () => existsSync(join(home.data, 'logs', 'clock.log.2')) || null, 'two rotations');
    await home.overseer('stop', 'clock');
    const lines = linesOf((await home.overseer('logs', '-t', '-n', '100000', '--json', 'clock')).stdout);
    expect(lines.length).toBeGreaterThan(30);
    expectExact(lines);
    const files = readdirSync(join(home.data, 'logs')).filter(
      (name) => name.startsWith('clock.log.') && name !== 'clock.log.idx',
    );
    const rotated = files.filter((name) => !name.endsWith('.idx'));
    expect(files.filter((name) => name.endsWith('.idx')).toSorted()).toEqual(
      rotated.map((name) => `${name}.idx`).toSorted(),
    );
  });

  test('-f -t says it of lines as they come', async () => {
    home.write('jobs.toml', clock('clock'));
    await home.overseer('--no-wait');
    const following = going('logs', '-f', '-t', '-n', '0', '--json', 'clock');
    await awaited(async () => linesOf(following.out).length > 5 || null, 'lines');
    following.child.kill('SIGINT');
    expectExact(linesOf((await within(following.end, 'the end')).stdout));
  });

  test('T-90 --since shows what was written since, however much it is, and -n no more than that many of it', async () => {
    home.write('jobs.toml', clock('clock'));
    await home.overseer('--no-wait');
    await awaited(async () => home.log('clock').split('\n').length > 25 || null, 'lines of five seconds');
    const before = Date.now() / 1000;
    const recent = linesOf((await home.overseer('logs', '--since', '2s', '--json', 'clock')).stdout);
    const after = Date.now() / 1000;
    const oldest = Math.min(...recent.map(({ line }) => Number(line)));
    // The two seconds count from when the command began to look, which is some time between.
    expect([oldest > before - 2 - LATE_SECONDS, oldest < after - 1]).toEqual([true, true]);
    const day = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
    const whole = home.log('clock').split('\n').length - 1;
    for (const since of ['1h', day, `${day}T10:00`, `${day} 10:00:00Z`])
      expect([
        since,
        linesOf((await home.overseer('logs', '--since', since, '--json', 'clock')).stdout).length >= whole,
      ]).toEqual([since, true]);
    await home.overseer('stop', 'clock');
    expect(
      linesOf((await home.overseer('logs', '--since', '1h', '-n', '3', '--json', 'clock')).stdout),
    ).toHaveLength(3);
    await new Promise((resolve) => setTimeout(resolve, 1100));
    expect((await home.overseer('logs', '--since', '1s', 'clock')).stdout).toBe('');
    expect((await home.overseer('logs', '--since', 'soon')).code).toBe(64);
  });
});

describe('status --watch', () => {
  const hasTerminals = process.platform === 'linux' && existsSync('/usr/bin/script');
  const DRAW_AGAIN = new RegExp(String.raw`\u001b\[\d+A\r`);

  /** A command on a terminal of its own. */
  function onTerminal(words: string): Going {
    const command = `stty rows 10 cols 80; exec ${process.execPath} ${OVERSEER} ${words}`;
    return new Going(
      spawn('/usr/bin/script', ['-qefc', command, '/dev/null'], {
        env: { ...home.env, TERM: 'xterm', NO_COLOR: '1' },
        cwd: home.dir,
      }),
    );
  }

  (hasTerminals ? test : test.skip)(
    'T-91 draws the table anew in its place when something changes, until Ctrl-C, which is exit code 0',
    async () => {
      home.write('jobs.toml', job('web') + job('api'));
      await home.apply();
      const watching = onTerminal('status --watch');
      await watching.until(/api .*running[^]*web .*running/);
      await home.overseer('stop', 'api');
      await watching.until(/api .*stopped/);
      expect(watching.out.slice(watching.out.indexOf('stopped') - 60)).toMatch(DRAW_AGAIN);
      watching.child.stdin.write('\x03');
      expect((await within(watching.end, 'the end')).code).toBe(0);
    },
  );

  (hasTerminals ? test : test.skip)(
    'shows what fits, ends with the daemon, and says when its job is gone',
    async () => {
      home.write(
        'jobs.toml',
        Array.from({ length: 12 }, (_, index) => job(`job-${index}`, '', 'sleep 1000')).join(''),
      );
      await home.overseer('--no-wait');
      const all = onTerminal('status --watch');
      await all.until('… and 5 more');
      const one = onTerminal('status -w job-3');
      await one.until(/job-3 .*running/);
      home.write('jobs.toml', job('job-1'));
      await home.overseer('--no-wait');
      expect(await within(one.end, 'the end')).toMatchObject({
        code: 4,
        stdout: expect.stringContaining('there is no such job any more'),
      });
      await home.overseer('die');
      expect(await within(all.end, 'the end')).toMatchObject({
        code: 0,
        stdout: expect.stringContaining('the daemon has ended'),
      });
      expect((await within(onTerminal('status --watch').end, 'the end')).code).toBe(3);
    },
  );

  test('T-92 is refused where nobody looks', async () => {
    expect(await home.overseer('status', '--watch')).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('overseer events -f'),
    });
  });
});
