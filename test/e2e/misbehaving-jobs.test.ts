import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { JobStatus } from '../../src/wire/messages.ts';
import { Home, OVERSEER, OVERSEERD, awaited, ended, fixture, isAlive, kill } from './support/home.ts';
import { shellJob, sleeper } from './support/shell-job.ts';
import { home } from './support/fresh-home.ts';
import { freePort } from './support/free-port.ts';
import { logged } from './support/logged.ts';
import { daemonLog } from './support/host-state.ts';

/** The processes of this home, without the daemon. */
const left = (): number[] => home.processes().filter((pid) => pid !== home.daemonPid());

const restarted = ({ restarts, state }: JobStatus): boolean => restarts > 0 && state === 'running';

async function pidOf(name: string): Promise<number> {
  const { pid } = await home.job(name);
  if (pid === null) throw new Error(`${name} is not running`);
  return pid;
}

test('T-105 a job that cannot stay up waits longer each time, and its neighbour is not affected', async () => {
  home.write(
    'jobs.toml',
    shellJob('bad', 'date +%s%N; exit 1', 'backoff = { min = 0.1, max = 0.4 }\nstart_seconds = 60').replace(
      'start_seconds = 0\n',
      '',
    ) + sleeper('good'),
  );
  await home.apply();
  const good = await home.job('good');
  await awaited(async () => home.log('bad').split('\n').length > 6 || null, 'six starts');
  const starts = home
    .log('bad')
    .trim()
    .split('\n')
    .map((nanoseconds) => Number(nanoseconds) / 1e6);
  const waits = starts.slice(1, 6).map((at, index) => at - (starts[index] ?? 0));
  // A tenth less is the jitter.
  expect(waits.map((wait, index) => wait >= [90, 180, 360, 360, 360][index]!)).toEqual([
    true,
    true,
    true,
    true,
    true,
  ]);
  expect(await home.job('bad')).toMatchObject({
    restarts: expect.any(Number),
    lastExit: { code: 1, signal: null },
  });
  expect((await home.overseer('why', 'bad')).stdout).toContain('exited with 1');
  expect(await home.job('good')).toEqual(good);
});

test.each(['SIGKILL', 'SIGSEGV', 'SIGABRT', 'SIGXCPU'])(
  'T-106 a job that is ended by %s says so in its status, and comes back',
  async (signal) => {
    home.write(
      'jobs.toml',
      shellJob(
        'job',
        `test -e mark && exec sleep 1000; : > mark; ulimit -c 0; kill -${signal.slice(3)} $$`,
        `cwd = ${JSON.stringify(home.dir)}`,
      ),
    );
    await home.apply();
    expect(await home.until('job', restarted)).toMatchObject({ lastExit: { code: null, signal } });
    expect((await home.overseer('why', 'job')).stdout).toContain(signal);
  },
);

test.each([
  ['closes its output', 'exec >&- 2>&-; sleep 0.1; exit 3'],
  ['closes every descriptor', 'exec 0<&- 1>&- 2>&-; sleep 0.1; exit 3'],
  ['leaves its output to a child that lives on', 'sleep 1000 & exit 3'],
  ['leaves everything to a child in a session of its own', 'setsid sleep 1000 & sleep 0.1; exit 3'],
])('T-107 a job that %s is noticed when it ends, and leaves nothing behind', async (_, script) => {
  home.write(
    'jobs.toml',
    shellJob('job', script, 'max_restarts = 1\nstart_seconds = 60').replace('start_seconds = 0\n', ''),
  );
  await home.apply();
  expect(await home.until('job', ({ state }) => state === 'failed')).toMatchObject({
    lastExit: { code: 3, signal: null },
    pid: null,
  });
  expect(left()).toEqual([]);
});

test('T-108 50 MB in a hurry are kept within the size of their log, with no line lost, doubled or torn', async () => {
  const lines = 500_000;
  const chunk = 20_000;
  const size = 4_000_000;
  const script = `at=0; while [ $at -lt ${lines} ]; do seq -f 'line %.0f ${'.'.repeat(86)}' $((at + 1)) $((at + ${chunk})); at=$((at + ${chunk})); sleep 0.1; done; : > "$DONE"; exec sleep 1000`;
  home.write(
    'jobs.toml',
    shellJob(
      'loud',
      script,
      `env = { DONE = "${home.path('done')}" }\nlog = { max_size = ${size}, keep = 50 }`,
    ),
  );
  await home.apply();
  await awaited(async () => existsSync(home.path('done')) || null, 'the last line');
  const folder = join(home.data, 'logs');
  const inLogs = (pattern: RegExp): readonly string[] =>
    readdirSync(folder).filter((name) => pattern.test(name));
  await awaited(
    async () => (statSync(join(folder, 'loud.log')).size <= size && inLogs(/rotating$/).length === 0) || null,
    'the last rotation',
  );
  const older = inLogs(/^loud\.log\.\d+$/);
  expect(older.length).toBeGreaterThan(2);
  const parts = [
    ...older.toSorted((one, other) => Number(other.split('.')[2]) - Number(one.split('.')[2])),
    'loud.log',
  ];
  const text = parts.map((part) => readFileSync(join(folder, part), 'latin1')).join('');
  let expected = 0;
  for (const line of text.trimEnd().split('\n')) {
    expected += 1;
    if (!line.startsWith(`line ${expected} .`) || line.length !== `line ${expected} `.length + 86)
      throw new Error(`line ${expected} is: ${line}`);
  }
  expect(expected).toBe(lines);
});

