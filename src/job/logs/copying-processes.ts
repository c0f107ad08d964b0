import { readdirSync, statSync, type Stats } from 'node:fs';
import type { Identity, Os } from '../../os/os.ts';
import { asked, isRefusal } from '../../os/system-error.ts';

/** How long one listing of all processes serves every log. */
const FRESH_MS = 1_000;

/** The pipe of ours that a process writes its output to; such a pipe has no name any more. */
export function pipeOf(pid: number): { readonly path: string; readonly key: string } | null {
  for (const fd of [1, 2]) {
    const path = `/proc/${pid}/fd/${fd}`;
    const found = statsOf(path);
    if (found?.isFIFO() === true && found.nlink === 0) return { path, key: keyOf(found) };
  }
  return null;
}

/**
 * Finds the process that copies a pipe to a log, for jobs that an earlier daemon launched. Uses /proc on
 * Linux.
 */
export class Copies {
  readonly #os: Pick<Os, 'identify'>;
  #seen: { readonly at: number; readonly pids: ReadonlyMap<string, number> } | null = null;

  constructor(os: Pick<Os, 'identify'>) {
    this.#os = os;
  }

  /** Found by the pipe of the job's leader, or by the log if the leader has ended. */
  find(log: string, leader: number): Identity | null {
    const file = statsOf(log);
    const key = pipeOf(leader)?.key ?? (file === null ? null : keyOf(file));
    const pid = key === null ? undefined : this.#pids().get(key);
    return pid === undefined ? null : asked(null, () => this.#os.identify(pid));
  }

  #pids(): ReadonlyMap<string, number> {
    if (this.#seen === null || performance.now() - this.#seen.at > FRESH_MS)
      this.#seen = { at: performance.now(), pids: look() };
    return this.#seen.pids;
  }
}

function look(): ReadonlyMap<string, number> {
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

const keyOf = ({ dev, ino }: Stats): string => `${dev} ${ino}`;

/** Null where nothing exists, or this user may not read it. */
function statsOf(path: string): Stats | null {
  try {
    return statSync(path, { throwIfNoEntry: false }) ?? null;
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
