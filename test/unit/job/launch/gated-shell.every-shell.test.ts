import { type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SHELL } from '../../../../src/job/launch/becoming.ts';
import { recordedExit } from '../../../../src/job/launch/exit-file.ts';
import { gateArguments } from '../../../../src/job/launch/gate.ts';
import { GatedShell } from '../../../../src/job/launch/gated-shell.ts';
import type { ChildExit, SpawnedChild } from '../../../../src/job/ports.ts';
import { LaunchFolder } from '../../../support/launch-folder.ts';
import { asSh, SHELLS } from '../../../support/shells.ts';

let folder: LaunchFolder;
let dir: string;
let exitFile: string;
beforeEach(() => {
  folder = new LaunchFolder();
  ({ dir, exitFile } = folder);
});
afterEach(() => folder.dispose());

interface Begun {
  readonly shell: GatedShell;
  readonly child: ChildProcess;
  readonly spawned: Promise<SpawnedChild>;
  readonly ended: Promise<ChildExit>;
}

/** A job of a program that decides by its exit code, with another shell in place of ours. */
function begin(sh: string, script: string, env: Readonly<Record<string, string>> = {}): Begun {
  const request = folder.request(script, {
    exe: '/bin/dash',
    env: { PATH: '/usr/bin:/bin', ...env },
    umask: 0o027,
  });
  const words = gateArguments(request).map((word) => word.replaceAll(`${SHELL} `, `${sh} `));
  const child = folder.begin(request, words, sh);
  let tellSpawned: (spawned: SpawnedChild) => void = () => undefined;
  let tellEnded: (exit: ChildExit) => void = () => undefined;
  const spawned = new Promise<SpawnedChild>((resolve) => (tellSpawned = resolve));
  const ended = new Promise<ChildExit>((resolve) => (tellEnded = resolve));
  const shell = folder.gatedShell(child, request, {
    on: {
      spawned: tellSpawned,
      failed: ({ detail }) => tellEnded({ code: null, signal: detail }),
      exited: tellEnded,
    },
  });
  shell.report();
  return { shell, child, spawned, ended };
}

describe.each(SHELLS)('with %s as sh, a shell beside the program', (path) => {
  const sh = (): string => asSh(path, dir);

  test('a shell beside the program says the pid that the program has', async () => {
    const { shell, spawned, ended } = begin(sh(), 'echo $$ > pid; umask > mask; exit 0');
    const { pid, program } = await spawned;
    shell.release();
    expect(await ended).toEqual({ code: 0, signal: null });
    const written = (name: string): string => readFileSync(join(dir, name), 'utf8').trim();
    expect([Number(written('pid')), Number.parseInt(written('mask'), 8)]).toEqual([program, 0o027]);
    expect(program).not.toBe(pid);
  });

  test.each([0, 3, 125, 126, 127, 143])(
    'a shell beside the program records exit code %i for a daemon that is no parent',
    async (code) => {
      const { shell, spawned, ended } = begin(sh(), `exit ${code}`);
      await spawned;
      shell.release();
      await ended;
      expect(recordedExit(exitFile)).toEqual({ code, signal: null });
    },
  );

  test('a shell beside the program outlives the signals that the program handles', async () => {
    const script =
      "trap 'echo got >> got; exit 7' TERM INT HUP USR1; echo > up; while :; do sleep 0.02; done";
    const { shell, child, spawned, ended } = begin(sh(), script);
    await spawned;
    shell.release();
    while (!exists('up')) await new Promise((resolve) => setTimeout(resolve, 5));
    process.kill(-(child.pid ?? 0), 'SIGTERM');
    expect(await ended).toEqual({ code: 7, signal: null });
  });

  test('a shell that is sent away lets nothing run', async () => {
    const { shell, child, spawned } = begin(sh(), 'echo > ran');
    await spawned;
    await new Promise<void>((resolve) => shell.sendAway(resolve));
    expect([exists('ran'), child.exitCode ?? child.signalCode]).toEqual([false, expect.anything()]);
    expect(recordedExit(exitFile)).toBeNull();
  });

  test('a shell waits at its gate whatever TMOUT says, and passes the environment on unchanged', async () => {
    const env = {
      TMOUT: '1',
      SHLVL: '5',
      LD_LIBRARY_PATH: '/lib/x',
      DYLD_LIBRARY_PATH: '/lib/y',
      BASH_ENV: '/nowhere',
    };
    const { shell, spawned, ended } = begin(sh(), 'exec env -0 > env', env);
    await spawned;
    await new Promise((resolve) => setTimeout(resolve, 1_300));
    shell.release();
    expect(await ended).toEqual({ code: 0, signal: null });
    const got = readFileSync(join(dir, 'env'), 'utf8').split('\0').slice(0, -1);
    // dash, which stands for the program, sets PWD itself.
    const wanted = Object.entries({ PATH: '/usr/bin:/bin', ...env }).map(
      ([name, value]) => `${name}=${value}`,
    );
    expect(got.filter((line) => !line.startsWith('PWD=')).toSorted()).toEqual(wanted.toSorted());
  });
});

const exists = (name: string): boolean => {
  try {
    readFileSync(join(dir, name));
    return true;
  } catch {
    return false;
  }
};
