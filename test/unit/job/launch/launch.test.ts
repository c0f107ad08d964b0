import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import type { LaunchRequest, SpawnedChild } from '../../../../src/job/ports.ts';
import { LaunchFolder, type AtGate } from '../../../support/launch-folder.ts';
import { SHELL } from '../../../../src/job/launch/becoming.ts';
import { launch, type LaunchOptions } from '../../../../src/job/launch/launch.ts';
import { recordedExit } from '../../../../src/job/launch/exit-file.ts';
import { thisOs } from '../../../../src/os/this-os.ts';
import { until } from '../../../support/until.ts';

const os = thisOs();
const machine = { os, openFiles: null };
let folder: LaunchFolder;
let dir: string;
let exitFile: string;
beforeEach(() => {
  folder = new LaunchFolder();
  ({ dir, exitFile } = folder);
});
afterEach(() => folder.dispose());

const log = (): string => readFileSync(join(dir, 'log'), 'utf8');

/** A program that leaves a file: without the file, it has not run. */
const request = (more: Partial<LaunchRequest> = {}): LaunchRequest =>
  folder.request('echo "$$" > ran; echo "$$"', more);

const hasRun = (): boolean => existsSync(join(dir, 'ran'));

/** Lets a program run to its end; returns what was reported about it, in order. */
async function ran(
  asked: LaunchRequest,
  on: LaunchOptions = machine,
): Promise<{ readonly told: readonly unknown[]; readonly child: SpawnedChild | null }> {
  const told: unknown[] = [];
  let child: SpawnedChild | null = null;
  await new Promise<void>((resolve) => {
    const launched = launch(on, asked, {
      spawned: (spawned) => {
        told.push('spawned');
        child = spawned;
        launched.release();
      },
      failed: (failure) => {
        told.push(failure);
        resolve();
      },
      exited: (exit) => {
        told.push(exit);
        resolve();
      },
    });
  });
  return { told, child };
}

/** A shell at its gate, with what was reported about it. */
function atGate(child: ChildProcess, asked: LaunchRequest = request()): AtGate & { readonly gate: Duplex } {
  return { ...folder.atGate(child, asked), gate: child.stdio[3] as Duplex };
}

const beside = (more: Partial<LaunchRequest> = {}): ChildProcess => folder.begin(request(more));

describe('a program that becomes of its shell', () => {
  test('a program that becomes of its shell has the pid of the child', async () => {
    const { told, child } = await ran(request({ exitFile: null }));
    expect([told, child?.program, log()]).toEqual([
      ['spawned', { code: 0, signal: null }],
      undefined,
      `${child?.pid}\n`,
    ]);
  });
});

/** What people stop programs with, or have them do. */
const STOP_SIGNALS = [
  'HUP',
  'INT',
  'QUIT',
  'ABRT',
  'PIPE',
  'ALRM',
  'TERM',
  'USR1',
  'USR2',
  'VTALRM',
  'PROF',
  'XCPU',
  'WINCH',
] as const;

describe('a program beside its shell', () => {
  test('a program beside its shell has a pid of its own, which is reported with the child', async () => {
    const { told, child } = await ran(request());
    expect([told, log()]).toEqual([['spawned', { code: 0, signal: null }], `${child?.program}\n`]);
    expect(child?.program).not.toBe(child?.pid);
    expect(recordedExit(exitFile)).toEqual({ code: 0, signal: null });
  });

  test.each([
    ['a code', 'exit 3', { code: 3, signal: null }],
    ['a signal', 'kill -TERM $$', { code: null, signal: 'SIGTERM' }],
    ['a signal that nobody can heed', 'kill -KILL $$', { code: null, signal: 'SIGKILL' }],
  ])(
    'the end of a program with %s is recorded, and its shell logs nothing about it',
    async (_, script, exit) => {
      const { told } = await ran(request({ args: ['-c', script] }));
      expect([told, recordedExit(exitFile), log()]).toEqual([['spawned', exit], exit, '']);
    },
  );

  test('where the record of an exit was lost, the daemon has the code from the shell', async () => {
    const { told } = await ran(request({ args: ['-c', `rm -r '${join(dir, 'exits')}'; exit 3`] }));
    expect([told, recordedExit(exitFile)]).toEqual([['spawned', { code: 3, signal: null }], null]);
  });

  test('a program that cannot be begun any more says so in the log and by the code of a shell', async () => {
    const exe = join(dir, 'no-interpreter');
    writeFileSync(exe, '#!/bin/sh\n', { mode: 0o755 });
    let told: unknown = null;
    await new Promise<void>((resolve) => {
      const launched = launch(machine, request({ exe, args: [] }), {
        spawned: () => {
          rmSync(exe);
          launched.release();
        },
        failed: () => resolve(),
        exited: (exit) => {
          told = exit;
          resolve();
        },
      });
    });
    expect(told).toEqual({ code: 127, signal: null });
    expect(log()).toContain(exe);
  });

  test('a launch cancelled before its shell has a pid runs nothing and records nothing', async () => {
    const { shell, told, over } = atGate(beside());
    let isGone = false;
    shell.sendAway(() => (isGone = true));
    expect(isGone).toBe(false);
    await over;
    expect([isGone, told, hasRun(), recordedExit(exitFile)]).toEqual([true, [], false, null]);
    let isToldAtOnce = false;
    shell.sendAway(() => (isToldAtOnce = true));
    expect(isToldAtOnce).toBe(true);
  });

  test('a program that is cancelled at its gate has not run, and no exit is written', async () => {
    const { shell, told, over } = atGate(beside());
    await until(() => told.length > 0);
    shell.sendAway(() => undefined);
    await over;
    expect([told, hasRun(), recordedExit(exitFile)]).toEqual([
      [['spawned', expect.any(Number)], { code: null, signal: 'SIGKILL' }],
      false,
      null,
    ]);
  });

  test('a program whose daemon died before it could hear the pid has not run', async () => {
    const { gate, over } = atGate(beside());
    gate.destroy();
    await over;
    expect([hasRun(), recordedExit(exitFile)]).toEqual([false, null]);
  });

  test('a program whose daemon dies while it says go has not run, and no exit is written', async () => {
    const { gate, told, over } = atGate(beside());
    await until(() => told.length > 0);
    gate.end('{ echo "$$" > ran');
    await over;
    expect([hasRun(), recordedExit(exitFile)]).toEqual([false, null]);
  });

  test.each(STOP_SIGNALS)('a program decides by itself what a %s to its group does', async (signal) => {
    const script = `trap 'exit 7' ${signal}; : > ready; until [ -e go-on ]; do sleep 0.02; done`;
    const child = beside({ args: ['-c', script] });
    const { shell, told, over } = atGate(child, request({ args: ['-c', script] }));
    await until(() => told.length > 0);
    shell.release();
    await until(() => existsSync(join(dir, 'ready')));
    process.kill(-(child.pid ?? 0), `SIG${signal}`);
    await over;
    expect([told[1], recordedExit(exitFile)]).toEqual([
      { code: 7, signal: null },
      { code: 7, signal: null },
    ]);
  });

  test('a program whose shell ends before it has said a pid could not be started this time', async () => {
    const child = spawn('/bin/sh', ['-c', 'exit 2'], {
      detached: true,
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    });
    const { told, over } = atGate(child);
    await over;
    expect(told).toEqual([{ detail: 'the shell that was to run it ended with 2', lasting: false }]);
  });

  test('a program beside its shell keeps no descriptor of the daemon’s while it runs', async () => {
    const { shell, told, gate, over } = atGate(
      beside({ args: ['-c', 'until [ -e go-on ]; do sleep 0.02; done'] }),
    );
    await until(() => told.length > 0);
    expect(gate.destroyed).toBe(false);
    shell.release();
    await until(() => gate.destroyed);
    expect(told).toHaveLength(1);
    writeFileSync(join(dir, 'go-on'), '');
    await over;
    expect(told[1]).toEqual({ code: 0, signal: null });
  });
});

