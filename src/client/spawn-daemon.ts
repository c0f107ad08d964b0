import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, constants, fchmodSync, fstatSync, openSync, readSync } from 'node:fs';
import { dataFolder } from '../data-folder.ts';
import { openLogFile } from '../files/open-log-file.ts';
import { openRegular } from '../files/regular-file.ts';
import { daemonEnvironment } from '../base-environment.ts';
import { environmentFor, type Homes } from '../homes.ts';
import { givenEnvironment } from '../time-zone.ts';
import { openFilesFor } from '../os/open-files.ts';
import { inheritableDescriptors } from './inheritable-descriptors.ts';
import type { AttachedDaemon, LaunchedDaemon } from './ports.ts';

const OWN = 0o600;
const TAIL_BYTES = 2048;
const TAIL_LINES = 10;

/**
 * Starts overseerd in a session of its own and appends its output to its log. The daemon exits if this
 * process ends before the daemon holds the lock.
 */
export function spawnDaemon(program: string, homes: Homes): LaunchedDaemon {
  return started(program, homes, '--launched');
}

/** Starts a daemon that ends, with its jobs, when this process does. */
export function attachDaemon(program: string, homes: Homes): AttachedDaemon {
  return started(program, homes, '--attached');
}

function started(program: string, homes: Homes, how: '--launched' | '--attached'): AttachedDaemon {
  const logPath = dataFolder(homes.data).daemonLog;
  try {
    const log = openLogFile(logPath);
    try {
      const { size: offset, mode } = fstatSync(log);
      // Made under the mask of the terminal, which may keep its owner from opening it again.
      if ((mode & OWN) !== OWN) fchmodSync(log, OWN);
      return { ...begin([program, how], log, homes), logTail: () => tailOf(logPath, offset) };
    } finally {
      closeSync(log);
    }
  } catch (error) {
    const ending = `cannot be started: ${(error as Error).message}`;
    return { exitCode: () => -1, ending: () => ending, signal: () => {}, logTail: () => '' };
  }
}

function begin(words: readonly string[], log: number, homes: Homes): Omit<AttachedDaemon, 'logTail'> {
  const nothing = openSync('/dev/null', 'r+');
  const stdio: ('pipe' | 'ignore' | number)[] = ['pipe', log, log];
  for (const fd of inheritableDescriptors()) {
    while (stdio.length < fd) stdio.push('ignore');
    stdio[fd] = nothing;
  }
  const env = {
    ...daemonEnvironment(environmentFor(homes, givenEnvironment())),
    ...openFilesFor(process.env),
  };
  let child: ChildProcess;
  try {
    child = spawn(process.execPath, [...words], { detached: true, cwd: '/', env, stdio });
  } finally {
    closeSync(nothing);
  }
  let ended: number | null = null;
  let ending = 'runs';
  const end = (code: number, how: string): void => {
    ended = code;
    ending = how;
  };
  child.once('error', (error) => end(-1, `cannot be started: ${error.message}`));
  child.once('exit', (code, name) =>
    end(code ?? -1, code === null ? `was ended by ${name}` : `ended with exit code ${code}`),
  );
  child.unref();
  // The pipe ends with this process; nothing is ever written to it.
  (child.stdin as unknown as { unref?: () => void } | null)?.unref?.();
  child.stdin?.on('error', () => {});
  return { exitCode: () => ended, ending: () => ending, signal: (name) => void child.kill(name) };
}

function tailOf(path: string, offset: number): string {
  try {
    const log = openRegular(path, constants.O_RDONLY);
    const { size } = fstatSync(log);
    const from = Math.max(offset, size - TAIL_BYTES);
    const block = Buffer.alloc(Math.max(0, size - from));
    const text = block.toString('utf8', 0, readSync(log, block, 0, block.length, from));
    closeSync(log);
    const lines = text.trimEnd().split('\n');
    // The lines in which overseerd says why it ends have no timestamp; the steps before them would only hide
    // the reason.
    const said = lines.filter((line) => line.startsWith('overseerd: '));
    return (said.length > 0 ? said : lines).slice(-TAIL_LINES).join('\n');
  } catch (error) {
    return `(cannot read ${path}: ${(error as Error).message})`;
  }
}
