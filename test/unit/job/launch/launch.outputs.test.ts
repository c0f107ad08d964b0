import { existsSync, mkdirSync, openSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { launch, type LaunchOptions } from '../../../../src/job/launch/launch.ts';
import { LogWriters } from '../../../../src/job/logs/log-writers.ts';
import type { JobOutput } from '../../../../src/job/logs/job-output.ts';
import type { LaunchRequest } from '../../../../src/job/ports.ts';
import { thisOs } from '../../../../src/os/this-os.ts';
import { newFolder } from '../../../support/new-folder.ts';

const onLinux = process.platform === 'linux' ? test : test.skip;

const os = thisOs();
let dir: string;
let machine: LaunchOptions;
/** The process group of the program that was launched. */
let group = 0;
beforeEach(() => {
  dir = newFolder();
  mkdirSync(join(dir, 'logs'));
  machine = { os, openFiles: null, writers: new LogWriters({ os, log: { line: () => undefined } }) };
});

const request = (script: string, more: Partial<LaunchRequest> = {}): LaunchRequest => ({
  exe: '/bin/sh',
  args: ['-c', script],
  cwd: dir,
  env: { PATH: '/usr/bin:/bin' },
  umask: 0o022,
  limits: {},
  nice: null,
  log: {
    path: join(dir, 'logs', 'web.log'),
    policy: { maxBytes: 1_000_000, keep: 1, rotate: 'off', outputs: 'pipe' },
  },
  exits: join(dir, 'exits'),
  exitFile: null,
  stdin: null,
  stopTimeoutMs: 10_000,
  ...more,
});

const log = (): string => readFileSync(join(dir, 'logs', 'web.log'), 'utf8');

/** The events of a launch, up to its end. `atOpenGate` is called as soon as its program may run. */
function told(asked: LaunchRequest, atOpenGate = (): void => undefined): Promise<unknown> {
  return new Promise((resolve) => {
    const launched = launch(machine, asked, {
      spawned: () => {
        launched.release();
        atOpenGate();
      },
      failed: resolve,
      exited: (exit, whenDrained) => {
        const done = (): void => resolve({ ...exit, log: log() });
        if (whenDrained === null) done();
        else whenDrained(done);
      },
    });
  });
}

onLinux('an exit is told at once, although what the program left keeps its output open', async () => {
  const asked = request('sleep 300 & echo out; exit 3');
  const heard: string[] = [];
  await new Promise<void>((resolve) => {
    const launched = launch(machine, asked, {
      spawned: ({ pid }) => {
        group = pid;
        launched.release();
      },
      failed: () => resolve(),
      exited: ({ code }, whenDrained) => {
        heard.push(`exited with ${code}`);
        whenDrained?.(() => {
          heard.push(log());
          resolve();
        });
        process.kill(-group, 'SIGKILL');
      },
    });
  });
  expect(heard).toEqual(['exited with 3', 'out\n']);
});

onLinux('all that the program wrote is in its log when it is drained', async () => {
  expect(await told(request('echo out; echo err >&2; exit 3'))).toEqual({
    code: 3,
    signal: null,
    log: 'out\nerr\n',
  });
});

/** The system refuses one more process just when the shell of a job has been started. */
class Refused extends LogWriters {
  readonly #then: () => void;

  constructor(then: () => void = () => undefined) {
    super({ os, log: { line: () => undefined } });
    this.#then = then;
  }

  override open(path: string): JobOutput {
    const startWriter = (): never => {
      queueMicrotask(this.#then);
      throw Object.assign(new Error('no room'), { code: 'EAGAIN', syscall: 'spawn' });
    };
    return { ...super.open(path), startWriter };
  }
}

onLinux.each([[null], [join('exits', '1')]])(
  'T-1600 a program whose output nobody carries to its log is not let run (exit file: %s)',
  async (file) => {
    machine = { ...machine, writers: new Refused() };
    const exitFile = file === null ? null : join(dir, file);
    expect(await told(request('echo ran > ran', { exitFile }))).toEqual({
      detail: 'the system says: no room',
      lasting: false,
    });
    expect([existsSync(join(dir, 'ran')), log()]).toEqual([false, '']);
  },
);

onLinux('a launch that is cancelled while its shell is sent away is not reported', async () => {
  const reported: unknown[] = [];
  const note = (what: unknown): void => void reported.push(what);
  await new Promise<void>((resolve) => {
    machine = { ...machine, writers: new Refused(() => launched.cancel(resolve)) };
    const launched = launch(machine, request('echo ran > ran'), {
      spawned: note,
      failed: note,
      exited: note,
    });
  });
  expect([reported, existsSync(join(dir, 'ran'))]).toEqual([[], false]);
});

onLinux('a program with outputs of the kind file writes to its log itself', async () => {
  const { log: given } = request('');
  const outputs = { ...given, policy: { ...given.policy, outputs: 'file' as const } };
  expect(await told(request('readlink /proc/self/fd/1', { log: outputs }))).toMatchObject({
    log: `${given.path}\n`,
  });
  expect(await told(request('readlink /proc/self/fd/1'))).toMatchObject({
    log: expect.stringContaining('.pipes'),
  });
});

test.each([
  ['with', (folder: string) => join(folder, 'exits', '1')],
  ['without', () => null],
])('a program %s a file for its exit reads what others write to its standard input', async (_, exitFile) => {
  const stdin = join(dir, 'web.stdin');
  const asked = request('read line; echo "got $line"', { stdin, exitFile: exitFile(dir) });
  const writesHello = (): void => writeFileSync(openSync(stdin, 'w'), 'hello\n');
  expect(await told(asked, writesHello)).toEqual({ code: 0, signal: null, log: 'got hello\n' });
});

test('a launch that fails leaves no standard input behind, and a wrong folder lasts', async () => {
  const asked = request('true', { stdin: join(dir, 'web.stdin'), cwd: join(dir, 'none') });
  expect(await told(asked)).toEqual({ detail: expect.stringContaining('none'), lasting: true });
  expect([readdirSync(dir), readdirSync(join(dir, '.new'))]).toEqual([['.new', 'logs'], []]);
});

test('a standard input that cannot be made fails the launch', async () => {
  writeFileSync(join(dir, 'file'), '');
  expect(await told(request('true', { stdin: join(dir, 'file', 'web.stdin') }))).toMatchObject({
    lasting: true,
    detail: expect.stringContaining('ENOTDIR'),
  });
});

test('a log that cannot be opened fails the launch with the words of the system', async () => {
  mkdirSync(join(dir, 'logs', 'web.log'));
  expect(await told(request('true'))).toEqual({
    detail: expect.stringMatching(/^the system says: .*web\.log/),
    lasting: true,
  });
});

test('an environment that is too long for the system is told as such', async () => {
  const env = Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`A${at}`, 'x'.repeat(120_000)]));
  expect(await told(request('true', { args: ['-c', 'true', 'y'.repeat(3_000_000)], env }))).toEqual({
    detail: 'its arguments and environment are too long for the system (E2BIG)',
    lasting: true,
  });
});

test.each([null, 'web.stdin'])(
  'a launch that is cancelled at once begins nothing (stdin: %s)',
  async (name) => {
    const heard: string[] = [];
    const asked = request('echo x > ran', { stdin: name === null ? null : join(dir, name) });
    const launched = launch(machine, asked, {
      spawned: () => heard.push('spawned'),
      failed: () => heard.push('failed'),
      exited: () => heard.push('exited'),
    });
    launched.release();
    await new Promise<void>((resolve) => launched.cancel(resolve));
    // By the time another launch is over, everything that was queued before it has run.
    await told(request('true'));
    expect([
      heard,
      existsSync(join(dir, 'ran')),
      readdirSync(dir).filter((each) => each.includes('stdin')),
    ]).toEqual([[], false, []]);
    expect(log()).toBe('');
  },
);
