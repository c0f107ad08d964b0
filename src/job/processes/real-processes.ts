import type { Processes } from '../ports.ts';
import { realClock } from '../../host/real-clock.ts';
import type { Os } from '../../os/os.ts';
import { allProcesses } from '../../os/usage/all-processes.ts';
import { ProcessTrees } from '../../os/usage/process-trees.ts';
import { realSignals } from '../../os/signal.ts';
import type { LogWriters } from '../logs/log-writers.ts';
import { launch } from '../launch/launch.ts';
import { runTest } from '../checks/run-test.ts';
import { recordedExit } from '../launch/exit-file.ts';
import { forgetStdin } from '../launch/stdin-pipe.ts';
import { osProcesses, type OsProcesses } from './os-processes.ts';

export interface RealProcessesOptions {
  /** Soft limit of open files that jobs and tests get; null leaves the daemon's. */
  readonly openFiles: number | null;
  /** Writes a line to the daemon's log. */
  readonly say: (line: string) => void;
  /** Between jobs and their logs; without them jobs write to their logs themselves. */
  readonly writers?: LogWriters | null;
}

const BY_DEFAULT: RealProcessesOptions = { openFiles: null, say: () => undefined };

/** The processes of this machine. */
export function realProcesses(
  os: Os,
  { openFiles, say, writers = null }: RealProcessesOptions = BY_DEFAULT,
): OsProcesses {
  return osProcesses({
    os,
    clock: realClock,
    signals: realSignals,
    ...(writers !== null && { isTool: (pid) => writers.isOwn(pid) }),
    programs: {
      launch: (request, on) => launch({ os, openFiles, writers }, request, on),
      runTest: (program, ...on) => runTest({ os, openFiles }, program, ...on),
      memoryOf: (children, done) => void tellMemory(children, done),
      recordedExit: (file) => recordedExit(file, say),
      forgetStdin: (path) => forgetStdin(path, say),
    },
  });
}

async function tellMemory(...[children, done]: Parameters<Processes['memoryOf']>): Promise<void> {
  done(await memoryOf(children.map(({ pid }) => pid)));
}

/** Null if the system cannot be asked, because no descriptor or no process for `ps` is left. */
async function memoryOf(pids: readonly number[]): Promise<ReadonlyMap<number, number> | null> {
  try {
    return new ProcessTrees(await allProcesses()).memoryOf(pids);
  } catch {
    return null;
  }
}
