import type { ChildProcess } from 'node:child_process';
import spawn from 'cross-spawn';
import { closeSync } from 'node:fs';
import type { Launch, LaunchEvents, LaunchRequest } from '../ports.ts';
import type { Os } from '../../os/os.ts';
import { becoming, SHELL_ENVIRONMENT } from './becoming.ts';
import { forgetExits, openExitFile, recordedExit } from './exit-file.ts';
import { gateArguments } from './gate.ts';
import { GatedShell } from './gated-shell.ts';
import type { LogWriters } from '../logs/log-writers.ts';
import { openOutputs } from '../logs/open-outputs.ts';
import { preflightError } from './preflight.ts';
import { enqueueSpawn } from './spawn-queue.ts';

/** Errors that pass without a change of config. All others last until somebody fixes the cause. */
const PASSING = new Set([
  'EAGAIN',
  'EMFILE',
  'ENFILE',
  'ENOMEM',
  'ENOSPC',
  'EDQUOT',
  'EROFS',
  'EIO',
  'ESTALE',
]);

export interface LaunchOptions {
  readonly os: Os;
  /** Soft limit of open files that programs get; null leaves the daemon's. */
  readonly openFiles: number | null;
  /** Between jobs and their logs; without them jobs write to their logs themselves. */
  readonly writers?: LogWriters | null;
}

/** Starts a program behind its gate, in its own session and process group. */
export function launch(options: LaunchOptions, request: LaunchRequest, on: LaunchEvents): Launch {
  let shell: GatedShell | null = null;
  let isCancelled = false;
  const { path, policy } = request.log;
  const writers = policy.outputs === 'file' ? null : (options.writers ?? null);
  const begin = (): void => {
    if (isCancelled) return;
    // Other launches may have taken the last pipe meanwhile.
    if (writers?.isPrepared(path) === false) return writers.prepare(path, () => enqueueSpawn(begin));
    const error = preflightError(request);
    if (error !== null) {
      on.failed({ detail: error, lasting: true });
      return;
    }
    shell = spawnAtGate(options, request, writers === null ? on : endingDrained(on, writers, path), writers);
    shell?.report();
  };
  if (writers !== null) writers.prepare(path, () => enqueueSpawn(begin));
  else enqueueSpawn(begin);
  return {
    release: () => shell?.release(),
    cancel: (gone = () => undefined) => {
      isCancelled = true;
      if (shell === null) gone();
      else shell.sendAway(gone);
    },
  };
}

/** Reports the exit only after the output has reached the log. */
function endingDrained(on: LaunchEvents, writers: LogWriters, path: string): LaunchEvents {
  return { ...on, exited: (exit) => writers.whenDrained(path, () => on.exited(exit)) };
}

function spawnAtGate(
  { os, openFiles }: LaunchOptions,
  request: LaunchRequest,
  on: LaunchEvents,
  writers: LogWriters | null,
): GatedShell | null {
  const { exitFile, umask, limits, nice, stopTimeoutMs } = request;
  let child: ChildProcess;
  try {
    child = spawnShell(request, writers);
  } catch (error) {
    on.failed(failureOf(error));
    return null;
  }
  child.on('error', (error) => {
    if (child.pid === undefined) on.failed(failureOf(error));
  });
  const { pid } = child;
  if (pid === undefined) return null;
  const script = becoming({ program: request, umask, openFiles, limits });
  const recorded = exitFile === null ? null : () => recordedExit(exitFile);
  return new GatedShell({ os, child, pid, nice, script, recorded, stopTimeoutMs, on });
}

function spawnShell(request: LaunchRequest, writers: LogWriters | null): ChildProcess {
  forgetExits(request.exits);
  const opened: number[] = [];
  const open = (fd: number): number => {
    opened.push(fd);
    return fd;
  };
  try {
    const outputs = open(openOutputs(request.log, writers));
    return spawn('/bin/sh', gateArguments(request), {
      cwd: request.cwd,
      env: SHELL_ENVIRONMENT,
      detached: true,
      stdio:
        request.exitFile === null
          ? ['pipe', outputs, outputs]
          : ['ignore', outputs, open(openExitFile(request.exitFile)), 'pipe'],
    });
  } finally {
    for (const fd of opened) closeSync(fd);
  }
}

function failureOf(error: unknown): { detail: string; lasting: boolean } {
  const { code = '', message } = error as NodeJS.ErrnoException;
  if (code === 'E2BIG')
    return { detail: 'its arguments and environment are too long for the system (E2BIG)', lasting: true };
  return { detail: `the system says: ${message}`, lasting: !PASSING.has(code) };
}