describe('a launch that is cancelled before its turn', () => {
  test('a launch that is cancelled before its turn never begins, and is gone at once', async () => {
    const told: unknown[] = [];
    const on = {
      spawned: () => told.push('spawned'),
      failed: () => told.push('failed'),
      exited: () => told.push('exited'),
    };
    launch(machine, request(), on).cancel(() => told.push('gone'));
    await ran(request({ args: ['-c', 'exit 0'] }));
    expect(told).toEqual(['gone']);
  });
});

/** Names that a shell sets, drops or uses by itself, and values with everything that a shell might touch. */
const ENV = {
  PATH: '/usr/bin:/bin',
  'odd.name': 'a b',
  go: 'went',
  code: 'c',
  exit_file: 'x',
  PWD: '/nowhere',
  OLDPWD: '/before',
  SHLVL: '7',
  PPID: '8',
  IFS: ',',
  OPTIND: '9',
  PS1: '> ',
  PS4: 'x',
  RANDOM: '4',
  QUOTED: `"'$HOME'\` * \\`,
  LINES_OF_IT: 'one\ntwo',
  EMPTY: '',
};

describe.each([
  ['becomes of its shell', false],
  ['is beside its shell', true],
])('a program that %s', (_, staysBeside) => {
  const file = (): string | null => (staysBeside ? exitFile : null);

  test.each([
    ['of odd names and values', ENV],
    ['of a path alone', { PATH: '/usr/bin:/bin' }],
  ])('a program has exactly its environment %s', async (_name, env) => {
    await ran(request({ exe: '/usr/bin/env', args: ['-0'], env, exitFile: file() }));
    const lines = log().split('\0').slice(0, -1);
    expect(lines.toSorted()).toEqual(
      Object.entries(env)
        .map(([name, value]) => `${name}=${value}`)
        .toSorted(),
    );
  });

  test('a program has exactly its arguments, its umask and nothing open but its log', async () => {
    const odd = ['', ' ', 'a b', `"it's"`, '*', '$HOME', '-n', '--', 'two\nlines', '\\', '`id`'];
    const script = 'umask; (: <&3) 2> /dev/null && echo open; printf "%s\\0" "$@"';
    await ran(request({ args: ['-c', script, 'sh', ...odd], umask: 0o027, exitFile: file() }));
    expect(log()).toBe(`0027\n${odd.join('\0')}\0`);
  });

  test('a program has the limits and the priority of its job, and the open files of the daemon', async () => {
    // No more than there is, where the tests themselves have the least.
    const nice = Math.min(getPriority() + 3, 19);
    const asked = request({ args: ['-c', 'ulimit -Sn; nice'], exitFile: file(), nice });
    await ran(asked, { os, openFiles: 77 });
    await ran({ ...asked, limits: { nofile: 55 } }, { os, openFiles: 77 });
    expect(log()).toBe(`77\n${nice}\n55\n${nice}\n`);
  });

  test.each(['HUP', 'INT', 'QUIT', 'PIPE', 'TERM', 'USR1', 'USR2'])(
    'a program begins with the default action for SIG%s',
    async (signal) => {
      const { told } = await ran(
        // bash is itself deaf to SIGQUIT.
        request({ exe: SHELL, args: ['-c', `kill -${signal} $$; echo deaf`], exitFile: file() }),
      );
      expect([told, log()]).toEqual([['spawned', { code: null, signal: `SIG${signal}` }], '']);
    },
  );
});
