import { readdirSync, type Stats } from 'node:fs';
import { type FileCalls, realDisk } from '../../files/disk.ts';
import type { Clock } from '../../host/clock.ts';
import type { Identity, Os } from '../../os/os.ts';
import { isRefusal } from '../../os/system-error.ts';

/** How long one listing of all processes serves every log. */
const FRESH_MS = 1_000;

/** A pipe: where it can be opened, and what tells it from all other files. */
export interface Pipe {
  readonly path: string;
  readonly key: string;
}

/** The pipe of ours that a process writes its output to; such a pipe has no name any more. */
export function pipeOf(pid: number): Pipe | null {
  for (const fd of [1, 2]) {
    const path = `/proc/${pid}/fd/${fd}`;
    const found = statsOf(path);
    if (found?.isFIFO() === true && found.nlink === 0) return { path, key: keyOf(found) };
  }
  return null;
}

export interface CopiesOptions {
  readonly os: Pick<Os, 'identify'>;
  readonly clock: Pick<Clock, 'monotonic'>;
  readonly disk: Pick<FileCalls, 'statSync'>;
  readonly pipeOf: (pid: number) => Pipe | null;
  /** The processes that copy pipes, by the pipe and by the log. */
  readonly copying: () => ReadonlyMap<string, number>;
}

/**
 * Finds the process that copies a pipe to a log, for jobs that an earlier daemon launched.
 */
export class Copies {
  readonly #options: CopiesOptions;
  #seen: { readonly at: number; readonly pids: ReadonlyMap<string, number> } | null = null;

  constructor(options: CopiesOptions) {
    this.#options = options;
  }

  /**
   * Found by the pipe of the job's leader, or by the log if the leader has ended. Throws `CannotAsk` where
   * the system cannot tell.
   */
  find(log: string, leader: number): Identity | null {
    const { os, disk, pipeOf: pipeOfJob } = this.#options;
    const file = statsOf(log, disk);
    const key = pipeOfJob(leader)?.key ?? (file === null ? null : keyOf(file));
    const pid = key === null ? undefined : this.#pids().get(key);
    return pid === undefined ? null : os.identify(pid);
  }

  #pids(): ReadonlyMap<string, number> {
    const { clock, copying } = this.#options;
    if (this.#seen === null || clock.monotonic() - this.#seen.at > FRESH_MS)
      this.#seen = { at: clock.monotonic(), pids: copying() };
    return this.#seen.pids;
  }
}

/** The processes that copy a pipe to a file, by the keys of both. Uses /proc on Linux. */
export function copying(): ReadonlyMap<string, number> {
  const pids = new Map<string, number>();
  for (const name of namesIn('/proc').filter((entry) => /^\d+$/.test(entry))) {
    const from = statsOf(`/proc/${name}/fd/0`);
    if (from === null || !from.isFIFO() || from.nlink > 0) continue;
    const to = statsOf(`/proc/${name}/fd/1`);
    if (to === null || !to.isFile()) continue;
    for (const stats of [from, to]) pids.set(keyOf(stats), Number(name));
  }
  return pids;
}

/** What tells a file from all others. */
export const keyOf = ({ dev, ino }: Pick<Stats, 'dev' | 'ino'>): string => `${dev} ${ino}`;

/** Null where nothing exists, or this user may not read it. */
function statsOf(path: string, disk: Pick<FileCalls, 'statSync'> = realDisk): Stats | null {
  try {
    return disk.statSync(path, { throwIfNoEntry: false }) ?? null;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return null;
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return [];
  }
}
