import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { namesOf } from '../../src/cli/argv/option-spec.ts';
import { COMMANDS } from '../../src/cli/commands/commands.ts';
import type { Change } from '../../src/plan/change.ts';
import type { ReportJson as Report } from '../../src/cli/words/change-words.ts';
import type { WhyJson as Why } from '../../src/cli/words/why-words.ts';
import type { JobJson } from '../../src/library/types.ts';
import type { JobStatus, Status } from '../../src/wire/messages.ts';
import { VERSION } from '../../src/version.ts';
import { Home, awaited, ended, fixture, isAlive, kill, within } from './support/home.ts';

let home: Home;
beforeEach(() => {
  home = new Home();
});
afterEach(() => home.dispose());

const job = (name: string, more = ''): string =>
  `[[jobs]]\nname = "${name}"\njob_command = "sleep 1000"\nstart_seconds = 0\n${more}\n`;
const program = (name: string, command: string, more = ''): string =>
  `[[jobs]]\nname = "${name}"\njob_command = ${command}\nstart_seconds = 0\n${more}\n`;

const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string;
const NUMBER = expect.any(Number) as number;

const inShort = (changes: readonly Change[]): readonly string[] =>
  changes.map(({ job: name, action, reason, state }) => `${name} ${action} ${reason} ${state}`);

/** What must stay the same of jobs that nobody meant. */
async function lives(): Promise<readonly string[]> {
  return (await home.status()).jobs.map(({ name, pid, startedAt }) => `${name} ${pid} ${startedAt}`);
}

async function codes(...commands: readonly string[]): Promise<Readonly<Record<string, number | null>>> {
  const ran = commands.map(
    async (command) => [command, (await home.overseer(...command.split(' '))).code] as const,
  );
  return Object.fromEntries(await Promise.all(ran));
}

async function killDaemon(): Promise<void> {
  const pid = home.daemonPid();
  kill(pid, 'SIGKILL');
  await awaited(async () => (isAlive(pid) ? null : true), 'the daemon gone');
}

describe('where no daemon runs', () => {
  test('T-16 a command that only asks starts none, writes nothing and says so by its exit code', async () => {
    home.write('jobs.toml', job('web'));
    expect(
      await codes(
        'status',
        'status web',
        'ls',
        'plan',
        'why web',
        'stop web',
        'stop --all',
        'signal HUP web',
        'die',
        'shutdown',
        'logs',
        'check',
      ),
    ).toEqual({
      status: 3,
      'status web': 3,
      ls: 3,
      plan: 0,
      'why web': 3,
      'stop web': 3,
      'stop --all': 3,
      'signal HUP web': 3,
      die: 3,
      shutdown: 3,
      logs: 0,
      check: 0,
    });
    expect([existsSync(home.data), home.processes()]).toEqual([false, []]);
  });

  test('T-17 plan says all the same what a trigger would do, from what was kept and what still lives', async () => {
    home.write('jobs.toml', job('web') + job('api'));
    expect(inShort((await home.json<Report>('plan')).changes)).toEqual([
      'api start new stopped',
      'web start new stopped',
    ]);
    expect((await home.overseer('plan', '--exit-code')).code).toBe(2);
    await home.apply();
    const { pid } = await home.job('api');
    kill(home.daemonPid(), 'SIGKILL');
    kill(pid ?? 0, 'SIGKILL');
    await awaited(async () => (isAlive(pid ?? 0) ? null : true), 'the job gone');
    const journal = readFileSync(join(home.data, 'state.journal'));
    home.write('jobs.toml', job('web', 'env = { A = "1" }') + job('api'));
    expect(inShort((await home.json<Report>('plan')).changes)).toEqual([
      'api start not-running stopped',
      'web restart changed running',
    ]);
    expect(readFileSync(join(home.data, 'state.journal')).equals(journal)).toBe(true);
    home.write('bad.toml', 'x = 1');
    expect((await home.overseer('plan')).code).toBe(78);
  });

  test('T-18 the reason is on stderr, or with --json on stdout as well', async () => {
    home.write('jobs.toml', job('web'));
    const human = await home.overseer('status');
    expect(human).toEqual({
      code: 3,
      stdout: '',
      stderr: 'overseer: no daemon is running; `overseer` starts one\n',
    });
    const { code, stdout } = await home.overseer('status', '--json');
    const error = { code: 'no-daemon', message: 'no daemon is running; `overseer` starts one' };
    expect([code, JSON.parse(stdout)]).toEqual([3, { daemon: null, jobs: [], error }]);
  });

  test('T-19 start starts a daemon, with the jobs that the last one knew', async () => {
    home.write('jobs.toml', job('web') + job('api'));
    await home.apply();
    await home.overseer('die');
    const { code, stdout } = await home.overseer('start', 'web');
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(/^\+ web {2}started {2}by hand {2}pid \d+\n\n1 started\n$/),
    ]);
    expect((await home.status()).jobs.map(({ name, state }) => `${name} ${state}`)).toEqual([
      'api running',
      'web running',
    ]);
  });
});

