import type { JobStep } from '../../fleet/job-instance.ts';
import type { Clock } from '../../host/clock.ts';
import type { Cause } from '../../plan/change.ts';
import { jobState } from '../../plan/job-state.ts';
import type { JobCounts } from '../../wire/messages.ts';

const TESTS = { TestPassed: 'pass', TestFailed: 'fail', TestUnknown: 'unknown' } as const;

interface Tally {
  starts: number;
  readonly exits: Partial<Record<Cause, number>>;
  readonly tests: Partial<Record<'pass' | 'fail' | 'unknown', number>>;
  aliveFailures: number;
  started: number;
  startingMs: number;
  /** When the newest child was started; null once it counts as running. */
  begunAt: number | null;
}

/** Counts for `metrics` what the jobs have done since this daemon began. Each event costs one addition. */
export class Tallies {
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #tallies = new Map<string, Tally>();

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock;
  }

  /** Counts a step. The cause is null where the step moved nothing, as with a fact about an older run. */
  note(name: string, { event, before, after }: JobStep, cause: Cause | null): void {
    if (cause !== null && event.type in TESTS)
      increment(this.#of(name).tests, TESTS[event.type as keyof typeof TESTS]);
    else if (event.type === 'Spawned' && cause !== null) {
      const tally = this.#of(name);
      tally.starts += 1;
      tally.begunAt = this.#clock.monotonic();
    } else if (event.type === 'AliveFailed' && countsFor(before, event.run))
      this.#of(name).aliveFailures += 1;
    else if (event.type === 'GroupGone' && cause !== null && hadChild(before, event.run)) {
      const tally = this.#of(name);
      increment(tally.exits, cause);
      tally.begunAt = null;
    }
    const tally = this.#tallies.get(name);
    if (tally === undefined || tally.begunAt === null || jobState(after) !== 'running') return;
    tally.started += 1;
    tally.startingMs += this.#clock.monotonic() - tally.begunAt;
    tally.begunAt = null;
  }

  of(name: string): JobCounts {
    const { starts, exits, tests, aliveFailures, started, startingMs } = this.#tallies.get(name) ?? nothing();
    return { starts, exits, tests, aliveFailures, started, startingMs };
  }

  forget(name: string): void {
    this.#tallies.delete(name);
  }

  #of(name: string): Tally {
    const known = this.#tallies.get(name) ?? nothing();
    this.#tallies.set(name, known);
    return known;
  }
}

const hadChild = (before: JobStep['before'], run: number): boolean =>
  before !== null && before.context.run === run && before.context.child !== null;

/** The check of a newer config does not count for the run of an earlier one. */
const countsFor = (before: JobStep['before'], run: number): boolean =>
  before !== null && before.context.run === run && before.context.runSpec === before.context.spec;

const nothing = (): Tally => ({
  starts: 0,
  exits: {},
  tests: {},
  aliveFailures: 0,
  started: 0,
  startingMs: 0,
  begunAt: null,
});

function increment<Key extends string>(counts: Partial<Record<Key, number>>, key: Key): void {
  counts[key] = (counts[key] ?? 0) + 1;
}
