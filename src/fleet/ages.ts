import type { JobContext } from '../../machines/job.ts';
import type { Clock } from '../host/clock.ts';
import type { JobStatus } from '../wire/messages.ts';

type Facts = Pick<JobContext, 'child' | 'lastExit' | 'verdict'>;
const FACTS = ['child', 'lastExit', 'verdict'] as const;

/**
 * Time since the start, the last exit and the last test of an instance, independent of changes of the wall
 * clock.
 */
export class Ages {
  readonly #clock: Clock;
  readonly #noted = new Map<keyof Facts, { readonly at: string; readonly sinceBoot: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Records when a fact first appeared. */
  note(facts: Facts): void {
    for (const name of FACTS) if (this.#isNew(name, facts)) this.#put(name, facts, this.#clock.sinceBoot());
  }

  /** Records facts from an earlier daemon, where only a date or the system's start time is known. */
  noteOlder(facts: Facts, childStartedAt: number | null): void {
    const now = this.#clock.sinceBoot();
    for (const name of FACTS) {
      const past = Math.max(0, this.#clock.wall() - Date.parse(facts[name]?.at ?? ''));
      this.#put(name, facts, name === 'child' && childStartedAt !== null ? childStartedAt : now - past);
    }
  }

  /** In milliseconds; null for facts that do not exist. */
  of(facts: Facts, now: number): JobStatus['ages'] {
    const age = (name: keyof Facts): number | null => this.#age(name, facts, now);
    return { up: age('child'), lastExit: age('lastExit'), test: age('verdict') };
  }

  /** Time since the start alone. */
  upOf(facts: Facts, now: number): number | null {
    return this.#age('child', facts, now);
  }

  #age(name: keyof Facts, facts: Facts, now: number): number | null {
    const noted = this.#noted.get(name);
    return facts[name] === null || noted === undefined ? null : Math.max(0, now - noted.sinceBoot);
  }

  #isNew(name: keyof Facts, facts: Facts): boolean {
    return facts[name] !== null && facts[name].at !== this.#noted.get(name)?.at;
  }

  #put(name: keyof Facts, facts: Facts, sinceBoot: number): void {
    const fact = facts[name];
    if (fact !== null) this.#noted.set(name, { at: fact.at, sinceBoot });
  }
}