describe('status', () => {
  test('T-20 prints a table without colours when it is piped', async () => {
    home.write('jobs.toml', job('web', 'description = "the site"') + job('held', 'test_command = "false"'));
    await home.apply();
    const { pid } = await home.job('web');
    const { code, stdout, stderr } = await home.overseer('status');
    expect([code, stderr, stdout.replace(/ \d+s /, ' 0s ')]).toEqual([
      0,
      '',
      [
        'NAME  STATE    PID'.padEnd(15 + String(pid).length) + '  UP  TEST      DESCRIPTION',
        `held  held     ${'-'.padEnd(String(pid).length)}  -   fail (1)  -`,
        `web   running  ${pid}  0s  -         the site`,
        '',
      ].join('\n'),
    ]);
    expect((await home.overseer('ls')).stdout.replace(/ \d+s /, ' 0s ')).toBe(
      stdout.replace(/ \d+s /, ' 0s '),
    );
  });

  test('T-21 prints with --json exactly what the contract names', async () => {
    home.write(
      'jobs.toml',
      job('web', 'description = "the site"\ntest_command = "true"') +
        job('bad').replace('sleep 1000', 'false'),
    );
    await home.overseer();
    await home.until('bad', ({ state }) => state === 'backoff');
    expect(await home.json<Status>('status', 'web')).toEqual({
      daemon: { pid: home.daemonPid(), port: NUMBER, version: VERSION, startedAt: TIME },
      jobs: [
        {
          name: 'web',
          state: 'running',
          pid: NUMBER,
          startedAt: TIME,
          restarts: 0,
          test: { verdict: 'pass', exitCode: 0, at: TIME },
          lastExit: null,
          stoppedByHand: false,
          nextStartAt: null,
          reason: null,
          description: 'the site',
          tags: [],
          cpuPercent: null,
          memoryBytes: null,
        } satisfies JobJson,
      ],
    });
    expect((await home.json<Status>('status', 'bad')).jobs[0]).toEqual({
      name: 'bad',
      state: 'backoff',
      pid: null,
      startedAt: null,
      restarts: NUMBER,
      test: null,
      lastExit: { code: 1, signal: null, at: TIME },
      stoppedByHand: false,
      nextStartAt: TIME,
      reason: null,
      description: null,
      tags: [],
      cpuPercent: null,
      memoryBytes: null,
    });
  });

  test('of an unknown job prints with --json the daemon that does not know it', async () => {
    home.write('jobs.toml', job('web'));
    await home.overseer();
    const message = 'no such job: nope (known are web)';
    expect(await home.json('status', 'nope')).toEqual({
      daemon: (await home.status()).daemon,
      jobs: [],
      error: { code: 'no-such-job', message },
    });
  });

  test('T-22 says of one job by its exit code whether it is running', async () => {
    home.write('jobs.toml', job('web') + job('held', 'test_command = "false"') + job('off'));
    await home.overseer();
    await home.overseer('stop', 'off');
    expect(
      await codes(
        'status web',
        'status held',
        'status off',
        'status nobody',
        'status web held',
        'status --json held',
      ),
    ).toEqual({
      'status web': 0,
      'status held': 3,
      'status off': 3,
      'status nobody': 4,
      'status web held': 0,
      'status --json held': 3,
    });
  });
});

describe('plan', () => {
  test('T-23 says what a trigger would do, with what the tests say, and changes nothing', async () => {
    home.write(
      'jobs.toml',
      job('same') + job('other') + job('gone') + job('asked', 'test_command = "test -e flag"'),
    );
    await home.overseer();
    expect(await codes('plan', 'plan --exit-code')).toEqual({ plan: 0, 'plan --exit-code': 0 });
    const before = await lives();
    home.write(
      'jobs.toml',
      job('same') +
        job('other').replace('1000', '1001') +
        job('new') +
        job('asked', 'test_command = "test -e flag"'),
    );
    writeFileSync(home.path('flag'), '');
    const { code, stdout } = await home.overseer('plan', '--json', '--exit-code');
    const report = JSON.parse(stdout) as Report;
    expect([code, Object.keys(report), inShort(report.changes)]).toEqual([
      2,
      ['ok', 'problems', 'changes'],
      [
        'asked start test-passed held',
        'gone remove removed running',
        'new start new stopped',
        'other restart changed running',
        'same none unchanged running',
      ],
    ]);
    expect(Object.keys(report.changes[0] ?? {}).toSorted()).toEqual([
      'action',
      'detail',
      'job',
      'pid',
      'reason',
      'state',
    ]);
    const human = await home.overseer('plan');
    expect(human).toEqual({
      code: 0,
      stderr: '',
      stdout: [
        '+ asked  start    test exited with 0',
        '- gone   remove   not in the config any more',
        '+ new    start    new',
        '↻ other  restart  job_command changed',
        '',
        '2 to start, 1 to restart, 1 to remove, 1 unchanged',
        '',
      ].join('\n'),
    });
    expect(await lives()).toEqual(before);
    expect((await home.job('asked')).test?.verdict).toBe('fail');
  });

  test('T-24 forecasts exactly what the trigger then does', async () => {
    home.write('jobs.toml', job('a') + job('b') + job('c', 'test_command = "test ! -e flag"') + job('d'));
    await home.overseer();
    await home.overseer('stop', 'd');
    writeFileSync(home.path('flag'), '');
    home.write(
      'jobs.toml',
      job('a', 'restart = "never"') + job('c', 'test_command = "test ! -e flag"') + job('d') + job('e'),
    );
    const bare = ({ changes }: Report): readonly object[] =>
      changes.map(({ job: name, action, reason }) => ({ name, action, reason }));
    const planned = bare(await home.json<Report>('plan'));
    expect(bare(await home.apply())).toEqual(planned);
    expect(await codes('plan --exit-code')).toEqual({ 'plan --exit-code': 0 });
  });

  test('of a job that was held by a test which its config no longer has, the change is the reason, in the report too', async () => {
    home.write('jobs.toml', job('held', 'test_command = "false"'));
    await home.overseer();
    home.write('jobs.toml', job('held'));
    const expected = { job: 'held', action: 'start', reason: 'changed', detail: 'test_command changed' };
    expect((await home.json<Report>('plan')).changes).toMatchObject([expected]);
    expect((await home.apply()).changes).toMatchObject([{ ...expected, state: 'running' }]);
  });
});

