import { spawn, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  chownSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { connect as dial } from 'node:net';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { linuxOs } from '../../src/os/linux/linux.ts';
import type { ReportJson as Report } from '../../src/cli/words/change-words.ts';
import type { Reply, Status } from '../../src/wire/messages.ts';
import { connect } from '../../src/wire/client.ts';
import { parseSocketFile } from '../../src/wire/socket-file.ts';
import type { Ran } from './support/home.ts';
import { Home, OVERSEER, OVERSEERD, awaited, ended, fixture, isAlive, kill, within } from './support/home.ts';
import { headerOfVersion, journalOf, plantChild } from './support/planted.ts';
import { shellJob, sleeper } from './support/shell-job.ts';
import { FreezableDisk, SmallDisk, whyNoDisk } from './support/small-disk.ts';

jest.setTimeout(60_000);

const os = linuxOs();
const isRoot = process.getuid?.() === 0;
const noDisk = whyNoDisk((path) => new SmallDisk(path, 64));
if (noDisk !== null) console.log(`the tests with a disk of their own are skipped: ${noDisk}`);
const noIce = whyNoDisk((path) => new FreezableDisk(path));
if (noIce !== null) console.log(`the test of a process that cannot be killed is skipped: ${noIce}`);
if (!isRoot) console.log('the tests with a second user are skipped: only root can be one');
const hasStrace = spawnSync('strace', ['-V']).status === 0;
if (!hasStrace) console.log('the tests with a slow system call are skipped: strace is not installed');
const hasNamespaces = spawnSync('unshare', ['-pf', '--mount-proc', 'true']).status === 0;
if (!hasNamespaces)
  console.log('the tests in a container are skipped: no process namespace can be made here');

let home: Home;
beforeEach(() => {
  home = new Home();
});
afterEach(() => home.dispose());

/** Everything that lives in this home but the daemon and commands. */
const left = (): number[] =>
  home.processes().filter((pid) => pid !== home.daemonPid() && !commandLine(pid).includes(OVERSEER));
const commandLine = (pid: number): readonly string[] =>
  isAlive(pid) ? readFileSync(`/proc/${pid}/cmdline`, 'latin1').split('\0') : [];
const stateOf = (pid: number): string =>
  isAlive(pid) ? (/\) (\S)/.exec(readFileSync(`/proc/${pid}/stat`, 'latin1'))?.[1] ?? '') : 'gone';
const gone = (pid: number, what: string): Promise<true> =>
  awaited(async () => (isAlive(pid) ? null : true), what);
const daemonLog = (): string => readFileSync(join(home.data, 'overseerd.log'), 'utf8');

/** Applies a config of one job that sleeps; returns its pid. */
async function applySleeper(): Promise<number> {
  home.write('jobs.toml', sleeper('job'));
  const [change] = (await home.apply()).changes;
  if (change?.pid === null || change === undefined) throw new Error('the job did not start');
  return change.pid;
}

async function killDaemon(): Promise<void> {
  const pid = home.daemonPid();
  kill(pid, 'SIGKILL');
  await gone(pid, 'the end of the daemon');
}

/** Every daemon of this home that lives. */
const daemons = (): readonly number[] =>
  home.processes().filter((pid) => commandLine(pid).includes(OVERSEERD));

