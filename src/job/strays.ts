import type { ChildIdentity, Marker } from '../host/ports.ts';
import type { Carrier, Os, ProcessInfo } from '../os/os.ts';
import { signalProcess } from '../os/signal.ts';

/** How long one look at all processes serves every job that is being stopped. */
const FRESH_MS = 100;

/** The variable that every process of a job has. */
const MARKER_NAME = 'OVERSEER_JOB';

type Known = Map<number, string>;

/**
 * The processes of a job that left its process group: those of its session, the descendants of its members, and whatever
 * still carries its environment. Who left all of these on purpose is not found.
 */
export class Strays {
  readonly #os: Os;
  /** By child, what was once found of it: a parent's death must not hide its children. */
  readonly #known = new Map<string, Known>();
  readonly #processes: () => readonly ProcessInfo[];
  readonly #carriers: () => readonly Carrier[];

  constructor(os: Os) {
    this.#os = os;
    this.#processes = fresh(() => os.processes().filter(({ pid, state }) => pid !== process.pid && state !== 'Z' && state !== 'X'));
    this.#carriers = fresh(() => os.carriers(MARKER_NAME));
  }

  /** Signals every stray of a child; from now on they are followed until `forget`. */
  signal(child: ChildIdentity, marker: Marker, signal: NodeJS.Signals): void {
    for (const { pid, start } of this.#find(child, marker)) {
      // Looked at once more, just before: a pid may have gone to somebody else.
      if (this.#os.identify(pid)?.start === start) signalProcess(pid, signal);
    }
  }

  /** True while a stray of a followed child lives. Once nothing else is left, the environments are searched as well. */
  live(child: ChildIdentity, marker: Marker): boolean {
    return this.#known.has(keyOf(child)) && this.#find(child, marker).length > 0;
  }

  forget(child: ChildIdentity): void {
    this.#known.delete(keyOf(child));
  }

  #find(child: ChildIdentity, marker: Marker): readonly ProcessInfo[] {
    const living = this.#processes();
    const known = this.#known.get(keyOf(child)) ?? new Map<number, string>();
    this.#known.set(keyOf(child), known);
    const strays = related(child, known, living);
    if (strays.length > 0) return strays;
    const marked = new Set(
      this.#carriers()
        .filter((carrier) => bears(carrier, marker))
        .map(({ pid }) => pid),
    );
    const found = living.filter(({ pid, pgid }) => marked.has(pid) && pgid !== child.pid);
    for (const { pid, start } of found) known.set(pid, start);
    return found;
  }
}

/** Asks once, and gives the same answer for a short while: one pass over all processes serves every job. */
function fresh<T>(ask: () => T): () => T {
  let last: { readonly at: number; readonly answer: T } | null = null;
  return () => {
    if (last === null || performance.now() - last.at > FRESH_MS) last = { at: performance.now(), answer: ask() };
    return last.answer;
  };
}

function bears(carrier: Carrier, { present, absent }: Marker): boolean {
  return Object.entries(present).every(([name, value]) => carrier.has(name, value)) && !absent.some((name) => carrier.has(name));
}

/** What is outside the group but of its session, known from before, or descended from a member of either. Adds to `known`. */
function related(child: ChildIdentity, known: Known, living: readonly ProcessInfo[]): readonly ProcessInfo[] {
  const members = new Set(living.filter(({ pid, pgid, start }) => pgid === child.pid || known.get(pid) === start).map(({ pid }) => pid));
  for (let grew = true; grew;) {
    grew = false;
    for (const { pid, ppid, sid } of living) {
      if (members.has(pid) || (sid !== child.pid && !members.has(ppid))) continue;
      members.add(pid);
      grew = true;
    }
  }
  const strays = living.filter(({ pid, pgid }) => members.has(pid) && pgid !== child.pid);
  for (const { pid, start } of strays) known.set(pid, start);
  return strays;
}

function keyOf({ pid, start, boot }: ChildIdentity): string {
  return `${pid} ${start} ${boot}`;
}