describe('the trigger', () => {
  test('T-25 prints one line a change and what it comes to, and the second time that nothing changed', async () => {
    home.write('jobs.toml', job('web') + job('held', 'test_command = "false"'));
    const first = await home.overseer();
    const { pid } = await home.job('web');
    expect(first).toEqual({
      code: 0,
      stderr: '',
      stdout: `· held  held     test exited with 1\n+ web   started  new                 pid ${pid}\n\n1 started, 1 held\n`,
    });
    expect(await home.overseer('apply')).toEqual({
      code: 0,
      stderr: '',
      stdout: 'nothing changed: 1 job held, 1 running\n',
    });
  });

  test('T-254 prints with --json exactly what the contract names', async () => {
    home.write('jobs.toml', job('web'));
    const report = await home.json<Report>();
    expect(report).toEqual({
      ok: true,
      changes: [{ job: 'web', action: 'start', reason: 'new', detail: '', state: 'running', pid: NUMBER }],
      problems: [],
    });
  });

  test('T-26 says of a job that did not come up what to do next, with exit code 1', async () => {
    home.write('jobs.toml', '[[jobs]]\nname = "bad"\njob_command = "false"\nstart_seconds = 0.1\n');
    const { code, stderr } = await home.overseer();
    expect([code, stderr]).toEqual([
      1,
      'bad did not come up: `overseer why bad` says why, `overseer logs bad` what it printed\n',
    ]);
  });

  test('T-27 --no-wait returns once all are spawned', async () => {
    home.write('jobs.toml', job('slow').replace('start_seconds = 0', 'start_seconds = 1000'));
    expect(inShort((await home.apply('--no-wait')).changes)).toEqual(['slow start new starting']);
  });

  test('T-28 six at the same time start one daemon and one copy of each job', async () => {
    home.write('jobs.toml', program('web', `{ exe = "sh", args = ["-c", "echo began; exec sleep 1000"] }`));
    const all = await Promise.all(Array.from({ length: 6 }, () => home.overseer()));
    expect(all.map(({ code, stderr }) => [code, stderr])).toEqual(all.map(() => [0, '']));
    expect(home.log('web')).toBe('began\n');
    expect(
      home
        .daemons()
        .flat()
        .filter(({ from, event }) => `${event} ${from}` === 'Success OpenSocket'),
    ).toHaveLength(1);
  });
});

describe('why', () => {
  test('T-29 says in a sentence why a job is in its state, then the facts', async () => {
    home.write(
      'jobs.toml',
      job('held', 'test_command = { exe = "sh", args = ["-c", "echo not today; exit 3"] }') + job('web'),
    );
    await home.overseer();
    const { code, stdout, stderr } = await home.overseer('why', 'held');
    expect([code, stderr, ...stdout.split('\n').slice(0, 3)]).toEqual([
      0,
      '',
      'held  held',
      'Its test exited with 3, so it should not be running.',
      'The test runs again at each `overseer`.',
    ]);
    expect(stdout).toMatch(/^ {2}test output +not today$/m);
    expect(stdout).toMatch(/^ {2}command +sleep 1000$/m);
    expect(await codes('why web', 'why nobody', 'why')).toEqual({ 'why web': 0, 'why nobody': 4, why: 64 });
  });

  test('of a test that gave no answer says how, and that nothing was changed because of it', async () => {
    const noAnswer = {
      code: '{ exe = "sh", args = ["-c", "exit 255"] }',
      late: '"sleep 30"',
      absent: '"no-such-test"',
    };
    const jobs = (prefix: string, isAsked: boolean): string =>
      Object.entries(noAnswer)
        .map(([name, test]) =>
          job(
            prefix + name,
            `test_command = ${isAsked ? test : '"true"'}\n${isAsked && name === 'late' ? 'test_timeout = 0.2' : ''}`,
          ),
        )
        .join('');
    home.write('jobs.toml', jobs('', false));
    await home.overseer();
    home.write('jobs.toml', jobs('', true) + jobs('new-', true));
    await home.overseer();
    const because = async (name: string): Promise<string> =>
      (await home.json<Why>('why', name)).because.join(' ');
    const how = [
      'exited with 255',
      'timed out after 0.2 s',
      'could not run: command not found: no-such-test',
    ];
    for (const [at, name] of Object.keys(noAnswer).entries()) {
      const begin = `It is running. Its test gave no answer, so nothing was changed because of it: it ${how[at]}`;
      expect((await because(name)).slice(0, begin.length)).toBe(begin);
      expect(await because(`new-${name}`)).toContain(
        `Its test gave no answer, so it is not started: it ${how[at]}`,
      );
    }
  });

  test('of several instances tells each after its name, and with --json an array of them', async () => {
    home.write('jobs.toml', job('web', 'instances = 2') + job('worker') + job('other'));
    await home.overseer();
    const one = async (name: string): Promise<string> =>
      (await home.overseer('why', name)).stdout.replaceAll(/ \d+s( ago|$)/gm, ' 0s$1');
    for (const [word, names] of [
      ['web', ['web@1', 'web@2']],
      ['w*', ['web@1', 'web@2', 'worker']],
    ] as const) {
      const each = await Promise.all(names.map(one));
      expect(await one(word)).toBe(each.join('\n'));
      expect((await home.json<readonly Why[]>('why', word)).map(({ status }) => status.name)).toEqual(names);
    }
    expect((await home.json<Why>('why', 'other*')).status.name).toBe('other');
  });

  test('T-30 prints the facts with --json', async () => {
    home.write('jobs.toml', job('web'));
    await home.overseer();
    expect(await home.json<Why>('why', 'web')).toEqual({
      status: expect.objectContaining({ name: 'web', state: 'running' }) as JobStatus,
      because: ['It is running.'],
      command: 'sleep 1000',
      cwd: home.dir,
      testCommand: null,
      testDetail: null,
      testOutput: null,
      restart: 'always',
      watch: [],
      waitsFor: [],
      log: join(home.data, 'logs', 'web.log'),
      printed: [],
      history: [
        expect.objectContaining({
          at: TIME,
          state: 'starting',
          cause: 'config',
          detail: 'new in the config',
        }),
        expect.objectContaining({ at: TIME, state: 'running', cause: 'config', exit: null }),
      ] as unknown as Why['history'],
      runs: [],
    });
  });
});

