import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { becoming, SHELL, SHELL_ENVIRONMENT } from '../../src/job/launch/becoming.ts';
import { openExitFile, recordedExit } from '../../src/job/launch/exit-file.ts';
import { gateArguments } from '../../src/job/launch/gate.ts';
import { GatedShell, type GatedShellOptions } from '../../src/job/launch/gated-shell.ts';
import type { LaunchRequest } from '../../src/job/ports.ts';
import { thisOs } from '../../src/os/this-os.ts';

/** What should end by itself must not be ended by a limit. */
const FOR_EVER_MS = 1_000_000;

/** A shell at its gate, and what it has reported. */
export interface AtGate {
  readonly shell: GatedShell;
  readonly child: ChildProcess;
  readonly told: unknown[];
  readonly over: Promise<void>;
}

/** A folder for launches: the programs run in it, and its shells are killed with it. */
export class LaunchFolder {
  readonly dir = mkdtempSync(join(tmpdir(), 'overseer-launch-'));
  readonly exitFile = join(this.dir, 'exits', '1');
  readonly #begun: ChildProcess[] = [];

  /** A request for a shell script, unless `more` says otherwise. */
  request(script: string, more: Partial<LaunchRequest> = {}): LaunchRequest {
    return {
      exe: '/bin/sh',
      args: ['-c', script],
      cwd: this.dir,
      env: { PATH: '/usr/bin:/bin' },
      umask: 0o022,
      limits: {},
      nice: null,
      log: {
        path: join(this.dir, 'log'),
        policy: { maxBytes: 1_000_000, keep: 1, rotate: 'off', outputs: 'pipe' },
      },
      exits: join(this.dir, 'exits'),
      exitFile: this.exitFile,
      stdin: null,
      stopTimeoutMs: FOR_EVER_MS,
      ...more,
    };
  }

  /** Begins a shell that stays beside a program. */
  begin(request: LaunchRequest, words = gateArguments(request), sh: string = SHELL): ChildProcess {
    const record = openExitFile(this.exitFile);
    const child = spawn(sh, words, {
      cwd: this.dir,
      env: SHELL_ENVIRONMENT,
      detached: true,
      stdio: ['ignore', 'ignore', record, 'pipe'],
    });
    closeSync(record);
    this.#begun.push(child);
    return child;
  }

  gatedShell(
    child: ChildProcess,
    request: LaunchRequest,
    options: Pick<GatedShellOptions, 'on'> & Partial<GatedShellOptions>,
  ): GatedShell {
    return new GatedShell({
      os: thisOs(),
      child,
      pid: child.pid ?? 0,
      nice: null,
      script: becoming({ program: request, umask: request.umask, openFiles: null }),
      recorded: () => recordedExit(this.exitFile),
      stopTimeoutMs: FOR_EVER_MS,
      silenceLimitMs: FOR_EVER_MS,
      ...options,
    });
  }

  /** Lets a shell report itself at its gate, and notes what follows. */
  atGate(child: ChildProcess, request: LaunchRequest, options: Partial<GatedShellOptions> = {}): AtGate {
    const told: unknown[] = [];
    const on: GatedShellOptions['on'] = {
      spawned: ({ program }) => told.push(['spawned', program]),
      failed: (failure) => told.push(failure),
      exited: (exit) => told.push(exit),
    };
    const shell = this.gatedShell(child, request, { on, ...options });
    const over = new Promise<void>((resolve) => void child.on('exit', () => resolve()));
    shell.report();
    return { shell, child, told, over };
  }

  /** Kills whatever a test that failed has left. */
  dispose(): void {
    for (const { pid, exitCode, signalCode } of this.#begun)
      if (pid !== undefined && exitCode === null && signalCode === null) process.kill(-pid, 'SIGKILL');
    rmSync(this.dir, { recursive: true, force: true });
  }
}
