import type { Os, ProcessInfo } from '../../os/os.ts';
import { CannotAsk, NotKnownYet } from '../../os/system-error.ts';
import type { ProcessTable } from './process-table.ts';

/** How old an answer may be before the next is asked for, and before it counts no more. */
const RENEW_MS = 1_000;
const COUNTS_MS = 5_000;

/** Whose process nobody has asked for so long is not looked at any more. */
const ASKED_MS = 5_000;

export interface LeadersOptions {
  readonly os: Pick<Os, 'pidIsKnown' | 'later'>;
  readonly now: () => number;
  /** A listing of all processes that is no older than this; null where there is none. */
  readonly listed: (ms: number) => { readonly begun: number; readonly table: ProcessTable } | null;
  /** Lists all processes if others will want that soon. */
  readonly beginIfDue: () => void;
}

/** The processes that are polled, all looked at in one question, where asking costs a program. */
export class Leaders {
  readonly #options: LeadersOptions;
  /** When each was asked for first and last. */
  readonly #asked = new Map<number, { readonly since: number; readonly at: number }>();
  #seen = new Map<number, { readonly at: number; readonly info: ProcessInfo | null }>();
  #isUnderWay = false;

  constructor(options: LeadersOptions) {
    this.#options = options;
  }

  /**
   * As of a moment ago; that nobody has the pid is of this moment. Throws `NotKnownYet` while that is being
   * asked.
   */
  identify(pid: number): ProcessInfo | null {
    const { os, now } = this.#options;
    if (!os.pidIsKnown(pid)) {
      this.#asked.delete(pid);
      return null;
    }
    this.#asked.set(pid, { since: this.#asked.get(pid)?.since ?? now(), at: now() });
    const age = (): number => now() - (this.#seen.get(pid)?.at ?? -Infinity);
    if (!(age() <= RENEW_MS)) this.#renew();
    const seen = this.#seen.get(pid);
    if (seen === undefined || !(age() <= COUNTS_MS)) throw new NotKnownYet();
    return seen.info;
  }

  #renew(): void {
    const { os, now, listed, beginIfDue } = this.#options;
    if (this.#isUnderWay) return;
    for (const [pid, { at }] of this.#asked) if (now() - at > ASKED_MS) this.#asked.delete(pid);
    const pids = [...this.#asked.keys()];
    beginIfDue();
    const listing = listed(RENEW_MS);
    // A listing that lacks a process may have begun before that process did.
    const isTold = (pid: number): boolean =>
      listing?.table.get(pid) !== undefined ||
      (this.#asked.get(pid)?.since ?? Infinity) <= (listing?.begun ?? -Infinity);
    if (listing !== null && pids.every(isTold))
      return this.#take(pids, listing.begun, (pid) => listing.table.get(pid));
    const begun = now();
    this.#isUnderWay = true;
    os.later.identify(pids, (answer) => {
      this.#isUnderWay = false;
      if (answer instanceof CannotAsk) return;
      const found = new Map(answer.map((info) => [info.pid, info]));
      this.#take(pids, begun, (pid) => found.get(pid));
    });
  }

  #take(pids: readonly number[], at: number, find: (pid: number) => ProcessInfo | undefined): void {
    this.#seen = new Map(pids.map((pid) => [pid, { at, info: find(pid) ?? null }]));
  }
}
