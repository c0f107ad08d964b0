import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { becoming, SHELL, SHELL_ENVIRONMENT } from '../../../../src/job/launch/becoming.ts';
import { openExitFile, recordedExit } from '../../../../src/job/launch/exit-file.ts';
import { gateArguments } from '../../../../src/job/launch/gate.ts';
import { GatedShell } from '../../../../src/job/launch/gated-shell.ts';
import type { LaunchRequest } from '../../../../src/job/ports.ts';
import { thisOs } from '../../../../src/os/this-os.ts';

let dir: string;
let exitFile: string;
const begun: ChildProcess[] = [];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'overseer-gate-'));
  exitFile = join(dir, 'exits', '1');
});
afterEach(() => {
  for (const { pid, exitCode, signalCode } of begun.splice(0))
    if (pid !== undefined && exitCode === null && signalCode === null) process.kill(-pid, 'SIGKILL');
  rmSync(dir, { recursive: true, force: true });
});

function request(script: string): LaunchRequest {
  return {
    exe: '/bin/sh',
    args: ['-c', script],
    cwd: dir,
    env: { PATH: '/usr/bin:/bin', 'my.token': 's3cret' },
    umask: 0o022,
    limits: {},
    nice: null,
    log: { path: join(dir, 'log'), policy: { maxBytes: 1_000_000, keep: 1, rotate: 'off', outputs: 'file' } },
    exits: join(dir, 'exits'),
    exitFile,
    stdin: null,
    stopTimeoutMs: 10_000,
  };
}

interface AtGate {
  readonly shell: GatedShell;
  readonly child: ChildProcess;
  readonly told: unknown[];
  readonly over: Promise<void>;
}

/** `script` runs in place of the gate where it is given. */
function atGate(
  asked: LaunchRequest,
  { script, limits }: { readonly script?: string; readonly limits?: { silence: number; stop: number } } = {},
): AtGate {
  const record = openExitFile(exitFile);
  const child = spawn(SHELL, script === undefined ? gateArguments(asked) : ['-c', script], {
    cwd: dir,
    env: SHELL_ENVIRONMENT,
    detached: true,
    stdio: ['ignore', 'ignore', record, 'pipe'],
  });
  closeSync(record);
  begun.push(child);
  const told: unknown[] = [];
  const shell = new GatedShell({
    os: thisOs(),
    child,
    pid: child.pid ?? 0,
    nice: null,
    script: becoming({ program: asked, umask: asked.umask, openFiles: null }),
    recorded: () => recordedExit(exitFile),
    stopTimeoutMs: limits?.stop ?? 10_000,
    silenceLimitMs: limits?.silence ?? 10_000,
    on: {
      spawned: ({ program }) => told.push(['spawned', program]),
      failed: (failure) => told.push(failure),
      exited: (exit) => told.push(exit),
    },
  });
  const over = new Promise<void>((resolve) => {
    child.on('exit', () => resolve());
  });
  shell.report();
  return { shell, child, told, over };
}

async function until(holds: () => boolean): Promise<void> {
  for (
    const limit = performance.now() + 10_000;
    !holds();
    await new Promise((resolve) => setTimeout(resolve, 2))
  )
    if (performance.now() > limit) throw new Error(`waited in vain for ${String(holds)}`);
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
    limits: { silence: 10_000, stop: 50 },
  });
  let isGone = false;
  shell.sendAway(() => (isGone = true));
  await over;
  expect([isGone, told]).toEqual([true, []]);
});

test('a program that was let go outlives both limits, also when its launch is cancelled then', async () => {
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

test('the shells of a program have nothing of its environment, neither as variables nor as words', async () => {
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
