import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { linuxOs } from '../../src/os/linux/linux.ts';
import { OVERSEERD, awaited, kill } from './support/home.ts';
import { shellJob, sleeper } from './support/shell-job.ts';
import { descriptorsOf } from './support/descriptors.ts';
import { home } from './support/fresh-home.ts';
import { left, gone, daemonLog, applySleeper, daemons } from './support/host-state.ts';

const os = linuxOs();

const hasStrace = spawnSync('strace', ['-V']).status === 0;

if (!hasStrace) console.log('the tests with a slow system call are skipped: strace is not installed');

test.each(['SIGHUP', 'SIGPIPE', 'SIGUSR1', 'SIGUSR2'] as const)(
  'T-136 %s to the daemon changes nothing and opens nothing',
  async (signal) => {
    const pid = await applySleeper();
    const ports = listening(home.daemonPid());
    kill(home.daemonPid(), signal);
    // A request that is answered after the signal shows that the daemon has received the signal.
    for (let count = 0; count < 20; count += 1) await home.status();
    expect(await home.job('job')).toMatchObject({ state: 'running', pid });
    expect([listening(home.daemonPid()), ports.length]).toEqual([ports, 1]);
  },
);

test.each(['SIGTERM', 'SIGINT'] as const)(
  'T-137 %s, and a second one while jobs are ending, stop every job as die does, without haste',
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
    await awaited(async () => /^bye$/m.test(home.log('job')) || null, 'its last word');
    expect([home.processes(), existsSync(join(home.data, 'socket'))]).toEqual([[], false]);
  },
);

test('T-138 a daemon that stands still for seconds loses no verdict and no exit', async () => {
  home.write(
    'jobs.toml',
    shellJob(
      'tested',
      'exec sleep 1000',
      'test_timeout = 3\ntest_command = { exe = "sh", args = ["-c", "echo > testing; until [ -e go ]; do sleep 0.02; done"] }\n' +
        `cwd = ${JSON.stringify(home.dir)}`,
    ) +
      shellJob('starting', 'exec sleep 1000', 'start_seconds = 1').replace('start_seconds = 0\n', '') +
      sleeper('mortal') +
      sleeper(
        'last',
        `cwd = ${JSON.stringify(home.dir)}\nready = { command = "test -e go-on", interval = 0.1 }`,
      ),
  );
  const trigger = home.overseer('apply', '--json');
  await awaited(async () => existsSync(home.path('testing')) || null, 'the test');
  await home.until('mortal', ({ state }) => state === 'running');
  const daemon = home.daemonPid();
  const { pid } = await home.job('mortal');
  kill(daemon, 'SIGSTOP');
  kill(pid ?? 0, 'SIGKILL');
  writeFileSync(home.path('go'), '');
  // The command gives up after 10 s: every deadline has passed, and even a busy machine causes no such gap.
  const asked = await home.overseer('status');
  expect([asked.code, asked.stdout]).toEqual([1, '']);
  expect(daemons()).toEqual([daemon]);
  kill(daemon, 'SIGCONT');
  await home.until('mortal', ({ state, restarts }) => state === 'running' && restarts === 1);
  writeFileSync(home.path('go-on'), '');
  const report = JSON.parse((await trigger).stdout) as {
    changes: readonly { job: string; state: string }[];
  };
  expect(report.changes.map(({ job, state }) => `${job} ${state}`)).toEqual([
    'last running',
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
  await awaited(async () => left().length === 4 || null, 'four processes');
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
      'inject=execve:delay_enter=3000000:when=1',
      process.execPath,
      OVERSEERD,
    ];
    const tracer = spawn('strace', traced, { env: home.env, stdio: 'ignore' });
    await home.serving();
    const daemon = home.daemonPid();
    void home.overseer('apply', '--no-wait');
    // Its child, which is still a copy of the daemon.
    await awaited(
      async () => childrenOf(daemon).some((pid) => programOf(pid) === process.execPath) || null,
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

function programOf(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/exe`);
  } catch {
    // It ended meanwhile.
    return '';
  }
}

function childrenOf(parent: number): readonly number[] {
  return os.processes().flatMap(({ pid, ppid }) => (ppid === parent ? [pid] : []));
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
