import { spawn } from 'node:child_process';
import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { constants, getPriority } from 'node:os';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { jest } from '@jest/globals';
import { recordedExit } from '../../../../src/job/launch/exit-file.ts';
import type { Os, ProcessInfo } from '../../../../src/os/os.ts';
import { CannotAsk } from '../../../../src/os/system-error.ts';
import { thisOs } from '../../../../src/os/this-os.ts';
import type { LaunchRequest, SpawnedChild } from '../../../../src/job/ports.ts';
import { LaunchFolder, type AtGate } from '../../../support/launch-folder.ts';
import { until } from '../../../support/until.ts';

let folder: LaunchFolder;
let dir: string;
let exitFile: string;
beforeEach(() => {
  folder = new LaunchFolder();
  ({ dir, exitFile } = folder);
});
afterEach(() => folder.dispose());

const request = (script: string): LaunchRequest =>
  folder.request(script, { env: { PATH: '/usr/bin:/bin', 'my.token': 's3cret' } });

/** `script` runs in place of the gate where it is given. */
function atGate(
  asked: LaunchRequest,
  { script, limits }: { readonly script?: string; readonly limits?: { silence: number; stop: number } } = {},
): AtGate {
  const child = folder.begin(asked, script === undefined ? undefined : ['-c', script]);
  return folder.atGate(
    child,
    asked,
    limits && { stopTimeoutMs: limits.stop, silenceLimitMs: limits.silence },
  );
}

const SILENT = 'trap : TERM HUP; kill -STOP $$';

test('a shell that stays silent is killed when its time is over, and the start is tried again', async () => {
  const { told, over } = atGate(request('exit 0'), { script: SILENT, limits: { silence: 50, stop: 10_000 } });
  await over;
  expect(told).toEqual([
    { detail: 'the shell that was to run it said nothing in good time', lasting: false },
  ]);
});

test('a shell that does not leave when it is sent away is killed when the stop timeout ends', async () => {
  const { shell, told, over } = atGate(request('exit 0'), {
    script: SILENT,
    limits: { silence: 1_000_000, stop: 50 },
  });
  let isGone = false;
  shell.sendAway(() => (isGone = true));
  await over;
  expect([isGone, told]).toEqual([true, []]);
});

test('a program past its gate outlives both limits, even if its launch is cancelled then', async () => {
  const { shell, told, over } = atGate(request('until [ -e end ]; do sleep 0.02; done; exit 5'), {
    limits: { silence: 2_000, stop: 1 },
  });
  await until(() => told.length > 0);
  shell.release();
  shell.sendAway(() => undefined);
  await new Promise((resolve) => setTimeout(resolve, 20));
  spawn('/bin/sh', ['-c', ': > end'], { cwd: dir });
  await over;
  expect(told[1]).toEqual({ code: 5, signal: null });
});

test('once a program runs, the daemon has nothing open of its gate, however long it runs', async () => {
  // The shell beside a program of such a name runs it in the foreground, and holds its end of the gate.
  const exe = join(dir, 'a=b');
  symlinkSync('/bin/sh', exe);
  const env = { PATH: '/usr/bin:/bin' };
  const asked = folder.request('until [ -e end ]; do sleep 0.02; done', { exe, env });
  const { shell, child, told, over } = atGate(asked);
  await until(() => told.length > 0);
  const gate = child.stdio[3];
  expect(gate?.destroyed).toBe(false);
  shell.release();
  await until(() => gate?.destroyed === true);
  expect(child.exitCode).toBeNull();
  spawn('/bin/sh', ['-c', ': > end'], { cwd: dir });
  await over;
});

test('the shells of a program have its environment neither as variables nor as arguments', async () => {
  const { shell, child, told, over } = atGate(request(': > ready; until [ -e end ]; do sleep 0.02; done'));
  await until(() => told.length > 0);
  shell.release();
  await until(() => existsSync(join(dir, 'ready')));
  const words = spawn('ps', ['eww', '-o', 'args=', '-p', String(child.pid)]);
  let seen = '';
  words.stdout.on('data', (chunk: Buffer) => (seen += chunk.toString()));
  await new Promise((resolve) => words.on('close', resolve));
  expect([seen.includes('until [ -e end ]'), seen.includes('s3cret')]).toEqual([true, false]);
  spawn('/bin/sh', ['-c', ': > end'], { cwd: dir });
  await over;
});

test('the program gets its priority, not the shell beside it', async () => {
  const own = getPriority();
  // No more than there is, where the tests themselves have the least.
  const nice = Math.min(own + 3, 19);
  const asked = request('exit 0');
  const { shell, child, told, over } = folder.atGate(folder.begin(asked), asked, { nice });
  await until(() => told.length > 0);
  const [[, program]] = told as [[string, number]];
  expect([getPriority(program), getPriority(child.pid ?? 0)]).toEqual([nice, own]);
  shell.release();
  await over;
  expect(told[1]).toEqual({ code: 0, signal: null });
});