describe('start, stop and restart', () => {
  test('T-31 name several jobs or all of them, and leave the others alone', async () => {
    home.write('jobs.toml', job('a') + job('b') + job('c'));
    await home.overseer();
    const [, , c] = await lives();
    expect(inShort((await home.json<Report>('stop', 'a', 'b')).changes)).toEqual([
      'a stop by-hand stopped',
      'b stop by-hand stopped',
    ]);
    expect((await lives())[2]).toBe(c);
    expect(inShort((await home.json<Report>('restart', 'c')).changes)).toEqual(['c restart by-hand running']);
    expect((await lives())[2]).not.toBe(c);
    expect(inShort((await home.json<Report>('start', '--all')).changes)).toEqual([
      'a start by-hand running',
      'b start by-hand running',
      'c none unchanged running',
    ]);
    expect(inShort((await home.json<Report>('stop', '--all')).changes)).toEqual([
      'a stop by-hand stopped',
      'b stop by-hand stopped',
      'c stop by-hand stopped',
    ]);
    expect(inShort((await home.json<Report>('stop', 'a')).changes)).toEqual(['a none by-hand stopped']);
  });

  test.each(['start', 'restart'])(
    '%s of a job whose test gives no answer says so, and how',
    async (command) => {
      home.write(
        'jobs.toml',
        job(
          'web',
          'test_command = { exe = "sh", args = ["-c", "exit $(cat verdict)"] }\nbackoff = { min = 20 }',
        ),
      );
      writeFileSync(home.path('verdict'), '1');
      await home.overseer();
      writeFileSync(home.path('verdict'), '255');
      const { changes } = await home.json<Report>(command, 'web');
      expect(changes).toMatchObject([
        { job: 'web', action: 'none', reason: 'test-unknown', detail: 'test exited with 255' },
      ]);
      expect((await home.overseer(command, 'web')).stdout).toContain('test exited with 255');
    },
  );

  test('T-32 a job that nobody knows is exit code 4, says which are known, and nothing is done', async () => {
    home.write('jobs.toml', job('web') + job('api'));
    await home.overseer();
    const before = await lives();
    expect(
      await codes(
        'start nobody',
        'stop web nobody',
        'restart nobody',
        'signal HUP nobody',
        'why nobody',
        'logs nobody',
      ),
    ).toEqual({
      'start nobody': 4,
      'stop web nobody': 4,
      'restart nobody': 4,
      'signal HUP nobody': 4,
      'why nobody': 4,
      'logs nobody': 4,
    });
    expect((await home.overseer('stop', 'wbe')).stderr).toBe(
      'overseer: no such job: wbe (did you mean "web"?)\n',
    );
    expect((await home.overseer('stop', 'nobody')).stderr).toMatch(
      /^overseer: no such job: nobody \(known are .*web.*\)\n$/,
    );
    expect(await lives()).toEqual(before);
  });

  test('T-33 without a job, or with jobs and --all, the usage is wrong', async () => {
    expect(await codes('start', 'stop', 'restart', 'stop web --all', 'signal HUP', 'signal')).toEqual({
      start: 64,
      stop: 64,
      restart: 64,
      'stop web --all': 64,
      'signal HUP': 64,
      signal: 64,
    });
  });

  test('T-34 J-7 J-8 a stop by hand outlives triggers, a new config, the end of the daemon and its crash, until start', async () => {
    home.write('jobs.toml', job('web') + job('api'));
    await home.overseer();
    const { pid } = await home.job('web');
    await home.overseer('stop', 'web');
    expect(isAlive(pid ?? 0)).toBe(false);
    const isOff = async (): Promise<void> => {
      expect(await home.job('web')).toMatchObject({ state: 'stopped', pid: null, stoppedByHand: true });
    };
    expect(inShort((await home.apply()).changes)).toEqual([
      'api none unchanged running',
      'web none by-hand stopped',
    ]);
    await isOff();
    home.write('jobs.toml', job('web').replace('1000', '1001') + job('api'));
    expect(inShort((await home.apply()).changes)).toEqual([
      'api none unchanged running',
      'web update changed stopped',
    ]);
    await isOff();
    await home.overseer('die');
    expect(inShort((await home.apply()).changes)).toEqual([
      'api start not-running running',
      'web none by-hand stopped',
    ]);
    await isOff();
    await killDaemon();
    expect(inShort((await home.apply()).changes)).toEqual([
      'api none unchanged running',
      'web none by-hand stopped',
    ]);
    await isOff();
    expect(inShort((await home.json<Report>('start', 'web')).changes)).toEqual(['web start by-hand running']);
    expect(await home.job('web')).toMatchObject({ state: 'running', stoppedByHand: false });
    expect(inShort((await home.apply()).changes)).toEqual([
      'api none unchanged running',
      'web none unchanged running',
    ]);
  });

  test('T-35 a stop during a backoff prevents the start that is pending', async () => {
    home.write(
      'jobs.toml',
      program(
        'bad',
        `{ exe = "sh", args = ["-c", "echo try; exit 1"] }`,
        'backoff = { min = 0.3, max = 0.3 }',
      ),
    );
    await home.overseer();
    await home.until('bad', ({ state }) => state === 'backoff');
    expect(inShort((await home.json<Report>('stop', 'bad')).changes)).toEqual(['bad none by-hand stopped']);
    const tries = home.log('bad');
    home.write(
      'more.toml',
      job('clock', 'backoff = { min = 0.3 }').replace('sleep 1000', 'sleep 0.5').concat('max_restarts = 1'),
    );
    await home.apply();
    await home.until('clock', ({ restarts }) => restarts > 0);
    expect([home.log('bad'), (await home.job('bad')).state]).toEqual([tries, 'stopped']);
  });

  test('T-36 three restarts at the same time leave one copy', async () => {
    home.write('jobs.toml', program('web', JSON.stringify(fixture('only-one'))));
    await home.overseer();
    const all = await Promise.all([1, 2, 3].map(() => home.overseer('restart', 'web')));
    expect(all.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect((await home.job('web')).state).toBe('running');
    expect(
      home.processes().filter((pid) => commandLine(pid).includes('only-one') && isLeader(pid)).length,
    ).toBe(1);
  });

  test('T-37 a start during a slow stop waits for its end, then starts once', async () => {
    const slow = "trap 'sleep 0.3; exit 0' TERM; echo began; while :; do sleep 0.02; done";
    home.write('jobs.toml', program('web', `{ exe = "sh", args = ["-c", "${slow}"] }`));
    await home.overseer();
    await awaited(async () => (home.log('web') === 'began\n' ? true : null), 'the first run');
    const { pid } = await home.job('web');
    const stopping = home.overseer('stop', 'web');
    await home.until('web', ({ state }) => state === 'stopping');
    expect((await home.overseer('start', 'web')).code).toBe(0);
    await stopping;
    const after = await home.until('web', ({ state }) => state === 'running');
    expect([after.pid === pid, isAlive(pid ?? 0), home.log('web').split('began').length]).toEqual([
      false,
      false,
      3,
    ]);
  });
});

describe('signal', () => {
  test('T-38 reaches the whole process group, by whatever name, and nothing that is down', async () => {
    home.write('jobs.toml', program('web', JSON.stringify(fixture('tells-signals'))) + job('off'));
    await home.overseer();
    await home.overseer('stop', 'off');
    const { pid } = await home.job('web');
    await logged('web', 'child ready', 'parent ready');
    expect(await home.overseer('signal', 'HUP', 'web')).toEqual({
      code: 0,
      stdout: 'sent HUP to web\n',
      stderr: '',
    });
    await logged('web', 'child HUP', 'parent HUP');
    expect(await home.json('signal', 'SIGUSR1', 'web')).toEqual({ signalled: ['web'] });
    await logged('web', 'child USR1', 'parent USR1');
    expect((await home.job('web')).pid).toBe(pid);
    expect(await home.overseer('signal', 'HUP', 'off')).toEqual({
      code: 1,
      stdout: '',
      stderr: 'overseer: off: not running, so nothing was signalled\n',
    });
    expect((await home.overseer('signal', 'BOGUS', 'web')).code).toBe(64);
  });
});

describe('logs', () => {
  test('T-39 prints the last lines as they are, one log or several', async () => {
    const says = (name: string, text: string): string =>
      program(name, `{ exe = "sh", args = ["-c", "${text}; exec sleep 1000"] }`);
    home.write(
      'jobs.toml',
      says('web', 'for i in 1 2 3; do echo w$i; done') + says('api', 'echo a1; printf a2') + job('mute'),
    );
    await home.overseer();
    await logged('web', 'w3');
    await logged('api', 'a2');
    expect(await home.overseer('logs', 'web')).toEqual({ code: 0, stdout: 'w1\nw2\nw3\n', stderr: '' });
    expect((await home.overseer('tail', 'web', '-n', '2')).stdout).toBe('w2\nw3\n');
    expect((await home.overseer('logs', 'web', '-n', '0')).stdout).toBe('');
    expect((await home.overseer('logs', 'api')).stdout).toBe('a1\na2');
    expect((await home.overseer('logs', 'web', 'api', '-n', '1')).stdout.split('\n').toSorted()).toEqual([
      '',
      'api | a2',
      'web | w3',
    ]);
    expect((await home.overseer('logs', 'mute')).stdout).toBe('');
    expect((await home.overseer('logs', 'api', '--json')).stdout).toBe(
      '{"job":"api","line":"a1"}\n{"job":"api","line":"a2"}\n',
    );
    expect(await codes('logs nobody', 'logs web -n x')).toEqual({ 'logs nobody': 4, 'logs web -n x': 64 });
    await home.overseer('die');
    expect((await home.overseer('logs', 'web', '-n', '1')).stdout).toBe('w3\n');
  });

  test('T-40 passes on bytes that are no text, and a last line without an end', async () => {
    home.write('jobs.toml', program('odd', JSON.stringify(fixture('prints-oddly'))));
    await home.overseer();
    await logged('odd', 'half');
    const child = home.begin({ LANG: 'C', LC_ALL: 'C' }, 'logs', 'odd');
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    expect((await ended(child)).code).toBe(0);
    expect(Buffer.concat(chunks).equals(readFileSync(join(home.data, 'logs', 'odd.log')))).toBe(true);
  });

  test('T-41 a reader that leaves ends it quietly', async () => {
    home.write('jobs.toml', program('web', JSON.stringify(fixture('counts-lines'))));
    await home.overseer();
    await logged('web', ' 20 ');
    const { stdout, stderr } = await within(
      home.shell('overseer logs -f -n 1000 web | head -n 1; overseer status | head -c 0'),
      'the pipes to end',
    );
    expect([stdout, stderr]).toEqual([expect.stringMatching(/^\d+ 1 \.+\n$/), '']);
  });

  test('T-42 -f follows across a restart and across rotations, and misses no line', async () => {
    home.write(
      'jobs.toml',
      program('web', JSON.stringify(fixture('counts-lines')), 'log = { max_size = "4kB", keep = 9 }'),
    );
    await home.overseer();
    const first = (await home.job('web')).pid ?? 0;
    const follower = home.begin({}, 'logs', '-f', '-n', '1000', 'web');
    const lines: string[] = [];
    createInterface({ input: follower.stdout }).on('line', (line) => lines.push(line));
    const gone = ended(follower);
    await awaited(async () => existsSync(join(home.data, 'logs', 'web.log.2')) || null, 'two rotations');
    await home.overseer('restart', 'web');
    const second = (await home.job('web')).pid ?? 0;
    await awaited(
      async () => lines.some((line) => line.startsWith(`${second} 20 `)) || null,
      'lines of the second run',
    );
    follower.kill('SIGINT');
    expect((await gone).code).toBe(0);
    const numbersOf = (pid: number): readonly number[] =>
      lines.filter((line) => line.startsWith(`${pid} `)).map((line) => Number(line.split(' ')[1]));
    for (const pid of [first, second])
      expect(numbersOf(pid)).toEqual(numbersOf(pid).map((_, index) => index + 1));
    expect(lines.length).toBe(numbersOf(first).length + numbersOf(second).length);
  });
});

describe('check', () => {
  test('T-43 needs no daemon, counts what it read, and takes files from anywhere', async () => {
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
});

describe('init', () => {
  test('T-44 is what a trigger without any config tells, and a config of no jobs is no reason to', async () => {
    const told = `There is no config in ${home.config} yet: \`overseer init\` writes a first one.\n`;
    expect(await home.overseer('plan')).toEqual({
      code: 0,
      stdout: 'nothing to do: no jobs\n',
      stderr: told,
    });
    expect(await home.overseer()).toEqual({ code: 0, stdout: 'nothing changed: no jobs\n', stderr: told });
    home.write('none.toml', '# not yet\n');
    expect(await home.overseer()).toEqual({ code: 0, stdout: 'nothing changed: no jobs\n', stderr: '' });
  });

  test('T-45 writes a config that works, once, and never over one that is there', async () => {
    const path = join(home.config, 'overseer.toml');
    const first = await home.overseer('init');
    expect([first.code, first.stdout.split('\n')[0]]).toEqual([0, `wrote ${path}`]);
    const [schema = ''] = readFileSync(path, 'utf8').split('\n');
    expect(JSON.parse(readFileSync(new URL(schema.replace('#:schema ', '')), 'utf8'))).toMatchObject({
      title: 'overseer.toml',
    });
    const text = readFileSync(path, 'utf8');
    expect((await home.overseer('check')).code).toBe(0);
    expect(await home.json('init')).toEqual({ path, written: false });
    expect(readFileSync(path, 'utf8')).toBe(text);
    const { changes } = await home.apply('--no-wait');
    expect(changes.map(({ job: name, action }) => `${name} ${action}`)).toEqual(['clock start']);
  });

  test('T-46 leaves a config of another name alone', async () => {
    const path = home.write('mine.toml', job('web'));
    const { code, stdout } = await home.overseer('init');
    expect([code, stdout.split('\n')[0]]).toEqual([0, `${path} is there already; nothing was written`]);
    expect(readdirSync(home.config)).toEqual(['mine.toml']);
  });
});

describe('where no job is known', () => {
  const HINT = 'no job is known yet: `overseer` reads the config and starts its jobs';

  test('a command that names one, or means all, says what to do first, with exit code 4', async () => {
    home.write('jobs.toml', job('web'));
    for (const line of [
      'start web',
      'start --all',
      'restart --all',
      'wait --all',
      'wait web',
      'wait w*',
      'stop web',
      'status web',
      'why web',
      'signal HUP --all',
    ])
      expect([line, await home.overseer(...line.split(' '))]).toEqual([
        line,
        { code: 4, stdout: '', stderr: `overseer: ${HINT}\n` },
      ]);
    expect(await home.overseer('status')).toEqual({ code: 0, stdout: 'no jobs\n', stderr: '' });
    expect((await home.overseer('stop', '--all')).code).toBe(0);
    await home.overseer();
    expect((await home.overseer('wait', 'x*')).stderr).toBe('overseer: no such job: x* (known are web)\n');
  });

  test('logs of one that the config names are empty, and those of another refused', async () => {
    home.write('jobs.toml', job('web') + job('many', 'instances = 2'));
    for (const line of ['logs web', 'logs many', 'logs many@2', 'logs w*'])
      expect([line, await home.overseer(...line.split(' '))]).toEqual([
        line,
        { code: 0, stdout: '', stderr: '' },
      ]);
    expect(await home.overseer('logs', 'wbe')).toEqual({
      code: 4,
      stdout: '',
      stderr: 'overseer: no such job and no log of one: wbe: did you mean "web"?\n',
    });
    home.write('bad.toml', 'x = 1');
    expect((await home.overseer('logs', 'web')).code).toBe(4);
  });
});

describe('die', () => {
  test('of a job that its test holds, plan then says that it is held', async () => {
    home.write('jobs.toml', job('web') + job('held', 'test_command = "false"') + job('off'));
    await home.overseer();
    await home.overseer('stop', 'off');
    await home.overseer('die');
    const { stdout } = await home.overseer('plan');
    expect(stdout).toBe(
      [
        '· held  held     test exited with 1',
        '· off   stopped  stopped by hand',
        '+ web   start    it was not running',
        '',
        '1 to start, 1 held, 1 stopped',
        '',
      ].join('\n'),
    );
  });

  test('T-47 --keep-jobs leaves the jobs running, and the next daemon adopts them', async () => {
    home.write('jobs.toml', job('web') + job('api'));
    await home.overseer();
    const before = await lives();
    const daemon = home.daemonPid();
    const died = await home.overseer('die', '--keep-jobs');
    expect(died).toEqual({ code: 0, stdout: 'the daemon has ended, 2 jobs left running\n', stderr: '' });
    await awaited(async () => (isAlive(daemon) ? null : true), 'the daemon gone');
    expect(existsSync(join(home.data, 'socket'))).toBe(false);
    expect(inShort((await home.apply()).changes)).toEqual([
      'api none unchanged running',
      'web none unchanged running',
    ]);
    expect(await lives()).toEqual(before);
    const { pid } = await home.job('web');
    kill(pid ?? 0, 'SIGKILL');
    await home.until('web', (web) => web.pid !== null && web.pid !== pid);
  });

  test('T-48 says what it stopped', async () => {
    home.write('jobs.toml', job('web'));
    await home.overseer();
    expect(await home.json('shutdown')).toEqual({ stopped: ['web'], kept: [] });
  });
});

describe('while the daemon is dying', () => {
  const slow = (): string =>
    program(
      'slow',
      `{ exe = "sh", args = ["-c", "trap 'sleep 1; exit' TERM; echo up; while :; do sleep 0.02; done"] }`,
    );

  test('what may start a daemon waits for its end and starts the next, what only asks is refused', async () => {
    home.write('jobs.toml', slow());
    await home.overseer();
    await logged('slow', 'up');
    const old = home.daemonPid();
    const died = home.overseer('die');
    await home.until('slow', ({ state }) => state === 'stopping').catch(() => null);
    const refused = {
      code: 1,
      stdout: '',
      stderr: 'overseer: the daemon is shutting down; try again in a moment\n',
    };
    expect(await home.overseer('status')).toEqual(refused);
    const [applied, started] = await Promise.all([home.overseer(), home.overseer('start', 'slow')]);
    expect([applied.code, started.code, applied.stderr + started.stderr]).toEqual([0, 0, '']);
    expect((await died).code).toBe(0);
    expect([home.daemonPid() === old, (await home.job('slow')).state]).toEqual([false, 'running']);
  });

  test('`overseer die & overseer` works, however close they are', async () => {
    home.write('jobs.toml', job('web'));
    for (let round = 0; round < 8; round += 1) {
      await home.overseer();
      const { stdout, stderr, code } = await home.shell(
        `overseer die & sleep 0.0${round}; overseer apply; echo "$?"; wait`,
      );
      expect([code, stderr, /^0$/m.test(stdout)]).toEqual([0, '', true]);
      await home.overseer();
      expect((await home.job('web')).state).toBe('running');
    }
  });
});

describe('an output that cannot be written', () => {
  const full = existsSync('/dev/full') ? test : test.skip;

  full('is said in a line, with exit code 1, by every command', async () => {
    home.write('jobs.toml', program('web', `{ exe = "sh", args = ["-c", "echo up; exec sleep 1000"] }`));
    await home.overseer();
    await logged('web', 'up');
    const said = {
      code: 1,
      stdout: '',
      stderr: 'overseer: cannot write the output: no space is left on the device\n',
    };
    for (const line of [
      'status --json',
      'logs',
      'logs -f',
      'machines',
      'events',
      'events -f --verbose',
      '--help',
      '--version',
      'check',
    ])
      expect([line, await within(home.shell(`overseer ${line} > /dev/full`), line)]).toEqual([line, said]);
    expect(await home.shell('overseer status > /dev/full 2>&1')).toMatchObject({ code: 1 });
    expect((await home.shell('overseer logs -n 100 web | true')).stderr).toBe('');
  });
});

describe('wrong usage', () => {
  test('T-49 is exit code 64, and the nearest right word', async () => {
    const reload = await home.overseer('reload');
    expect([reload.code, reload.stdout]).toEqual([64, '']);
    expect(reload.stderr).toMatch(
      /^overseer: there is no `reload`: .*overseer restart JOB.*\nTry `overseer --help`\.\n$/,
    );
    expect((await home.overseer('reload', 'web')).code).toBe(64);
    expect(await home.overseer('statsu')).toEqual({
      code: 64,
      stdout: '',
      stderr: 'overseer: unknown command statsu: did you mean "status"?\nTry `overseer --help`.\n',
    });
    expect(await home.overseer('status', '--jsn')).toEqual({
      code: 64,
      stdout: '',
      stderr: 'overseer: unknown option --jsn: did you mean "--json"?\nTry `overseer status --help`.\n',
    });
    expect(existsSync(home.data)).toBe(false);
  });
});

describe('help and version', () => {
  const commands = COMMANDS.filter(({ about }) => about !== null).flatMap((command) => namesOf(command));

  test('T-50 are everywhere, on stdout, with exit code 0, and start nothing', async () => {
    expect(await home.overseer('--version')).toEqual({ code: 0, stdout: `${VERSION}\n`, stderr: '' });
    const helps = await Promise.all(
      [[], ...commands.map((command) => [command])].map((words) => home.overseer(...words, '--help')),
    );
    expect(helps.map(({ code, stdout, stderr }) => [code, stdout.startsWith('overseer'), stderr])).toEqual(
      helps.map(() => [0, true, '']),
    );
    expect((await home.overseer('status', '-h')).stdout).toBe(
      (await home.overseer('status', '--help')).stdout,
    );
    expect((await home.overseer('stop', '--version')).stdout).toBe(`${VERSION}\n`);
    for (const [words, same] of [
      ['help', '--help'],
      ['help status', 'status --help'],
    ] as const)
      expect(await home.overseer(...words.split(' '))).toEqual(await home.overseer(...same.split(' ')));
    expect(existsSync(home.data)).toBe(false);
  });

  test('the help names every command that there is', async () => {
    const { stdout } = await home.overseer('--help');
    expect(commands.filter((command) => !stdout.includes(command))).toEqual([]);
  });
});

const hasTerminal = spawnSync('script', ['-qec', 'true', '/dev/null']).status === 0;

describe('colour', () => {
  const onTerminal = (line: string, env = ''): Promise<{ readonly stdout: string }> =>
    home.shell(`env TERM=xterm ${env} script -qec '${line}' /dev/null`);

  (hasTerminal ? test : test.skip)(
    'T-51 is on a terminal only, and not where NO_COLOR or --no-color says no',
    async () => {
      home.write('jobs.toml', job('web'));
      await home.overseer();
      const isColoured = async (line: string, env?: string): Promise<boolean> =>
        (await onTerminal(line, env)).stdout.includes('\u001b[3');
      expect(await isColoured('overseer status')).toBe(true);
      expect(await isColoured('overseer status', 'NO_COLOR=1')).toBe(false);
      expect(await isColoured('overseer status --no-color')).toBe(false);
      expect(await isColoured('overseer status | cat')).toBe(false);
    },
  );
});

describe('the data folder', () => {
  test.each([[[]], [['--json']]])(
    'a state that was damaged is told once, by the next trigger, with where it is kept (%j)',
    async (how) => {
      home.write('jobs.toml', job('web'));
      await home.overseer();
      await home.overseer('die');
      const path = join(home.data, 'state.journal');
      writeFileSync(path, readFileSync(path, 'utf8').replace('"web"', '"wob"'));
      const { code, stdout, stderr } = await home.overseer(...how);
      const kept = readdirSync(home.data).find((name) => name.startsWith('state.corrupt-')) ?? 'none';
      expect([code, stderr]).toEqual([
        0,
        expect.stringMatching(
          new RegExp(
            `^overseer: ${path} was damaged: .* The file as it was is ${join(home.data, kept)}\\.\\n$`,
          ),
        ),
      ]);
      if (how.length > 0)
        expect(Object.keys(JSON.parse(stdout) as object)).toEqual(['ok', 'changes', 'problems']);
      expect((await home.overseer(...how)).stderr).toBe('');
    },
  );

  test('T-52 is for its user alone and holds everything that overseer writes', async () => {
    home.write('jobs.toml', job('web') + job('once', 'restart = "on-failure"').replace('sleep 1000', 'true'));
    await home.overseer();
    await home.overseer('restart', 'web');
    await home.overseer('stop', 'web');
    expect([statSync(home.data).mode & 0o777, statSync(join(home.data, 'socket')).mode & 0o777]).toEqual([
      0o700, 0o600,
    ]);
    expect(JSON.parse(readFileSync(join(home.data, 'socket'), 'utf8'))).toEqual({
      version: 1,
      host: '127.0.0.1',
      port: NUMBER,
      pid: home.daemonPid(),
      token: expect.stringMatching(/^[0-9a-f]{64}\.[0-9a-f]{32}$/) as string,
    });
    await home.overseer('die');
    await awaited(async () => (home.processes().length > 0 ? null : true), 'the daemon gone');
    const written = readdirSync(home.dir, { recursive: true, encoding: 'utf8' }).filter((path) =>
      statSync(home.path(path)).isFile(),
    );
    expect(
      written.filter(
        (path) =>
          !/^trace$|^data\/overseer\/(id|lock|overseerd\.log|state\.journal|history\/\w+|logs\/\w+\.log(\.idx)?|exits\/\w+\/\d+)$/.test(
            path,
          ),
      ),
    ).toEqual(['config/overseer/jobs.toml']);
  });
});

/** What a shell forks has its command line for a moment, but is no copy of it. */
function isLeader(pid: number): boolean {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2]) === pid;
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1');
  } catch {
    // It ended meanwhile.
    return '';
  }
}

/** Waits until a log holds each of these. */
async function logged(name: string, ...texts: readonly string[]): Promise<void> {
  await awaited(
    async () => (texts.every((text) => home.log(name).includes(text)) ? true : null),
    `${texts.join(', ')} in the log of ${name}`,
  );
}
