import type { ChildProcess } from 'node:child_process';
import spawn from 'cross-spawn';
import type { Program, TestEnd } from '../host/ports.ts';
import { signalGroup } from '../os/signal.ts';
import { troubleWith } from './look-before-launch.ts';

/** How much of a test's output is remembered, in bytes from its end. */
const OUTPUT_LIMIT = 1_000;

/** How long a pipe that a test's own children hold open is waited for after the test has ended. */
const DRAIN_MS = 50;

/** Runs a test command in a group of its own and says how it ended. */
export function runTest(program: Program, done: (end: TestEnd) => void): { end(): void } {
  const trouble = troubleWith(program);
  if (trouble !== null) {
    setImmediate(() => done({ code: null, signal: null, error: trouble, output: '' }));
    return { end: () => undefined };
  }
  try {
    return watch(
      spawn(program.exe, [...program.args], { cwd: program.cwd, env: program.env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] }),
      done,
    );
  } catch (error) {
    setImmediate(() => done({ code: null, signal: null, error: `cannot be started: ${(error as Error).message}`, output: '' }));
    return { end: () => undefined };
  }
}

function watch(child: ChildProcess, done: (end: TestEnd) => void): { end(): void } {
  let output = Buffer.alloc(0);
  let over = false;
  const finish = (end: Omit<TestEnd, 'output'>): void => {
    if (over) return;
    over = true;
    endGroup(child);
    child.stdout?.destroy();
    child.stderr?.destroy();
    done({ ...end, output: output.toString('utf8').trim() });
  };
  const gather = (chunk: Buffer): void => {
    output = Buffer.concat([output, chunk]).subarray(-OUTPUT_LIMIT);
  };
  child.stdout?.on('data', gather);
  child.stderr?.on('data', gather);
  child.on('error', (error) => finish({ code: null, signal: null, error: `cannot be started: ${error.message}` }));
  child.on('close', (code, signal) => finish({ code, signal, error: null }));
  child.on('exit', (code, signal) => setTimeout(() => finish({ code, signal, error: null }), DRAIN_MS));
  return { end: () => endGroup(child) };
}

/** Ends whatever of the test's group is left. */
function endGroup(child: ChildProcess): void {
  if (child.pid !== undefined) signalGroup(child.pid, 'SIGKILL');
}
