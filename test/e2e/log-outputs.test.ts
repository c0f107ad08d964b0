import { spawnSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { Home, awaited, isAlive, kill } from './support/home.ts';
import { shellJob, sleeper } from './support/shell-job.ts';

let home: Home;
beforeEach(() => {
  home = new Home();
});
afterEach(() => home.dispose());

const onLinux = process.platform === 'linux' ? describe : describe.skip;
const isTrue = (what: () => boolean, name: string): Promise<true> =>
  awaited(async () => what() || null, name);
const logged = (name: string, text: string): Promise<true> =>
  isTrue(() => home.log(name).includes(text), `${text} in the log of ${name}`);
const logPath = (file: string): string => join(home.data, 'logs', file);

/** A number a line, without an end. */
const COUNTS = 'i=0; while :; do i=$((i+1)); echo $i; done';
/** The same at some pace. */
const COUNTS_SLOWLY = 'i=0; while :; do i=$((i+1)); echo $i; [ $((i % 50)) = 0 ] && sleep 0.01; done';

/** What a job has logged, the oldest first. */
function everything(name: string): string[] {
  const files = readdirSync(join(home.data, 'logs'))
    .filter((file) => new RegExp(`^${name}\\.log(\\.\\d+)?$`).test(file))
    .toSorted((a, b) => Number(b.split('.')[2] ?? 0) - Number(a.split('.')[2] ?? 0));
  return files
    .flatMap((file) => readFileSync(logPath(file), 'utf8').split('\n'))
    .filter((line) => line !== '');
}

/** The process that copies to a job's log. */
function writerOf(name: string): number | null {
  const { ino } = statSync(logPath(`${name}.log`));
  const pids = readdirSync('/proc').filter((entry) => /^\d+$/.test(entry));
  const found = pids.find((pid) => {
    try {
      return statSync(`/proc/${pid}/fd/0`).isFIFO() && statSync(`/proc/${pid}/fd/1`).ino === ino;
    } catch {
      return false;
    }
  });
  return found === undefined ? null : Number(found);
}

onLinux('a job that opens its outputs by name', () => {
  test.each([
    ['echo x > /dev/stderr', 'echo oops > /dev/stderr'],
    ['echo x > /dev/stdout', 'echo oops > /dev/stdout'],
    ['/dev/fd and /proc', 'echo oo > /dev/fd/1; echo oops > /proc/self/fd/2'],
    ['tee /dev/stderr', 'echo oops | tee /dev/stderr > /dev/null'],
    ['exec 2> /dev/stdout', 'exec 2> /dev/stdout; echo oops >&2'],
    ['dd of=/dev/stdout', 'echo oops | dd of=/dev/stdout 2> /dev/null'],
  ])('T-159 loses nothing of its log: %s', async (_name, line) => {
    for (const [index, restart] of ['always', 'never'].entries())
      home.write(
        `${restart}.toml`,
        shellJob(`job${index}`, `seq 50; ${line}; echo after; exec sleep 1000`, `restart = "${restart}"`),
      );
    await home.overseer();
    for (const name of ['job0', 'job1']) {
      await logged(name, 'after');
      const lines = everything(name);
      expect(lines.filter((each) => /^\d+$/.test(each))).toHaveLength(50);
      expect(lines).toContain('oops');
    }
  });

  test('outputs = "file" has no process beside the job, and the job has the log itself', async () => {
    home.write('jobs.toml', sleeper('web', 'log = { outputs = "file" }'));
    await home.overseer();
    const { pid } = await home.job('web');
    expect(statSync(`/proc/${pid}/fd/1`).ino).toBe(statSync(logPath('web.log')).ino);
    expect(writerOf('web')).toBe(null);
  });
});

onLinux('the process that copies to the log', () => {
  test('the log process outlives the daemon, and the next one rotates through it without a loss', async () => {
    home.write('jobs.toml', shellJob('web', COUNTS_SLOWLY, 'log = { max_size = "20kB", keep = 1000 }'));
    await home.overseer();
    const { pid } = await home.job('web');
    await logged('web', '\n');
    const writer = writerOf('web');
    await home.killDaemon();
    await home.overseer();
    await isTrue(() => existsSync(logPath('web.log.3')), 'some rotations');
    expect([(await home.job('web')).pid, writerOf('web')]).toEqual([pid, writer]);
    await home.overseer('stop', 'web');
    await isTrue(() => !isAlive(writer ?? 0), 'the end of the writer');
    const numbers = everything('web').map(Number);
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  });

  test('T-160 the process that copies the log is replaced when it is killed, and the job lives on', async () => {
    home.write('jobs.toml', shellJob('web', 'while :; do date +%s.%N; sleep 0.05; done'));
    await home.overseer();
    const { pid } = await home.job('web');
    await logged('web', '\n');
    for (const isLater of [false, true]) {
      const writer = writerOf('web') ?? 0;
      if (isLater) await home.killDaemon();
      kill(writer, 'SIGKILL');
      await isTrue(() => !isAlive(writer), 'its end');
      const size = home.log('web').length;
      if (isLater) await home.overseer();
      await isTrue(() => home.log('web').length > size + 100, 'more lines');
    }
    expect(await home.job('web')).toMatchObject({ pid, restarts: 0, state: 'running' });
  });

  test('the log process has written everything before the end of its job is reported', async () => {
    home.write('jobs.toml', shellJob('once', 'seq 200000', 'restart = "never"'));
    await home.overseer();
    await home.until('once', ({ state }) => state === 'finished');
    expect(everything('once')).toHaveLength(200_000);
  });

  test('T-161 only the copying process stops for a rotation: a process that left its group loses no line', async () => {
    home.write(
      'jobs.toml',
      shellJob(
        'web',
        `setsid sh -c '${COUNTS}' & exec sleep 1000`,
        'log = { max_size = "100kB", keep = 1000 }',
      ),
    );
    await home.overseer();
    await isTrue(() => existsSync(logPath('web.log.4')), 'some rotations');
    const writer = writerOf('web') ?? 0;
    await home.overseer('stop', 'web');
    await isTrue(() => !isAlive(writer), 'the end of the process that copies');
    const numbers = everything('web').map(Number);
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  });
});

describe('what stands in the place of a log', () => {
  const start = async (): Promise<string> => {
    home.write('jobs.toml', sleeper('web') + sleeper('other'));
    await home.overseer();
    await home.overseer('stop', 'web');
    rmSync(logPath('web.log'), { force: true });
    return logPath('web.log');
  };

  test.each([
    ['FIFO', (path: string) => void spawnSync('mkfifo', [path])],
    ['symbolic link', (path: string) => symlinkSync('/etc', path)],
    ['symbolic link', (path: string) => symlinkSync('web.log', path)],
    ['folder', (path: string) => void spawnSync('mkdir', [path])],
  ])(
    'a file in the place of a log keeps only its job from starting, and why names it: %s',
    async (kind, put) => {
      put(await start());
      await home.overseer('start', 'web');
      expect((await home.overseer('why', 'web')).stdout.replaceAll(/\s+/g, ' ')).toContain(
        `web.log is a ${kind}, not a regular file: move it away`,
      );
      expect(await home.job('other')).toMatchObject({ state: 'running', restarts: 0 });
      rmSync(logPath('web.log'), { recursive: true });
      expect((await home.overseer('start', 'web')).code).toBe(0);
    },
  );

  test('a log may be a link to a file of the same user, which is rotated as a log is', async () => {
    const path = await start();
    symlinkSync(home.write('elsewhere.log', 'earlier\n'), path);
    expect((await home.overseer('start', 'web')).code).toBe(0);
    expect([lstatSync(path).isSymbolicLink(), home.log('web')]).toEqual([
      true,
      expect.stringMatching(/^earlier\n/),
    ]);
  });

  test('a log may be a link to /dev/null', async () => {
    symlinkSync('/dev/null', await start());
    expect((await home.overseer('start', 'web')).code).toBe(0);
    expect((await home.job('web')).state).toBe('running');
  });

  test('a file that took the place of a log is left alone while the job runs, and told once', async () => {
    home.write('jobs.toml', sleeper('web'));
    await home.overseer();
    rmSync(logPath('web.log'));
    symlinkSync('web.log', logPath('web.log'));
    const said = (): number =>
      readFileSync(join(home.data, 'overseerd.log'), 'utf8').split('web.log is left alone').length - 1;
    await isTrue(() => said() > 0, 'a word about it');
    expect((await home.overseer('status')).code).toBe(0);
    expect(said()).toBe(1);
  });

  test.each([
    ['FIFO', (path: string) => void spawnSync('mkfifo', [path])],
    ['folder', (path: string) => void spawnSync('mkdir', [path])],
  ])('T-1180 logs says that a %s stands in the place of a log, and shows the others', async (kind, put) => {
    home.write('jobs.toml', sleeper('web') + shellJob('api', 'echo from api; exec sleep 1000'));
    await home.overseer();
    await logged('api', 'from api');
    rmSync(logPath('web.log'));
    put(logPath('web.log'));
    const message = `${logPath('web.log')} is a ${kind}, not a regular file: move it away`;
    const stderr = `overseer: ${message}\n`;
    expect(await home.overseer('logs', 'web')).toEqual({ code: 1, stdout: '', stderr });
    expect(await home.overseer('logs')).toEqual({ code: 1, stdout: 'api | from api\n', stderr });
    expect(JSON.parse((await home.overseer('logs', 'web', '--json')).stdout)).toEqual({
      ok: false,
      error: { code: 'log', message },
    });
    expect((await home.overseer('why', 'web')).stdout.replaceAll(/\s+/g, ' ')).toContain(
      `web.log is a ${kind} now. Move it away; then \`overseer restart web\` begins a new log.`,
    );
  });
});

test('T-1181 logs and why say that the log of a running job was deleted, until it is restarted', async () => {
  home.write('jobs.toml', sleeper('web') + sleeper('other'));
  await home.overseer();
  const lost = 'what it prints is lost until `overseer restart web` begins a new log';
  const why = async (): Promise<string> => (await home.overseer('why', 'web')).stdout.replaceAll(/\s+/g, ' ');
  expect(await why()).not.toContain('Its log');
  rmSync(logPath('web.log'));
  for (const args of [['logs', 'web'], ['logs']] as const)
    expect(await home.overseer(...args)).toEqual({
      code: 1,
      stdout: '',
      stderr: `overseer: the log of web was deleted: ${lost}\n`,
    });
  expect(await why()).toContain(`Its log was deleted: ${lost}.`);
  await home.overseer('restart', 'web');
  expect((await home.overseer('logs')).code).toBe(0);
  expect(await why()).not.toContain('Its log');
  await home.overseer('stop', 'web');
  rmSync(logPath('web.log'));
  expect(await home.overseer('logs', 'web')).toEqual({ code: 0, stdout: '', stderr: '' });
});

test('T-1800 logs names the copies whose logs were deleted, or are no files, and shows the others', async () => {
  home.write('jobs.toml', shellJob('web', 'echo here; exec sleep 1000', 'instances = 3'));
  await home.overseer();
  for (const copy of ['web@1', 'web@2', 'web@3']) await logged(copy, 'here');
  rmSync(logPath('web@2.log'));
  rmSync(logPath('web@3.log'));
  mkdirSync(logPath('web@3.log'));
  const stderr =
    `overseer: ${logPath('web@3.log')} is a folder, not a regular file: move it away\n` +
    'overseer: the log of web@2 was deleted: what it prints is lost until `overseer restart web@2` begins a ' +
    'new log\n';
  for (const words of [['web'], ['web@*'], ['web', 'w*']])
    expect(await home.overseer('logs', ...words)).toEqual({ code: 1, stdout: 'web@1 | here\n', stderr });
});

test('a line that makes a job ready counts also when the log was rotated before it was read', async () => {
  writeFileSync(home.path('old'), `${'y'.repeat(9_900)}\n`);
  const log = 'log = { max_size = "10kB" }';
  home.write('jobs.toml', shellJob('web', 'cat old', `restart = "never"\n${log}`));
  await home.overseer();
  await home.until('web', ({ state }) => state === 'finished');
  home.write(
    'jobs.toml',
    shellJob(
      'web',
      'sleep 0.2; echo now READY; head -c 3000 /dev/zero | tr "\\\\0" x; echo; exec sleep 1000',
      `ready = { log = "READY$", interval = 3 }\n${log}`,
    ),
  );
  await home.overseer();
  expect((await home.job('web')).state).toBe('running');
  expect(readFileSync(logPath('web.log.1'), 'utf8')).toContain('READY');
});
