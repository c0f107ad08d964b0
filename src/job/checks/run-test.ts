import type { ChildProcess } from 'node:child_process';
import spawn from 'cross-spawn';
import type { Program, TestEnd } from '../ports.ts';
import type { Os } from '../../os/os.ts';
import { signalGroup } from '../../os/signal.ts';
import { asked } from '../../os/system-error.ts';
import { isOfNoRoom } from '../no-room.ts';
import { becoming, isDash, SHELL, SHELL_ENVIRONMENT, shellWords } from '../launch/becoming.ts';
import { preflightError } from '../launch/preflight.ts';
import { enqueueSpawn } from '../launch/spawn-queue.ts';

/** At most this many bytes of a test's output are kept, from its end. */
const OUTPUT_LIMIT = 1_000;

/** How long to wait after a test for a pipe that a process outside its group still holds open. */
const DRAIN_MS = 50;

type Known = Pick<Os, 'identify' | 'groupIsKnown'>;

export interface RunTestOptions {
  readonly os: Known;
  /** Soft limit of open files that the test gets; null leaves the daemon's. */
  readonly openFiles: number | null;
}

/** Runs a test command in its own process group and reports when it begins and how it ends. */
export function runTest(
  options: RunTestOptions,
  program: Program,
  done: (end: TestEnd) => void,
  begun: () => void = () => {},
): { end(): void } {
  let running: { end(): void } | null = null;
  let isEnded = false;
  enqueueSpawn(() => {
    if (isEnded) return done({ code: null, signal: 'SIGKILL', error: null, output: '' });
    running = begin(options, program, done);
    if (running !== null) begun();
  });
  return {
    end: () => {
      isEnded = true;
      running?.end();
    },
  };
}

function begin(
  { os, openFiles }: RunTestOptions,
  program: Program,
  done: (end: TestEnd) => void,
): { end(): void } | null {
  const error = preflightError(program);
  if (error !== null) {
    done({ code: null, signal: null, error, output: '' });
    return null;
  }
  try {
    const child = spawn(SHELL, shellWords(program), {
      cwd: program.cwd,
      env: SHELL_ENVIRONMENT,
      detached: true,
      // The shell becomes a program with both outputs in one pipe.
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    // A shell that ends before it has read all shows by its exit.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(becoming({ program, umask: null, openFiles, byDash: isDash }));
    return watch(os, child, (end) => done(unlessUnstarted(end, program)));
  } catch (error) {
    done({ ...unstarted(error as Error), output: '' });
    return null;
  }
}

function watch(os: Known, child: ChildProcess, done: (end: TestEnd) => void): { end(): void } {
  let output = Buffer.alloc(0);
  let over = false;
  const finish = (end: Omit<TestEnd, 'output'>): void => {
    if (over) return;
    over = true;
    child.stdout?.destroy();
    done({ ...end, output: output.toString('utf8').trim() });
  };
  const gather = (chunk: Buffer): void => {
    output = Buffer.concat([output, chunk]).subarray(-OUTPUT_LIMIT);
  };
  child.stdout?.on('data', gather);
  child.on('error', (error) => finish(unstarted(error)));
  child.on('close', (code, signal) => finish({ code, signal, error: null }));
  child.on('exit', (code, signal) => {
    endGroup(os, child);
    setTimeout(() => finish({ code, signal, error: null }), DRAIN_MS);
  });
  return {
    // Once the test is reaped its number may belong to another process; its group was killed before that.
    end: () => {
      if (child.pid !== undefined && child.exitCode === null && child.signalCode === null)
        signalGroup(child.pid, 'SIGKILL');
    },
  };
}

function unstarted(error: Error): Omit<TestEnd, 'output'> {
  const isNoRoom = isOfNoRoom(error);
  return {
    code: null,
    signal: null,
    error: `cannot be started: ${error.message}`,
    ...(isNoRoom && { isOfNoRoom: true }),
  };
}

/** Kills the rest of a test's group as soon as the test is reaped. */
function endGroup(os: Known, { pid }: ChildProcess): void {
  if (pid === undefined || !os.groupIsKnown(pid)) return;
  // While the group exists, no process can get its number as pid. If one has it, the group is not ours.
  if (asked(false, () => os.identify(pid) === null)) signalGroup(pid, 'SIGKILL');
}

/**
 * A program that could not be executed, such as a script without its interpreter or a file that is just being
 * written, has not run; env(1) or the shell gives the reason.
 */
function unlessUnstarted(end: TestEnd, { exe }: Program): TestEnd {
  const why = (end.code === 126 || end.code === 127) && refusalIn(end.output, exe);
  return typeof why === 'string'
    ? { code: null, signal: null, error: `cannot be started: ${why}`, output: '' }
    : end;
}

/** The shell must name the program: one that is a shell script may print the same of another. */
function refusalIn(output: string, exe: string): string | undefined {
  const [, byEnv] = /^\/usr\/bin\/env: (.*)$/.exec(output) ?? [];
  const [, byShell] = /^\/bin\/(?:da)?sh: \d+: exec: (.*)$/.exec(output) ?? [];
  return byEnv ?? (byShell?.startsWith(`${exe}: `) === true ? byShell : undefined);
}