/** Stopped or killed is the program by these whatever it wants. */
const UNHANDLED = new Set(['SIGKILL', 'SIGSTOP']);
const NUMBERS = [
  ...new Set(
    Object.entries(constants.signals).flatMap(([name, number]) => (UNHANDLED.has(name) ? [] : [number])),
  ),
  ...(process.platform === 'linux' ? [34, 50, 64] : []),
];

test('each signal that a program handles reaches it, and the shell beside it stays', async () => {
  const traps = NUMBERS.map((number) => `trap 'echo ${number} >> heard' ${number};`).join(' ');
  const script = `${traps} : > ready; until [ -e end ]; do sleep 0.02; done; exit 9`;
  const { shell, child, told, over } = atGate(request(script));
  await until(() => told.length > 0);
  shell.release();
  await until(() => existsSync(join(dir, 'ready')));
  for (const number of NUMBERS) {
    // What the program runs meanwhile dies of it; the program does not.
    process.kill(-(child.pid ?? 0), number);
    await until(() => heard().includes(String(number)));
  }
  spawn('/bin/sh', ['-c', ': > end'], { cwd: dir });
  await over;
  expect([told[1], recordedExit(exitFile)]).toEqual([
    { code: 9, signal: null },
    { code: 9, signal: null },
  ]);
});

function heard(): string[] {
  const file = join(dir, 'heard');
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
}

test.each([
  ['exit 130', { code: 130, signal: null }],
  ['exit 137', { code: 137, signal: null }],
  ['exit 143', { code: 143, signal: null }],
  ['kill -INT $$', { code: null, signal: 'SIGINT' }],
  ['kill -KILL $$', { code: null, signal: 'SIGKILL' }],
  ['kill -TERM 0; sleep 60', { code: null, signal: 'SIGTERM' }],
])('a program that ends by `%s` is recorded exactly so', async (script, exit) => {
  const { shell, told, over } = atGate(request(script));
  await until(() => told.length > 0);
  shell.release();
  await over;
  expect([told[1], recordedExit(exitFile)]).toEqual([exit, exit]);
});

const os = thisOs();
type Identify = Os['later']['identify'];
const identifying = (identify: Identify): Os => ({ ...os, later: { ...os.later, identify } });

test.each<[string, Identify]>([
  ['the system cannot be asked', (_pids, done) => done(new CannotAsk('too many open files'))],
  ['the system does not know it', (_pids, done) => done([])],
])('a program of whose shell %s is not let run', async (_case, identify) => {
  const asked = request(': > ran');
  const { told, over } = folder.atGate(folder.begin(asked), asked, { os: identifying(identify) });
  await over;
  expect([told.length, told[1]]).toEqual([2, { code: null, signal: 'SIGKILL' }]);
  expect([existsSync(join(dir, 'ran')), recordedExit(exitFile)]).toEqual([false, null]);
});

test('a shell that is sent away before the system has told who it is is never reported', async () => {
  const asked = request(': > ran');
  let answer = (): void => undefined;
  const identify: Identify = (pids, done) => (answer = () => os.later.identify(pids, done));
  const { shell, told, over } = folder.atGate(folder.begin(asked), asked, { os: identifying(identify) });
  const first = answer;
  await until(() => answer !== first);
  const gone: string[] = [];
  shell.sendAway(() => gone.push('one'));
  shell.sendAway(() => gone.push('two'));
  answer();
  await over;
  expect([told, gone, existsSync(join(dir, 'ran'))]).toEqual([[], ['one', 'two'], false]);
});

test('a pid that comes in pieces is reported once, and whole', async () => {
  const asked = request('exit 0');
  const child = folder.begin(asked, [
    '-c',
    'read line <&3; printf 4 >&3; sleep 0.1; echo 2 >&3; cat <&3 > /dev/null',
  ]);
  const identify: Identify = (pids, done) => done(pids.map((pid) => ({ pid, start: '1' }) as ProcessInfo));
  const { shell, told } = folder.atGate(child, asked, { os: identifying(identify) });
  await until(() => told.length > 0);
  await new Promise<void>((resolve) => shell.sendAway(resolve));
  expect(told.filter((each) => Array.isArray(each))).toEqual([['spawned', 42]]);
});

test('a child whose gate is closed keeps no stream of it', async () => {
  const asked = request('exec sleep 100');
  const child = folder.begin(asked);
  const { shell, told, over } = folder.atGate(child, asked);
  await until(() => told.length > 0);
  expect(child.stdio.map((stream) => stream !== null)).toEqual([false, false, false, true]);
  shell.release();
  await until(() => child.stdio.every((stream) => stream === null));
  process.kill(-(child.pid ?? 0), 'SIGKILL');
  await over;
  expect(told).toHaveLength(2);
});