test('T-109 no command but logs passes on what a terminal would obey', async () => {
  home.write(
    'jobs.toml',
    `[[jobs]]\nname = "odd"\nstart_seconds = 0\ndescription = "\\u001b[2J\\u0007gone"\njob_command = "${fixture('prints-oddly')}"\n` +
      shellJob(
        'held',
        'exec sleep 1000',
        `test_command = { exe = "sh", args = ["-c", "printf '\\\\033]0;title\\\\007'; exit 1"] }`,
      ),
  );
  await home.apply();
  const logs = await ended(home.spawn(OVERSEER, ['logs', 'odd']));
  expect(logs.stdout).toBe(readFileSync(join(home.data, 'logs', 'odd.log'), 'utf8'));
  for (const args of [['status'], ['why', 'odd'], ['why', 'held'], ['plan']]) {
    const { stdout } = await home.overseer(...args);
    // oxlint-disable-next-line no-control-regex
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  }
  expect((await home.overseer('why', 'held')).stdout).toContain(String.raw`\e]0;title`);
});

test('T-110 a job that somebody has paused (SIGSTOP) is still up, and can be stopped and restarted', async () => {
  home.write('jobs.toml', sleeper('job'));
  await home.apply();
  const pid = await pidOf('job');
  await home.overseer('signal', 'STOP', 'job');
  await awaited(async () => / T /.test(readFileSync(`/proc/${pid}/stat`, 'latin1')) || null, 'the stop');
  expect(await home.job('job')).toMatchObject({ state: 'running', pid });
  expect((await home.overseer('restart', 'job')).code).toBe(0);
  expect(isAlive(pid)).toBe(false);
  expect(await home.job('job')).toMatchObject({ state: 'running', lastExit: { signal: 'SIGTERM' } });
});

test('T-111 a port that a left-over child holds is free before the job starts again', async () => {
  const port = await freePort();
  const script = [
    'lines() { wc -l < "$OUT"; }; before=$(lines)',
    `"${process.execPath}" "${fixture('holds-port')}" ${port} & until [ $(lines) -gt $before ]`,
    'do sleep 0.02; done; exit 1',
  ].join('; ');
  home.write(
    'jobs.toml',
    shellJob(
      'web',
      script,
      `backoff = { min = 0.01, max = 0.01 }\nenv = { OUT = "${join(home.data, 'logs', 'web.log')}" }`,
    ),
  );
  await home.apply();
  await home.until('web', ({ restarts }) => restarts >= 3);
  await home.overseer('stop', 'web');
  expect(new Set(home.log('web').trim().split('\n'))).toEqual(new Set(['listening']));
  expect(left()).toEqual([]);
});

test('T-112 a job that changes its name and clears its environment is adopted and stopped as usual', async () => {
  home.write('jobs.toml', shellJob('job', "exec env -i bash -c 'exec -a other sleep 1000'"));
  await home.apply();
  const pid = await pidOf('job');
  await awaited(
    async () => readFileSync(`/proc/${pid}/cmdline`, 'latin1').startsWith('other\0') || null,
    'its other name',
  );
  await home.killDaemon();
  expect((await home.apply()).changes).toMatchObject([{ action: 'none', reason: 'unchanged', pid }]);
  expect((await home.overseer('stop', 'job')).code).toBe(0);
  expect(isAlive(pid)).toBe(false);
});

// Longer than the test takes on any machine, and yet not for ever. The job itself lives on: one that ends is
// started again less and less often, and between its runs there is nothing to be seen.
const FORKS = `"${fixture('forks-on')}" 100000`;

test('T-113 a job whose processes fork and end too fast to list is stopped, and others are left alone', async () => {
  home.write('jobs.toml', sleeper('good') + shellJob('bomb', `${FORKS}; ${FORKS}; exec sleep 1000`));
  await home.apply();
  const good = await home.job('good');
  await awaited(async () => left().length > 2 || null, 'forks');
  const stopped = await home.overseer('stop', 'bomb');
  expect([stopped.code, left()]).toEqual([0, [good.pid]]);
  expect(await home.job('good')).toEqual(good);
});

