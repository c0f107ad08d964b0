import type { HookEvent, HookSnapshot } from '../../../machines/hook.ts';

/** How often the hook for a state has run, and how often it failed or was killed. */
export interface HookTally {
  readonly runs: number;
  readonly failures: number;
}

interface HookStep {
  readonly event: HookEvent | { readonly type: 'xstate.init' };
  readonly before: HookSnapshot | null;
  readonly after: HookSnapshot;
}

/** Counts the hooks of one job, by the state that they are for, since this daemon began. */
export class HookCounts {
  readonly #tallies = new Map<string, HookTally>();

  note({ event, before, after }: HookStep): void {
    if (before === null) return;
    const { number, current } = before.context;
    if (event.type === 'HookEnded' && event.number === number && event.failure !== null)
      this.#add(current?.state, { runs: 0, failures: 1 });
    if (after.context.number > number) this.#add(after.context.current?.state, { runs: 1, failures: 0 });
  }

  of(state: string): HookTally {
    return this.#tallies.get(state) ?? NONE;
  }

  #add(state: string | undefined, { runs, failures }: HookTally): void {
    if (state === undefined) return;
    const known = this.of(state);
    this.#tallies.set(state, { runs: known.runs + runs, failures: known.failures + failures });
  }
}

const NONE: HookTally = { runs: 0, failures: 0 };
