import { isAlive } from '../is-alive.ts';
import type { ProcessInfo } from '../os.ts';

/** How long what was seen of a process counts: shorter than any pid needs to come back. */
const FRESH_MS = 500;

interface Seen {
  readonly at: number;
  /** null of a pid that was asked for and is nobody's, or a zombie's. */
  readonly info: ProcessInfo | null;
}

/** What the last looks have shown of each process. */
export class SeenProcesses {
  readonly #now: () => number;
  #byPid = new Map<number, Seen>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Notes a look at all processes that began at a moment. */
  all(found: readonly ProcessInfo[], at: number): readonly ProcessInfo[] {
    this.#byPid = new Map(found.map((info) => [info.pid, seen(info, at)]));
    return found;
  }

  /** Notes a look at some. */
  some(pids: readonly number[], found: readonly ProcessInfo[], at: number): readonly ProcessInfo[] {
    for (const pid of pids) this.#byPid.set(pid, { at, info: null });
    for (const info of found) this.#byPid.set(info.pid, seen(info, at));
    return found;
  }

  /** undefined where nobody has looked of late. */
  recently(pid: number): ProcessInfo | null | undefined {
    const known = this.#byPid.get(pid);
    return known !== undefined && this.#now() - known.at <= FRESH_MS ? known.info : undefined;
  }
}

function seen(info: ProcessInfo, at: number): Seen {
  return { at, info: isAlive(info) ? info : null };
}
