import type { ChildProcess } from 'node:child_process';
import spawn from 'cross-spawn';
import { closeSync } from 'node:fs';
import type { Launch, LaunchEvents, LaunchRequest } from '../ports.ts';
import type { Os } from '../../os/os.ts';
import { becoming, isDash, SHELL, SHELL_ENVIRONMENT } from './becoming.ts';
import { forgetExits, openExitFile, recordedExit } from './exit-file.ts';
import { gateArguments } from './gate.ts';
import { GatedShell } from './gated-shell.ts';
import type { LogWriters } from '../logs/log-writers.ts';
import type { JobOutput } from '../logs/job-output.ts';
import { openOutputs } from '../logs/open-outputs.ts';
import { preflightError } from './preflight.ts';
import { enqueueSpawn } from './spawn-queue.ts';
import { forgetStdin, makeStdin, openStdin } from './stdin-pipe.ts';

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
  let fifo: string | null = null;
  /** Null once it is spawned: a launch is kept as long as its program runs, but need not keep all of this. */
  let unspawned: LaunchRequest | null = request;
  const { stdin } = request;
  const { path, policy } = request.log;
  const writers = policy.outputs === 'file' ? null : (options.writers ?? null);
  const begin = (): void => {
    if (isCancelled || unspawned === null) return void (fifo !== null && forgetStdin(fifo));
    // Other launches may have taken the last pipe meanwhile.
    if (writers?.isPrepared(path) === false) return writers.prepare(path, () => enqueueSpawn(begin));
    const error = preflightError(unspawned);
    if (error !== null) {
      launched.failed({ detail: error, lasting: true });
      return;
    }
    const events = writers === null ? launched : endingDrained(launched, writers, path);
    shell = spawnAtGate(options, { ...unspawned, writers, fifo }, events);
    unspawned = null;
    shell?.report();
  };
  const prepare = (): void => {
    if (writers !== null) writers.prepare(path, () => enqueueSpawn(begin));
    else enqueueSpawn(begin);
  };
  /** A launch that fails leaves no FIFO. */
  const launched: LaunchEvents = {
    ...on,
    failed: (failure) => {
      for (const path of [fifo, stdin]) if (path !== null) forgetStdin(path);
      if (!isCancelled) on.failed(failure);
    },
  };
  if (stdin === null) prepare();
  else
    makeStdin(stdin, (made) => {
      if (isCancelled) return void (made.ok && forgetStdin(made.fifo));
      if (!made.ok) return launched.failed(made);
      fifo = made.fifo;
      prepare();
    });
  return {
    release: () => shell?.release(),
    cancel: (gone = () => undefined) => {
      isCancelled = true;
      if (shell === null) gone();
      else shell.sendAway(gone);
    },
  };
}

/** What the child has written is in its log only when the writer has copied it. */
export function endingDrained(on: LaunchEvents, writers: LogWriters, path: string): LaunchEvents {
  return { ...on, exited: (exit) => on.exited(exit, (done) => writers.whenDrained(path, done)) };
}

/** A launch whose outputs and input are prepared. */
interface Prepared extends LaunchRequest {
  readonly writers: LogWriters | null;
  /** The FIFO that becomes the one that `stdin` names. */
  readonly fifo: string | null;
}

function spawnAtGate(options: LaunchOptions, request: Prepared, on: LaunchEvents): GatedShell | null {
  let output: JobOutput | null = null;
  try {
    if (request.exits !== null) forgetExits(request.exits);
    output = openOutputs(request.log, request.writers);
    const shell = gatedShell(options, request, { child: spawnShell(request, output.fd), on });
    if (shell !== null) startWriter(output, shell, on);
    return shell;
  } catch (error) {
    on.failed(failureOf(error));
    return null;
  } finally {
    output?.close();
  }
}

/** A program whose output nobody carries to its log is not let run. */
function startWriter(output: JobOutput, shell: GatedShell, on: LaunchEvents): void {
  try {
    output.startWriter();
  } catch (error) {
    shell.sendAway(() => on.failed(failureOf(error)));
  }
}

function gatedShell(
  { os, openFiles }: LaunchOptions,
  request: Prepared,
  { child, on }: { readonly child: ChildProcess; readonly on: LaunchEvents },
): GatedShell | null {
  const { exitFile, umask, limits, nice, stopTimeoutMs } = request;
  child.on('error', (error) => {
    if (child.pid === undefined) on.failed(failureOf(error));
  });
  const { pid } = child;
  if (pid === undefined) return null;
  const stdin = request.stdin === null ? null : stdinDescriptor(request);
  // What a shell has begun in the background heeds some signals only by env(1).
  const byDash = isDash && exitFile === null;
  const script = becoming({ program: request, umask, openFiles, limits, stdin, byDash });
  const recorded = exitFile === null ? null : () => recordedExit(exitFile);
  return new GatedShell({ os, child, pid, nice, script, recorded, stopTimeoutMs, on });
}

function spawnShell(request: Prepared, outputs: number): ChildProcess {
  const opened: number[] = [];
  const open = (fd: number): number => {
    opened.push(fd);
    return fd;
  };
  try {
    const { stdin, fifo } = request;
    const input = stdin === null || fifo === null ? [] : [open(openStdin(fifo, stdin))];
    return spawn(SHELL, gateArguments(request), {
      cwd: request.cwd,
      env: SHELL_ENVIRONMENT,
      detached: true,
      stdio:
        request.exitFile === null
          ? ['pipe', outputs, outputs, ...input]
          : ['ignore', outputs, open(openExitFile(request.exitFile)), 'pipe', ...input],
    });
  } finally {
    for (const fd of opened) closeSync(fd);
  }
}

/** Where the shell finds the standard input of its program: behind the gate, if that is its descriptor 3. */
const stdinDescriptor = ({ exitFile }: LaunchRequest): number => (exitFile === null ? 3 : 4);

function failureOf(error: unknown): { detail: string; lasting: boolean } {
  const { code = '', message } = error as NodeJS.ErrnoException;
  if (code === 'E2BIG')
    return { detail: 'its arguments and environment are too long for the system (E2BIG)', lasting: true };
  return { detail: `the system says: ${message}`, lasting: !PASSING.has(code) };
}