(noDisk === null ? describe : describe.skip)('a full disk', () => {
  let disk: SmallDisk;
  const onDisk = (): void => {
    disk = new SmallDisk(join(home.dir, 'data'), 2048);
  };
  afterEach(() => disk?.remove());

  test('T-121 refuses changes with the reason, keeps every job running, and is over by itself when there is room again', async () => {
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
    await killDaemon();
    expect((await home.apply()).changes).toMatchObject([{ action: 'none', pid }, { action: 'none' }]);
  });

  test('T-122 lets a job that ends meanwhile come back only when that can be written down', async () => {
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

  test('T-123 at the start of the daemon starts nothing new, says so and leaves the jobs alone; then they are adopted', async () => {
    onDisk();
    const pid = await applySleeper();
    await killDaemon();
    disk.fill();
    home.write('more.toml', sleeper('new'));
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

  test('T-124 at a rotation leaves the log as it is and the job running', async () => {
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

  test('T-125 that is read-only starts nothing and says so', async () => {
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

describe('processes beyond reach', () => {
  (noIce === null ? test : test.skip)(
    'T-126 one that not even SIGKILL ends is waited for, with no second copy beside it, and the daemon goes on',
    async () => {
      const disk = new FreezableDisk(home.path('ice'));
      try {
        const script = `until test -e "${home.path('go')}"; do sleep 0.02; done; echo x > "${disk.path}/file"; exec sleep 1000`;
        home.write('jobs.toml', shellJob('job', script, 'stop_timeout = 0.2') + sleeper('other'));
        const pid = (await home.apply()).changes[0]?.pid ?? 0;
        disk.freeze();
        writeFileSync(home.path('go'), '');
        await awaited(async () => stateOf(pid) === 'D' || null, 'a process that waits for the disk');
        const stop = home.overseer('stop', 'job');
        await awaited(async () => /killed: it did not stop/.test(daemonLog()) || null, 'its SIGKILL');
        const start = home.overseer('start', 'job');
        expect((await home.overseer('restart', 'other')).code).toBe(0);
        expect(await home.job('job')).toMatchObject({ state: 'stopping', pid });
        expect(left().length).toBe(2);
        disk.thaw();
        await Promise.all([stop, start]);
        expect(await home.until('job', ({ state }) => state === 'running')).toMatchObject({
          lastExit: { signal: expect.stringMatching(/^SIG(TERM|KILL)$/) },
        });
        expect(left().length).toBe(2);
      } finally {
        disk.remove();
      }
    },
  );

  (isRoot ? test : test.skip)(
    'T-127 one that has become another user, so that it cannot be signalled, is waited for, and the daemon goes on',
    async () => {
      const nobody = { uid: 65_534, gid: 65_534 };
      const becomes = home.path('becomes');
      copyFileSync('/usr/bin/setpriv', becomes);
      chmodSync(becomes, 0o4755);
      const command = `{ exe = "${becomes}", args = ["--reuid=1", "--keep-groups", "/bin/sleep", "1000"] }`;
      home.write(
        'jobs.toml',
        `[[jobs]]\nname = "job"\nstart_seconds = 0.3\nstop_timeout = 0.2\njob_command = ${command}\n${sleeper('other')}`,
      );
      for (const folder of [home.dir, join(home.dir, 'config'), home.config])
        chownSync(folder, nobody.uid, nobody.gid);
      const run = (...args: readonly string[]): Promise<Ran> =>
        ended(spawn(process.execPath, [OVERSEER, ...args], { env: home.env, cwd: home.dir, ...nobody }));
      await run();
      const pid = (await home.job('job')).pid ?? 0;
      await awaited(
        async () => /^Uid:\s1\s/m.test(readFileSync(`/proc/${pid}/status`, 'latin1')) || null,
        'another user',
      );
      const stop = run('stop', 'job');
      await awaited(async () => /killed: it did not stop/.test(daemonLog()) || null, 'its SIGKILL');
      expect((await run('restart', 'other')).code).toBe(0);
      expect([stateOf(pid), (await home.job('job')).state]).toEqual(['S', 'stopping']);
      kill(pid, 'SIGKILL');
      expect((await stop).code).toBe(0);
    },
  );
});

describe('few descriptors', () => {
  test('T-128 with 40 of them taken by strangers a known client is answered, and a job that ended comes back as soon as there is room', async () => {
    home.write('jobs.toml', sleeper('job', 'backoff = { min = 0.1, max = 0.2 }'));
    // A trace of its steps would want a descriptor for each.
    const env = Object.fromEntries(Object.entries(home.env).filter(([name]) => name !== 'OVERSEER_TRACE'));
    const daemon = spawn('/bin/sh', ['-c', 'ulimit -n 40; exec "$0" "$1"', process.execPath, OVERSEERD], {
      env,
      stdio: 'ignore',
    });
    await home.serving();
    const { changes } = await home.apply();
    const file = parseSocketFile(readFileSync(join(home.data, 'socket'), 'utf8'));
    if (file === null) throw new Error('no socket file');
    const client = await connect(file);
    const strangers = Array.from({ length: 60 }, () =>
      dial(file.port, '127.0.0.1').on('error', () => undefined),
    );
    try {
      await awaited(
        async () => /EMFILE/.test(daemonLog()) || readdirSync(`/proc/${daemon.pid}/fd`).length >= 39 || null,
        'no descriptor left',
      );
      kill(changes[0]?.pid ?? 0, 'SIGKILL');
      const status = (): Promise<Status> =>
        within(
          new Promise<Reply>((resolve, reject) =>
            client.request({ name: 'status', jobs: [] }, resolve, reject),
          ),
          'an answer',
        ).then((reply) => (reply as { answer: Status }).answer);
      await awaited(
        async () => (await status()).jobs[0]?.pid !== changes[0]?.pid || null,
        'the end of the job',
      );
      for (const stranger of strangers) stranger.destroy();
      await awaited(async () => (await status()).jobs[0]?.state === 'running' || null, 'the job again');
      expect(await home.job('job')).toMatchObject({ state: 'running', restarts: 1 });
    } finally {
      client.close();
      for (const stranger of strangers) stranger.destroy();
    }
    expect((await home.overseer('die')).code).toBe(0);
  });
});

describe('the data folder', () => {
  test('T-129 that is open to others is closed to them', async () => {
    mkdirSync(home.data, { recursive: true });
    chmodSync(home.data, 0o777);
    await applySleeper();
    expect(statSync(home.data).mode & 0o777).toBe(0o700);
  });

  test('T-130 that is a link is used where it leads', async () => {
    mkdirSync(home.path('elsewhere'));
    mkdirSync(join(home.dir, 'data'));
    symlinkSync(home.path('elsewhere'), home.data);
    await applySleeper();
    expect(readdirSync(home.path('elsewhere'))).toContain('state.journal');
  });

  test.each([
    ['is a file', (data: string) => writeFileSync(data, 'mine'), 'is not a folder; move it away'],
    [
      'is a link to nowhere',
      (data: string) => symlinkSync('/nowhere/at/all', data),
      'cannot make the data folder',
    ],
  ])('T-131 that %s is refused with the cure, and left as it is', async (_, make, words) => {
    mkdirSync(join(home.dir, 'data'));
    make(home.data);
    home.write('jobs.toml', sleeper('job'));
    const refused = await home.overseer();
    expect([refused.code, refused.stdout]).toEqual([1, '']);
    expect(refused.stderr).toContain(words);
    expect(refused.stderr).not.toContain('    at ');
    expect(home.processes()).toEqual([]);
  });

  (isRoot ? test : test.skip)('T-132 of another user is refused and left as it is', async () => {
    mkdirSync(home.data, { recursive: true });
    chownSync(home.data, 65_534, 65_534);
    home.write('jobs.toml', sleeper('job'));
    const refused = await home.overseer();
    expect([refused.code, readdirSync(home.data)]).toEqual([1, []]);
    expect(refused.stderr).toContain('belongs to another user');
  });

  test('T-133 that is removed, or moved away, under the daemon ends it without touching a job; the next trigger leaves one copy of each', async () => {
    const other = new Home();
    try {
      other.write('jobs.toml', sleeper('job'));
      const [, there] = await Promise.all([applySleeper(), other.apply()]);
      const before = await home.job('job');
      const [first, second] = [home.daemonPid(), other.daemonPid()];
      rmSync(home.data, { recursive: true });
      renameSync(other.data, other.path('moved'));
      await Promise.all([gone(first, 'the end of the daemon'), gone(second, 'the end of the other')]);
      expect([stateOf(before.pid ?? 0), stateOf(there.changes[0]?.pid ?? 0)]).toEqual(['S', 'S']);
      renameSync(other.path('moved'), other.data);
      expect((await other.apply()).changes).toMatchObject([
        { action: 'none', reason: 'unchanged', pid: there.changes[0]?.pid },
      ]);
      expect((await home.apply()).changes).toMatchObject([
        { action: 'start', reason: 'new', state: 'running' },
      ]);
      expect([isAlive(before.pid ?? 0), left().length]).toEqual([false, 1]);
    } finally {
      await other.dispose();
    }
  });

  test.each([
    ['the whole folder', () => rmSync(home.data, { recursive: true })],
    [
      'its lock and its socket file',
      () => {
        for (const name of ['lock', 'socket']) rmSync(join(home.data, name));
      },
    ],
  ])(
    'T-134 of which %s is removed is the next daemon’s at once: there is one copy of each job, and one daemon',
    async (_, remove) => {
      await applySleeper();
      const first = home.daemonPid();
      remove();
      // The first daemon hears that its child has ended, and may not start it again.
      expect((await home.apply()).changes).toMatchObject([{ job: 'job', state: 'running' }]);
      await gone(first, 'the end of the first daemon');
      expect(left().map(String)).toEqual([String((await home.job('job')).pid)]);
      expect(daemons().length).toBe(1);
    },
  );

  test('T-135 without its socket file gets it again within seconds, and no second daemon comes meanwhile', async () => {
    const pid = await applySleeper();
    const path = join(home.data, 'socket');
    const text = readFileSync(path, 'utf8');
    rmSync(path);
    const [triggered] = await Promise.all([
      home.overseer(),
      awaited(async () => (daemons().length <= 2 && existsSync(path)) || null, 'the socket file'),
    ]);
    expect([triggered.code, readFileSync(path, 'utf8') === text, daemons().length]).toEqual([0, true, 1]);
    expect(await home.job('job')).toMatchObject({ pid, restarts: 0 });
  });
});

describe('signals to the daemon', () => {
  test.each(['SIGHUP', 'SIGPIPE', 'SIGUSR1', 'SIGUSR2'] as const)(
    'T-136 %s changes nothing, and opens nothing',
    async (signal) => {
      const pid = await applySleeper();
      const ports = listening(home.daemonPid());
      kill(home.daemonPid(), signal);
      // One that is answered after the signal has seen it.
      for (let count = 0; count < 20; count += 1) await home.status();
      expect(await home.job('job')).toMatchObject({ state: 'running', pid });
      expect([listening(home.daemonPid()), ports.length]).toEqual([ports, 1]);
    },
  );

  test.each(['SIGTERM', 'SIGINT'] as const)(
    'T-137 %s, and a second one while jobs are ending, stops every job as die does, without haste',
    async (signal) => {
      home.write(
        'jobs.toml',
        shellJob('job', "trap 'sleep 0.7; echo bye; exit 0' TERM; echo up; while :; do sleep 0.02; done"),
      );
      await home.apply();
      await awaited(async () => home.log('job').includes('up') || null, 'its trap');
      const daemon = home.daemonPid();
      kill(daemon, signal);
      await awaited(async () => daemonLog().includes(`${signal} asks: end`) || null, 'the first one');
      kill(daemon, signal);
      await gone(daemon, 'the end of the daemon');
      expect(home.log('job')).toMatch(/^bye$/m);
      expect([home.processes(), existsSync(join(home.data, 'socket'))]).toEqual([[], false]);
    },
  );

  test('T-138 a daemon that stands still for seconds loses nothing: no test its verdict, no end of a job, and no second daemon comes', async () => {
    home.write(
      'jobs.toml',
      shellJob(
        'tested',
        'exec sleep 1000',
        'test_timeout = 1\ntest_command = { exe = "sh", args = ["-c", "echo > testing; sleep 0.4"] }\n' +
          `cwd = ${JSON.stringify(home.dir)}`,
      ) +
        shellJob('starting', 'exec sleep 1000', 'start_seconds = 1').replace('start_seconds = 0\n', '') +
        sleeper('mortal'),
    );
    const trigger = home.overseer('apply', '--json');
    await awaited(async () => existsSync(home.path('testing')) || null, 'the test');
    await home.until('mortal', ({ state }) => state === 'running');
    const daemon = home.daemonPid();
    const { pid } = await home.job('mortal');
    kill(daemon, 'SIGSTOP');
    kill(pid ?? 0, 'SIGKILL');
    // So long that every deadline is past, and the gap is longer than a busy machine makes one.
    await ended(spawn('sleep', ['3.5']) as never);
    const asked = await home.overseer('status');
    expect([asked.code, asked.stdout]).toEqual([1, '']);
    expect(daemons()).toEqual([daemon]);
    kill(daemon, 'SIGCONT');
    const report = JSON.parse((await trigger).stdout) as {
      changes: readonly { job: string; state: string }[];
    };
    expect(report.changes.map(({ job, state }) => `${job} ${state}`)).toEqual([
      'mortal running',
      'starting running',
      'tested running',
    ]);
    expect(await home.job('tested')).toMatchObject({ restarts: 0, test: { verdict: 'pass', exitCode: 0 } });
    expect(await home.job('mortal')).toMatchObject({
      state: 'running',
      restarts: 1,
      lastExit: { signal: 'SIGKILL' },
    });
    expect(left().length).toBe(3);
  });

  (hasStrace ? test : test.skip)(
    'T-139 a daemon that is killed while its child is between fork and exec leaves one copy',
    async () => {
      home.write('jobs.toml', sleeper('job'));
      const traced = [
        '-f',
        '-qq',
        '-o',
        '/dev/null',
        '-e',
        'trace=execve',
        '-e',
        'inject=execve:delay_enter=700000:when=1',
        process.execPath,
        OVERSEERD,
      ];
      const tracer = spawn('strace', traced, { env: home.env, stdio: 'ignore' });
      await home.serving();
      const daemon = home.daemonPid();
      void home.overseer('apply', '--no-wait');
      // Its child, which is still a copy of the daemon.
      await awaited(
        async () =>
          childrenOf(daemon).some((pid) => readlinkSync(`/proc/${pid}/exe`) === process.execPath) || null,
        'a fork',
      );
      kill(daemon, 'SIGKILL');
      await gone(daemon, 'the end of the daemon');
      expect((await home.apply()).changes).toMatchObject([{ state: 'running' }]);
      await awaited(
        async () => tracer.exitCode !== null || tracer.signalCode !== null || null,
        'what was under way',
      );
      expect(left().filter((pid) => pid !== tracer.pid)).toEqual([(await home.job('job')).pid]);
    },
  );
});

describe('where the daemon was started', () => {
  test('T-140 the end of the terminal that it was started from is nothing to it', async () => {
    home.write('jobs.toml', sleeper('job'));
    const terminal = spawn('script', ['-qec', `"${process.execPath}" "${OVERSEER}"`, '/dev/null'], {
      env: home.env,
      cwd: home.dir,
    });
    expect((await ended(terminal)).stdout).toContain('1 started');
    const { pid } = await home.job('job');
    for (const one of [home.daemonPid(), pid ?? 0]) {
      // Field 7 of its line: the terminal that controls it.
      expect(readFileSync(`/proc/${one}/stat`, 'latin1').split(') ')[1]?.split(' ')[4]).toBe('0');
      expect(descriptorsOf(one).filter((target) => /^\/dev\/(pts|tty)/.test(target))).toEqual([]);
    }
  });

  test('T-141 descriptors of whoever ran the command stay with it: a pipe on 40 ends with the command', async () => {
    home.write('jobs.toml', sleeper('job'));
    const stdio = Array.from({ length: 41 }, (_, fd): 'ignore' | 'pipe' =>
      fd === 40 || fd === 1 || fd === 2 ? 'pipe' : 'ignore',
    );
    const command = spawn(process.execPath, [OVERSEER], { env: home.env, cwd: home.dir, stdio });
    const pipe = command.stdio[40 as 3] as NodeJS.ReadableStream;
    const end = new Promise((resolve) => pipe.once('end', resolve));
    pipe.resume();
    command.stdout?.resume();
    command.stderr?.resume();
    await within(end, 'the end of the pipe');
    await home.until('job', ({ state }) => state === 'running');
    const held = descriptorsOf((await home.job('job')).pid ?? 0).map((target) =>
      target.replace(/^.*\/logs\/\.pipes\/\d+ \(deleted\)$/, 'its pipe').replace(/^.*\/logs/, 'logs'),
    );
    const outputs = process.platform === 'linux' ? 'its pipe' : 'logs/job.log';
    expect(new Set(held)).toEqual(new Set(['/dev/null', outputs]));
  });

  test.each([
    ['HOME is not set', { HOME: undefined }],
    ['HOME is nowhere', { HOME: '/nowhere/at/all' }],
    ['PATH is empty', { PATH: '' }],
    ['PATH is not set', { PATH: undefined }],
    ['the language is none', { LANG: 'xx_YY.nonsense', LC_ALL: 'zz' }],
    ['the time zone is none', { TZ: 'Nowhere/Atall' }],
    ['TMPDIR is nowhere', { TMPDIR: '/nowhere/at/all' }],
    [
      'the environment is large',
      Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`NAME_${index}`, 'x'.repeat(200)])),
    ],
  ])('T-142 a daemon works where %s', async (_, changes) => {
    home.write('jobs.toml', sleeper('job', 'cwd = "/"'));
    const env = Object.fromEntries(
      Object.entries({ ...home.env, ...changes }).filter(([, value]) => value !== undefined),
    ) as Record<string, string>;
    const run = (...args: readonly string[]): Promise<Ran> => ended(home.spawn(OVERSEER, args, env));
    expect(await run()).toMatchObject({ code: 0, stderr: '' });
    expect((await run('status', 'job')).code).toBe(0);
    expect((await run('die')).code).toBe(0);
    await awaited(async () => home.processes().length === 0 || null, 'the end of all');
  });

  test('T-143 a clock that jumps a day back and ten days on moves no deadline', async () => {
    const shift = home.path('shift');
    writeFileSync(shift, '0');
    home.write(
      'jobs.toml',
      shellJob('bad', 'echo start; exit 1', 'start_seconds = 1\nbackoff = { min = 0.4, max = 0.4 }').replace(
        'start_seconds = 0\n',
        '',
      ) +
        shellJob('stubborn', `exec "${fixture('ignores-term')}"`, 'stop_timeout = 0.5') +
        sleeper('good'),
    );
    void ended(
      home.spawn('--require', [fixture('shifted-clock.cjs'), OVERSEERD], { ...home.env, CLOCK_SHIFT: shift }),
    );
    await home.serving();
    await home.overseer();
    const good = await home.job('good');
    const starts = (): number => home.log('bad').split('\n').length;
    for (const days of [-1, 10]) {
      writeFileSync(shift, String(days * 86_400_000));
      const before = starts();
      await awaited(async () => starts() >= before + 2 || null, 'the next starts');
      // Nothing is made up for.
      expect(starts()).toBeLessThan(before + 6);
      expect(await home.overseer('stop', 'stubborn')).toMatchObject({ code: 0 });
      expect((await home.job('stubborn')).lastExit).toMatchObject({ signal: 'SIGKILL' });
      await home.overseer('start', 'stubborn');
      expect(await home.job('good')).toEqual(good);
    }
  });

  (hasNamespaces ? test : test.skip)(
    'T-144 a container that is started anew with the same data folder starts its jobs anew and signals nobody else',
    async () => {
      home.write('jobs.toml', sleeper('job') + sleeper('other'));
      const inside = (script: string): Promise<Ran> =>
        ended(
          spawn('unshare', ['-pf', '--mount-proc', '/bin/sh', '-c', script], {
            env: home.env,
            cwd: home.dir,
          }),
        );
      const command = `"${process.execPath}" "${OVERSEER}"`;
      const first = await inside(`${command} --json`);
      await awaited(async () => home.processes().length === 0 || null, 'the end of the container');
      const pids = (JSON.parse(first.stdout) as Report).changes.map(({ pid }) => pid ?? 0);
      // Bystanders take the pids that the first one's jobs had.
      const begin = `until [ "$last" -gt ${Math.max(...pids)} ]; do setsid env -i sleep 1000 & last=$!; all="$all $last"; done`;
      const count = `for pid in $all; do grep -q 'State:.S' /proc/$pid/status && n=$((n + 1)); done; echo "$(echo $all | wc -w) $n"`;
      const second = await inside(
        `last=0; all=; n=0; ${begin}; ${command} --json; ${command} die >&2; ${count}`,
      );
      const [report, counts] = second.stdout.trimEnd().split(/\n(?=\d+ \d+$)/);
      const [begun, living] = (counts ?? '').split(' ');
      expect(JSON.parse(first.stdout)).toMatchObject({ ok: true });
      expect(JSON.parse(report ?? '')).toMatchObject({
        ok: true,
        changes: [
          { action: 'start', state: 'running' },
          { action: 'start', state: 'running' },
        ],
      });
      expect([Number(begun) > 5, living]).toEqual([true, begun]);
    },
  );
});

describe('a damaged journal, while the jobs run', () => {
  test.each<[string, (path: string) => void]>([
    ['missing', (path) => rmSync(path)],
    ['empty', (path) => writeFileSync(path, '')],
    ['cut in the middle of a record', (path) => writeFileSync(path, readFileSync(path).subarray(0, -20))],
    [
      'cut to its half',
      (path) => writeFileSync(path, readFileSync(path).subarray(0, statSync(path).size / 2)),
    ],
    ['with a flipped bit', (path) => writeFileSync(path, flipped(readFileSync(path)))],
    [
      'zeroed at its end',
      (path) => writeFileSync(path, Buffer.concat([readFileSync(path).subarray(0, -300), Buffer.alloc(300)])),
    ],
    [
      'followed by garbage',
      (path) =>
        appendFileSync(path, Buffer.from(Array.from({ length: 999 }, (_, index) => (index * 77) % 256))),
    ],
    [
      'of garbage alone',
      (path) =>
        writeFileSync(path, Buffer.from(Array.from({ length: 9_999 }, (_, index) => (index * 77) % 256))),
    ],
    ['of other JSON', (path) => writeFileSync(path, '{"jobs":[]}\n[1,2,3]\n')],
  ])('T-145 %s, leads to one copy of each job', async (_, damage) => {
    home.write('jobs.toml', sleeper('a') + sleeper('b') + sleeper('c'));
    await home.apply();
    await killDaemon();
    damage(journalOf(home));
    const report = await home.apply();
    expect([report.code, report.changes.map(({ job, state }) => `${job} ${state}`)]).toEqual([
      0,
      ['a running', 'b running', 'c running'],
    ]);
    const { jobs } = await home.status();
    expect(left().toSorted((x, y) => x - y)).toEqual(
      jobs.map(({ pid }) => pid ?? 0).toSorted((x, y) => x - y),
    );
  });

  test('T-146 a folder in its place is refused with the cure, and no job is touched', async () => {
    const pid = await applySleeper();
    await killDaemon();
    renameSync(journalOf(home), home.path('journal'));
    mkdirSync(journalOf(home));
    const refused = await home.overseer();
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('is not a regular file: move it away');
    expect([stateOf(pid), daemons()]).toEqual(['S', []]);
    rmSync(journalOf(home), { recursive: true });
    renameSync(home.path('journal'), journalOf(home));
    expect((await home.apply()).changes).toMatchObject([{ action: 'none', pid }]);
  });

  test('T-147 one of a newer overseer is refused by both versions and left as it is, and no job is touched', async () => {
    const pid = await applySleeper();
    await killDaemon();
    const newer = headerOfVersion(7) + readFileSync(journalOf(home), 'utf8').split('\n').slice(1).join('\n');
    writeFileSync(journalOf(home), newer);
    const refused = await home.overseer();
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/version 7, this one reads version 3/);
    expect([readFileSync(journalOf(home), 'utf8') === newer, stateOf(pid), daemons()]).toEqual([
      true,
      'S',
      [],
    ]);
  });

  test('T-148 an older backup of it leads to no second copy', async () => {
    home.write('jobs.toml', sleeper('a') + sleeper('b'));
    await home.apply();
    await home.overseer('stop', 'b');
    copyFileSync(journalOf(home), home.path('backup'));
    home.write('jobs.toml', sleeper('a') + sleeper('b') + sleeper('c'));
    await home.overseer('restart', 'a');
    await home.overseer('start', 'b');
    await home.apply();
    await killDaemon();
    copyFileSync(home.path('backup'), journalOf(home));
    await home.apply();
    await home.overseer('start', '--all');
    const { jobs } = await home.status();
    expect(jobs.map(({ name, state }) => `${name} ${state}`)).toEqual([
      'a running',
      'b running',
      'c running',
    ]);
    expect(left().toSorted((x, y) => x - y)).toEqual(
      jobs.map(({ pid }) => pid ?? 0).toSorted((x, y) => x - y),
    );
  });

  test('T-149 a copy of the whole data folder does not adopt the jobs of the first, nor stop them', async () => {
    const pid = await applySleeper();
    cpSync(join(home.dir, 'data'), home.path('copy'), { recursive: true });
    rmSync(join(home.path('copy'), 'overseer', 'socket'));
    const run = (...args: readonly string[]): Promise<Ran> =>
      ended(home.spawn(OVERSEER, args, { ...home.env, XDG_DATA_HOME: home.path('copy') }));
    const { changes } = JSON.parse((await run('apply', '--json')).stdout) as {
      changes: readonly { pid: number }[];
    };
    expect(changes[0]?.pid).not.toBe(pid);
    expect((await run('die')).code).toBe(0);
    expect(await home.job('job')).toMatchObject({ state: 'running', pid, restarts: 0 });
  });

  test('T-150 a job that the config no longer names is adopted, and the trigger stops it', async () => {
    home.write('jobs.toml', sleeper('old') + sleeper('job'));
    await home.apply();
    const { pid } = await home.job('old');
    await killDaemon();
    home.write('jobs.toml', sleeper('job'));
    expect((await home.overseer('start', 'job')).code).toBe(0);
    expect(await home.job('old')).toMatchObject({ state: 'running', pid });
    expect((await home.apply()).changes).toMatchObject([
      { job: 'job', action: 'none' },
      { job: 'old', action: 'remove' },
    ]);
    expect(isAlive(pid ?? 0)).toBe(false);
  });
});

describe('a record that names a process of somebody else', () => {
  /** Processes that no job has: a leader with children in its own group and in others of its session. */
  class Bystanders {
    readonly #child = spawn('/bin/bash', ['-c', 'sleep 1000 & set -m; sleep 1000 & sleep 1000 & wait'], {
      env: {},
      detached: true,
      stdio: 'ignore',
    });
    readonly pid = this.#child.pid ?? 0;

    get all(): readonly number[] {
      return os
        .processes()
        .flatMap(({ pid, sid, state }) => (sid === this.pid && state !== 'Z' ? [pid] : []));
    }

    /** Resolves when all of them are there. */
    async begun(): Promise<readonly number[]> {
      return awaited(async () => (this.all.length === 4 ? this.all : null), 'the bystanders');
    }

    end(): void {
      for (const pid of this.all) kill(pid, 'SIGKILL');
    }
  }

  test.each<
    [
      string,
      {
        readonly start: 'another' | 'the same';
        readonly boot: 'another' | 'the same';
        readonly leader: boolean;
      },
    ]
  >([
    ['of an earlier boot', { start: 'another', boot: 'another', leader: true }],
    ['of an earlier boot, with the same start', { start: 'the same', boot: 'another', leader: true }],
    ['that began later', { start: 'another', boot: 'the same', leader: true }],
    ['whose leader has ended', { start: 'another', boot: 'the same', leader: false }],
    ['of an earlier boot, whose leader has ended', { start: 'another', boot: 'another', leader: false }],
  ])('T-151 %s: nobody is signalled, and the job starts anew', async (_, { start, boot, leader }) => {
    const pid = await applySleeper();
    await killDaemon();
    kill(pid, 'SIGKILL');
    const others = new Bystanders();
    try {
      const before = await others.begun();
      const identity = os.identify(others.pid);
      if (!leader) kill(others.pid, 'SIGKILL');
      const expected = leader ? before : before.filter((one) => one !== others.pid);
      await awaited(async () => others.all.length === expected.length || null, 'the end of the leader');
      plantChild(home, 'job', {
        pid: others.pid,
        start: start === 'the same' ? identity?.start : '1',
        boot: boot === 'the same' ? os.bootId() : 'an-earlier-boot',
      });
      expect((await home.apply()).changes).toMatchObject([{ action: 'start', state: 'running' }]);
      await home.overseer('restart', 'job');
      await home.overseer('die');
      expect(others.all).toEqual(expected);
    } finally {
      others.end();
    }
  });

  test.each<[string, unknown, string | undefined]>([
    ['0', 0, undefined],
    ['1, the system itself', 1, os.identify(1)?.start],
    ['-1, everybody', -1, undefined],
    ['2^31', 2 ** 31, undefined],
    ['a fraction', 4.5, undefined],
    ['a word', 'all', undefined],
    ['null', null, undefined],
  ])('T-152 of pid %s is rejected, and the job starts anew', async (_, pid, start) => {
    const before = await applySleeper();
    await killDaemon();
    kill(before, 'SIGKILL');
    plantChild(home, 'job', { pid, ...(start !== undefined && { start }) });
    expect((await home.apply()).changes).toMatchObject([{ job: 'job', action: 'start', state: 'running' }]);
    await home.overseer('restart', 'job');
    expect((await home.overseer('stop', 'job')).code).toBe(0);
    expect((await home.overseer('die')).code).toBe(0);
    await awaited(async () => home.processes().length === 0 || null, 'the end of all');
  });
});

function childrenOf(parent: number): readonly number[] {
  return os.processes().flatMap(({ pid, ppid }) => (ppid === parent ? [pid] : []));
}

function descriptorsOf(pid: number): readonly string[] {
  return readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`));
}

/** The ports on which a process listens. */
function listening(pid: number): readonly string[] {
  const sockets = new Set(descriptorsOf(pid));
  return readFileSync('/proc/net/tcp', 'latin1')
    .split('\n')
    .map((line) => line.trim().split(/ +/))
    .filter((fields) => fields[3] === '0A' && sockets.has(`socket:[${fields[9]}]`))
    .map((fields) => String(fields[1]));
}

/** One bit of each fifth record, the first line excepted. */
function flipped(bytes: Buffer): Buffer {
  const lines = bytes.toString('latin1').split('\n');
  const damaged = lines.map((line, index) => (index % 5 === 4 ? line.replace('"k"', '"K"') : line));
  return Buffer.from(damaged.join('\n'), 'latin1');
}
