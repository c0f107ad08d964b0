import type { ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, statSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname } from 'node:path';
import type { Writable } from 'node:stream';
import spawn from 'cross-spawn';
import type { ChildExit, ChildIdentity, Launch, LaunchEvents, LaunchRequest } from '../host/ports.ts';
import type { Os } from '../os/os.ts';
import { CannotAsk } from '../os/system-error.ts';
import { rotateByRename } from './rotate-log.ts';
import { troubleWith } from './look-before-launch.ts';
import { enqueueSpawn } from './spawn-queue.ts';

/**
 * What the child is until it is recorded: a shell that waits for `go` on descriptor 3 and then becomes the program. The
 * end of the descriptor means that the daemon died before the record was kept, so the shell leaves.
 */
const GATE = `IFS= read -r go <&3 && [ "$go" = go ] || exit 125
exec 3<&-
umask "$1"
exit_file=$2
shift 2
unset go PWD OLDPWD SHLVL
[ -n "$exit_file" ] || exec "$@"
trap : HUP INT QUIT TERM USR1 USR2
"$@"
code=$?
printf '%s\\n' "$code" > "$exit_file.new" && mv "$exit_file.new" "$exit_file"
exit "$code"`;

/** What the system says when it has no room just now; everything else lasts until something is mended. */
const PASSING = new Set(['EAGAIN', 'EMFILE', 'ENFILE', 'ENOMEM']);

/** Starts a program behind its gate, in a session and process group of its own. */
export function launch(os: Os, request: LaunchRequest, on: LaunchEvents): Launch {
  let gate: Writable | null = null;
  let cancelled = false;
  enqueueSpawn(() => {
    if (cancelled) return;
    const trouble = troubleWith(request);
    if (trouble !== null) {
      on.failed({ detail: trouble, lasting: true });
      return;
    }
    const spawned = spawnBehindGate(os, request, on);
    if (spawned === null) return;
    gate = spawned.gate;
    if (spawned.identity.start === '') gate.end();
    // Last, since its record releases the gate.
    on.spawned(spawned.identity);
  });
  return {
    release: () => {
      gate?.end('go\n');
    },
    cancel: () => {
      cancelled = true;
      gate?.end();
    },
  };
}

function spawnBehindGate(
  os: Os,
  request: LaunchRequest,
  on: LaunchEvents,
): { readonly gate: Writable; readonly identity: ChildIdentity } | null {
  let child: ChildProcess;
  try {
    child = spawnShell(request);
  } catch (error) {
    on.failed(failureOf(error));
    return null;
  }
  child.on('error', (error) => {
    if (child.pid === undefined) on.failed(failureOf(error));
  });
  const { pid } = child;
  if (pid === undefined) return null;
  const gate = child.stdio[3] as Writable;
  // A child that died at its gate shows by its exit, not by the broken pipe.
  gate.on('error', () => undefined);
  child.on('exit', (code, signal) => {
    gate.destroy();
    on.exited(request.exitFile === null || code === null ? { code, signal } : exitOfShell(code));
  });
  return { gate, identity: { pid, start: startOf(os, pid), boot: os.bootId() } };
}

/** A child that is already dead has no start time; its exit is on its way. One that cannot be asked for it must not begin: without it nobody could tell it later. */
function startOf(os: Os, pid: number): string {
  try {
    return os.identify(pid)?.start ?? '';
  } catch (error) {
    if (error instanceof CannotAsk) return '';
    throw error;
  }
}

function spawnShell(request: LaunchRequest): ChildProcess {
  const { path, policy } = request.log;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  // Nobody holds it open now, so this rotation is exact and free.
  if (policy.rotate !== 'off' && (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > policy.maxBytes)
    rotateByRename(path, policy.keep);
  if (request.exitFile !== null) {
    mkdirSync(dirname(request.exitFile), { recursive: true, mode: 0o700 });
    rmSync(request.exitFile, { force: true });
  }
  const log = openSync(path, 'a', 0o600);
  try {
    return spawn(
      '/bin/sh',
      ['-c', GATE, 'overseer-launch', request.umask.toString(8).padStart(3, '0'), request.exitFile ?? '', ...commandLine(request)],
      {
        cwd: request.cwd,
        env: request.env,
        detached: true,
        stdio: ['ignore', log, log, 'pipe'],
      },
    );
  } finally {
    closeSync(log);
  }
}

/** The shell drops names that are no identifiers, so those reach the program through `env`. */
function commandLine({ exe, args, env }: LaunchRequest): string[] {
  const odd = Object.entries(env).filter(
    ([name]) => !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) || ['go', 'code', 'exit_file', 'PWD', 'OLDPWD', 'SHLVL'].includes(name),
  );
  return odd.length === 0 ? [exe, ...args] : ['/usr/bin/env', ...odd.map(([name, value]) => `${name}=${value}`), exe, ...args];
}

function failureOf(error: unknown): { detail: string; lasting: boolean } {
  const { code = '', message } = error as NodeJS.ErrnoException;
  if (code === 'E2BIG') return { detail: 'its arguments and environment are too long for the system (E2BIG)', lasting: true };
  return { detail: `the system says: ${message}`, lasting: !PASSING.has(code) };
}

/** What a shell that stayed wrote of its program's end. */
export function recordedExit(exitFile: string): ChildExit | null {
  try {
    const code = Number.parseInt(readFileSync(exitFile, 'utf8'), 10);
    return Number.isInteger(code) ? exitOfShell(code) : null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** A shell says 128 and the number of the signal that ended its program. */
function exitOfShell(code: number): ChildExit {
  const signal = Object.entries(constants.signals).find(([, number]) => number === code - 128)?.[0];
  return signal === undefined ? { code, signal: null } : { code: null, signal };
}