test('T-114 200 jobs that end in the same moment all come back, each once', async () => {
  const names = Array.from({ length: 200 }, (_, index) => `job${index}`);
  home.write('jobs.toml', names.map((name) => sleeper(name)).join(''));
  expect((await home.apply()).changes.every(({ state }) => state === 'running')).toBe(true);
  const before = (await home.status()).jobs;
  for (const { pid } of before) kill(pid ?? 0, 'SIGKILL');
  const after = await awaited(async () => {
    // On a machine that is busy with 200 starts an answer may be late.
    const jobs = await home.status().then(
      (status) => status.jobs,
      () => [],
    );
    return jobs.length === 200 && jobs.every(restarted) ? jobs : null;
  }, 'all of them again');
  expect(after.map(({ restarts, lastExit }) => `${restarts} ${lastExit?.signal}`)).toEqual(
    names.map(() => '1 SIGKILL'),
  );
  expect(left().length).toBe(200);
  expect((await home.overseer('die')).code).toBe(0);
  await awaited(async () => home.processes().length === 0 || null, 'the end of all');
});

test('T-115 a new job with the name of one that is still ending waits for that end', async () => {
  const old = shellJob(
    'job',
    `exec "${fixture('ignores-term')}"`,
    'stop_timeout = 600\nready = { log = "ready" }',
  );
  home.write('jobs.toml', old + sleeper('other'));
  await home.apply();
  const pid = await pidOf('job');
  home.write('jobs.toml', sleeper('other'));
  const removal = home.apply();
  await home.until('job', ({ state }) => state === 'stopping');
  home.write('jobs.toml', sleeper('job') + sleeper('other'));
  const adding = home.apply();
  await awaited(async () => daemonLog().split('asks: apply').length > 3 || null, 'the third trigger');
  // Does at once what the daemon would do after the stop timeout.
  kill(-pid, 'SIGKILL');
  const [again] = await Promise.all([adding, removal]);
  expect(isAlive(pid)).toBe(false);
  expect(again.changes).toMatchObject([
    { job: 'job', state: 'running', pid: await pidOf('job') },
    { job: 'other', action: 'none' },
  ]);
  expect(left().length).toBe(2);
});

test('T-116 overseer as a job of overseer keeps its own jobs apart, and takes them with it', async () => {
  const inner = new Home();
  try {
    inner.write('jobs.toml', sleeper('inner') + sleeper('nested'));
    const env = `env = { HOME = "${inner.dir}", XDG_CONFIG_HOME = "${inner.env['XDG_CONFIG_HOME']}", XDG_DATA_HOME = "${inner.env['XDG_DATA_HOME']}" }`;
    home.write(
      'jobs.toml',
      `[[jobs]]\nname = "nested"\nstart_seconds = 0\n${env}\njob_command = { exe = "${process.execPath}", args = ["${OVERSEERD}", "--apply"] }\n`,
    );
    await home.apply();
    await inner.serving();
    await inner.until('nested', ({ state }) => state === 'running');
    await inner.until('inner', ({ state }) => state === 'running');
    expect(inner.daemonPid()).toBe(await pidOf('nested'));
    expect((await home.overseer('stop', 'nested')).code).toBe(0);
    expect(inner.processes()).toEqual([]);
    expect(existsSync(join(inner.data, 'socket'))).toBe(false);
  } finally {
    await inner.dispose();
  }
});

test('T-117 a job that runs overseerd on its own data folder finds it taken, and changes nothing', async () => {
  home.write(
    'jobs.toml',
    sleeper('good') +
      `[[jobs]]\nname = "again"\nmax_restarts = 1\nstart_seconds = 60\njob_command = { exe = "${process.execPath}", args = ["${OVERSEERD}"] }\n`,
  );
  await home.apply();
  expect(await home.until('again', ({ state }) => state === 'failed')).toMatchObject({
    lastExit: { code: 1 },
  });
  await logged('again', 'another daemon serves');
  expect(await home.job('good')).toMatchObject({ state: 'running', restarts: 0 });
});

test('T-118 a job that calls overseer to restart itself is restarted once', async () => {
  home.write(
    'jobs.toml',
    shellJob(
      'job',
      `test -e mark || { : > mark; "${process.execPath}" "${OVERSEER}" restart job; }; exec sleep 1000`,
      `cwd = ${JSON.stringify(home.dir)}`,
    ),
  );
  await home.apply();
  await awaited(async () => existsSync(home.path('mark')) || null, 'its call');
  await home.until('job', ({ state, lastExit }) => state === 'running' && lastExit !== null);
  expect(left().length).toBe(1);
});
