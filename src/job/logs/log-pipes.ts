import { spawn } from 'node:child_process';
import { toolEnvironment } from '../../os/run-tool.ts';
import { copying, type Pipe, pipeOf } from './copying-processes.ts';
import { PipeStock } from './pipe-stock.ts';

export type PipeSupply = Pick<PipeStock, 'isEmpty' | 'refill' | 'take'>;

/** What the writers of logs need of the system: pipes, and processes that copy from them. */
export interface LogPipes {
  /** The stock of pipes that are made in this folder. */
  stockOf(folder: string): PipeSupply;
  /** The pipe that a process writes its output to; null if it has none of ours. */
  pipeOf(pid: number): Pipe | null;
  /** The processes that copy from pipes to logs, also those of earlier daemons, by the keys of both. */
  copying(): ReadonlyMap<string, number>;
  /** Starts a process that copies from a pipe to a log; its pid, or null where no process can be made. */
  copy(from: number, log: number, on: CopierEvents): number | null;
}

interface CopierEvents {
  /** There is no program that could do it. */
  readonly missing: () => void;
  /** Never before `copy` has returned. */
  readonly ended: () => void;
}

/** Those of this machine, which is Linux. */
export const realPipes: LogPipes = {
  stockOf: (folder) => new PipeStock(folder),
  pipeOf,
  copying,
  copy: (from, log, { missing, ended }) => {
    // In a session of its own, since no signal to the daemon's group is meant for it.
    const child = spawn('cat', [], {
      cwd: '/',
      detached: true,
      env: toolEnvironment(),
      stdio: [from, log, 'ignore'],
    });
    child.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') missing();
    });
    child.once('exit', ended);
    if (child.pid !== undefined) child.unref();
    return child.pid ?? null;
  },
};
