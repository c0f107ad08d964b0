import { spawn } from 'node:child_process';
import type { Identity, Os } from '../../os/os.ts';
import { toolEnvironment } from '../../os/run-tool.ts';
import { Copies, pipeOf } from './copying-processes.ts';
import { PipeStock } from './pipe-stock.ts';

export type PipeSupply = Pick<PipeStock, 'isEmpty' | 'refill' | 'take'>;

/** What the writers of logs need of the system: pipes, and processes that copy from them. */
export interface LogPipes {
  /** The pipes for the logs of which this is the folder of pipes. */
  stockOf(folder: string): PipeSupply;
  /** The path by which the pipe can be opened that a process writes its output to; null if it has none. */
  pipeOf(pid: number): string | null;
  /** The process that copies to a log, also for jobs that an earlier daemon launched. */
  copierOf(log: string, leader: number): Identity | null;
  /** Starts a process that copies from a pipe to a log; its pid, or null where no process can be made. */
  copy(from: number, log: number, on: CopierEvents): number | null;
}

export interface CopierEvents {
  /** There is no program that could do it. */
  readonly missing: () => void;
  /** Never before `copy` has returned. */
  readonly ended: () => void;
}

/** Those of this machine, which is Linux. */
export function realPipes(os: Pick<Os, 'identify'>): LogPipes {
  const copies = new Copies(os);
  return {
    stockOf: (folder) => new PipeStock(folder),
    pipeOf: (pid) => pipeOf(pid)?.path ?? null,
    copierOf: (log, leader) => copies.find(log, leader),
    copy: (from, log, { missing, ended }) => {
      // In a session of its own, as no signal to the daemon's group is meant for it.
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
}