test('a shell that has ended before the system tells who it was is only a failed start', async () => {
  const asked = request('exit 0');
  let answer = (): void => undefined;
  const identify: Identify = (pids, done) => (answer = () => os.later.identify(pids, done));
  const first = answer;
  const child = folder.begin(asked, ['-c', 'read line <&3; echo 42 >&3; cat <&3 > /dev/null; exit 3']);
  const gate = child.stdio[3] as Writable;
  const { told, over } = folder.atGate(child, asked, { os: identifying(identify) });
  await until(() => answer !== first);
  gate.end();
  await over;
  answer();
  expect(told).toEqual([{ detail: 'the shell that was to run it ended with 3', lasting: false }]);
});

test('a shell that is reaped says so before the exit of its program is told', async () => {
  const told: string[] = [];
  const asked = request('exit 0');
  const shell = folder.gatedShell(folder.begin(asked), asked, {
    on: {
      spawned: () => {
        told.push('spawned');
        shell.release();
      },
      failed: ({ detail }) => told.push(detail),
      exited: () => told.push('exited'),
      reaped: () => told.push('reaped'),
    },
  });
  shell.report();
  await until(() => told.length >= 3);
  expect(told).toEqual(['spawned', 'reaped', 'exited']);
});

test('nothing but its number is told of a program that has ended at its gate', async () => {
  const asked = request('exit 0');
  const child = folder.begin(asked);
  const only: Identify = (pids, done) =>
    os.later.identify(pids, (answer) =>
      done(answer instanceof CannotAsk ? answer : answer.filter(({ pid }) => pid === child.pid)),
    );
  const spawned: object[] = [];
  const shell = folder.gatedShell(child, asked, {
    os: identifying(only),
    on: { spawned: (each) => spawned.push(each), failed: () => undefined, exited: () => undefined },
  });
  shell.report();
  await until(() => spawned.length > 0);
  expect(spawned).toEqual([
    { pid: child.pid, start: expect.stringMatching(/./), boot: os.bootId(), program: expect.any(Number) },
  ]);
  await new Promise<void>((resolve) => shell.sendAway(resolve));
});

test('the shell and the program are told apart in whatever order the system names them', async () => {
  const asked = request('exit 0');
  const child = folder.begin(asked);
  const reversed: Identify = (pids, done) =>
    os.later.identify(pids, (answer) => done(answer instanceof CannotAsk ? answer : answer.toReversed()));
  const spawned: SpawnedChild[] = [];
  const shell = folder.gatedShell(child, asked, {
    os: identifying(reversed),
    on: { spawned: (each) => spawned.push(each), failed: () => undefined, exited: () => undefined },
  });
  shell.report();
  await until(() => spawned.length > 0);
  const [{ start, program = 0, programStart } = {} as SpawnedChild] = spawned;
  const startOf = (pid: number): string | undefined => os.identify(pid)?.start;
  expect([start, programStart]).toEqual([startOf(child.pid ?? 0), startOf(program)]);
  await new Promise<void>((resolve) => shell.sendAway(resolve));
});

test('a program that cannot have its priority is not let run, for good', async () => {
  const asked = request(': > ran');
  // No process has this number, whatever the system is said to know of it.
  const gone = 2 ** 22 + 7;
  const child = folder.begin(asked, ['-c', `read line <&3; echo ${gone} >&3; read line <&3`]);
  const identify: Identify = (pids, done) => done(pids.map((pid) => ({ pid, start: '1' }) as ProcessInfo));
  const { told, over } = folder.atGate(child, asked, { os: identifying(identify), nice: 5 });
  await over;
  expect(told).toEqual([{ detail: 'the system does not let it have nice = 5 (ESRCH)', lasting: true }]);
});

test('the time for a shell to say something is over when it has', async () => {
  const asked = request('exit 0');
  const set = jest.spyOn(globalThis, 'setTimeout');
  const cleared = jest.spyOn(globalThis, 'clearTimeout');
  const { shell, told } = folder.atGate(folder.begin(asked), asked, { silenceLimitMs: 7_654 });
  await until(() => told.length > 0);
  const at = set.mock.calls.findIndex(([, ms]) => ms === 7_654);
  const timer = set.mock.results[at]?.value as unknown;
  const wasCleared = cleared.mock.calls.some(([each]) => each === timer);
  jest.restoreAllMocks();
  expect([at >= 0, wasCleared]).toEqual([true, true]);
  await new Promise<void>((resolve) => shell.sendAway(resolve));
});
