import type { ChildIdentity, Marker } from '../ports.ts';
import type { Carrier, Identity, Os, ProcessInfo } from '../../os/os.ts';
import { signalProcess } from '../../os/signal.ts';
import { indexBy } from '../../text/index-by.ts';
import { ProcessTable } from './process-table.ts';

/** How long one look at all processes serves every job that is being stopped. */
const FRESH_MS = 100;

/** How long what nobody knows of is asked to end before it is killed. */
const CLEAR_PATIENCE_MS = 2_000;

/** The variable that every process of a job has. */
const MARKER_NAME = 'OVERSEER_JOB';

type Known = Map<number, string>;

/** What a child's strays are known by. */
export interface FoundBy {
  readonly marker: Marker;
  /** False where the child's number may be the group and session of somebody else by now. */
  readonly isNumberOwn: boolean;
}

/**
 * The processes of a job that left its process group: those of its session, the descendants of its members, and whatever
 * still carries its environment. Who left all of these on purpose is not found.
 */
export class EscapedProcesses {
  readonly #os: Os;
  /** By child, what was once found of it: a parent's death must not hide its children. */
  readonly #known = new Map<string, Known>();
  readonly #processes: (asOf?: AsOf) => ProcessTable;
  /** By the job that their environment names. */
  readonly #processesWithEnv: (asOf?: AsOf) => ReadonlyMap<string, readonly Carrier[]>;

  constructor(os: Os) {
    this.#os = os;
    this.#processes = fresh(
      () =>
        new ProcessTable(
          os.processes().filter(({ pid, state }) => pid !== process.pid && state !== 'Z' && state !== 'X'),
        ),
    );
    this.#processesWithEnv = fresh(() =>
      indexBy(os.processesWithEnv(MARKER_NAME), ({ values }) => [...new Set(values)]),
    );
  }

  signal(strays: readonly Identity[], signal: NodeJS.Signals): void {
    for (const { pid, start } of strays) this.#signal(pid, start, signal);
  }

  /** True while a stray of a followed child lives. Once nothing else is left, the environments are searched as well. */
  live(child: ChildIdentity, by: FoundBy): boolean {
    return this.#known.has(keyOf(child)) && this.find(child, by).length > 0;
  }

  /** Whether a member of a process group bears a marker. */
  areIn(pgid: number, marker: Marker): boolean {
    return this.#marked(marker).some((info) => info.pgid === pgid);
  }

  /** Ends every process that bears a marker, gently at first; calls back when none is left, at once when there is none. */
  clear(marker: Marker, done: () => void, patienceMs = CLEAR_PATIENCE_MS): void {
    const left = this.#marked(marker);
    if (left.length === 0) return done();
    for (const { pid, start } of left) this.#signal(pid, start, patienceMs > 0 ? 'SIGTERM' : 'SIGKILL');
    setTimeout(() => this.clear(marker, done, patienceMs - 2 * FRESH_MS), 2 * FRESH_MS);
  }

  /** False when it was not followed. */
  forget(child: ChildIdentity): boolean {
    return this.#known.delete(keyOf(child));
  }

  /** Every stray of a child; from now on they are followed until `forget`. */
  find(child: ChildIdentity, { marker, isNumberOwn }: FoundBy): readonly ProcessInfo[] {
    const before = this.#known.get(keyOf(child));
    // What it has just started must be seen, so the first look is of this very turn.
    const processes = this.#processes(before === undefined ? 'this turn' : 'of late');
    const known = before ?? new Map<number, string>();
    this.#known.set(keyOf(child), known);
    const strays = processes
      .kin(isNumberOwn ? child.pid : null, known)
      .filter(({ pgid }) => pgid !== child.pid);
    for (const { pid, start } of strays) known.set(pid, start);
    if (strays.length > 0) return strays;
    const found = this.#marked(marker).filter(({ pgid }) => pgid !== child.pid);
    for (const { pid, start } of found) known.set(pid, start);
    return found;
  }

  #marked(marker: Marker): readonly ProcessInfo[] {
    const namesakes = this.#processesWithEnv().get(marker.present[MARKER_NAME] ?? '') ?? [];
    return namesakes
      .filter((carrier) => bears(carrier, marker))
      .flatMap(({ pid }) => this.#processes().get(pid) ?? []);
  }

  /** Looked at once more, just before: a pid may have gone to somebody else. */
  #signal(pid: number, start: string, signal: NodeJS.Signals): void {
    if (this.#os.identify(pid)?.start === start) signalProcess(pid, signal);
  }
}

/** How old an answer may be: from this turn of the event loop, or from a short while ago. */
type AsOf = 'this turn' | 'of late';

/** Asks once, and gives the same answer for a short while: one pass over all processes serves every job. */
function fresh<T>(ask: () => T): (asOf?: AsOf) => T {
  let last: { readonly at: number; readonly answer: T } | null = null;
  let isOfThisTurn = false;
  return (asOf = 'of late') => {
    const isFresh =
      asOf === 'this turn' ? isOfThisTurn : last !== null && performance.now() - last.at <= FRESH_MS;
    if (last !== null && isFresh) return last.answer;
    const answer = ask();
    last = { at: performance.now(), answer };
    if (!isOfThisTurn) setImmediate(() => (isOfThisTurn = false));
    isOfThisTurn = true;
    return last.answer;
  };
}

function bears(carrier: Carrier, { present, absent, earlier }: Marker): boolean {
  if (earlier !== undefined && bears(carrier, earlier)) return true;
  return (
    Object.entries(present).every(([name, value]) => carrier.has(name, value)) &&
    !absent.some((name) => carrier.has(name))
  );
}

/** One child, told from every other. */
export function keyOf({ pid, start, boot }: ChildIdentity): string {
  return `${pid} ${start} ${boot}`;
}
