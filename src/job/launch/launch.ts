import type { ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import spawn from 'cross-spawn';
import type { Launch, LaunchEvents, LaunchRequest } from '../ports.ts';
import type { Os } from '../../os/os.ts';
import { gateArguments } from './gate.ts';
import { GatedShell } from './gated-shell.ts';
import { rotateByRename } from '../logs/rotate-log.ts';
import { troubleWith } from './preflight.ts';
import { enqueueSpawn } from './spawn-queue.ts';

/** What the system says when it has no room just now; everything else lasts until something is mended. */
const PASSING = new Set(['EAGAIN', 'EMFILE', 'ENFILE', 'ENOMEM']);

/** Starts a program behind its gate, in a session and process group of its own. */
export function launch(os: Os, request: LaunchRequest, on: LaunchEvents): Launch {
  let shell: GatedShell | null = null;
  let isCancelled = false;
  enqueueSpawn(() => {
    if (isCancelled) return;
    const trouble = troubleWith(request);
    if (trouble !== null) {
      on.failed({ detail: trouble, lasting: true });
      return;
    }
    shell = spawnAtGate(os, request, on);
    shell?.tell();
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

function spawnAtGate(os: Os, request: LaunchRequest, on: LaunchEvents): GatedShell | null {
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
  return pid === undefined
    ? null
    : new GatedShell({ os, child, pid, staysBeside: request.exitFile !== null, on });
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
    return spawn('/bin/sh', gateArguments(request), {
      cwd: request.cwd,
      env: request.env,
      detached: true,
      stdio: ['ignore', log, log, 'pipe'],
    });
  } finally {
    closeSync(log);
  }
}

function failureOf(error: unknown): { detail: string; lasting: boolean } {
  const { code = '', message } = error as NodeJS.ErrnoException;
  if (code === 'E2BIG')
    return { detail: 'its arguments and environment are too long for the system (E2BIG)', lasting: true };
  return { detail: `the system says: ${message}`, lasting: !PASSING.has(code) };
}
