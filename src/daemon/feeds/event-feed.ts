import type { Transition } from '../../wire/messages.ts';

/** How many transitions are remembered; the daemon's own, three for each request, apart, so that they crowd out no job's. */
const REMEMBERED = { job: 1_000, daemon: 200 } as const;

export interface Follower {
  readonly event: (transition: Transition) => void;
  /** There will be no more. */
  readonly end: () => void;
}

interface Numbered {
  readonly number: number;
  readonly transition: Transition;
}

/** The transitions of every chart: the last ones, and each new one for whoever follows. */
export class EventFeed {
  readonly #remembered: { readonly [Machine in keyof typeof REMEMBERED]: Numbered[] } = {
    job: [],
    daemon: [],
  };
  readonly #followers = new Set<Follower>();
  #count = 0;

  note(transition: Transition & { readonly machine: keyof typeof REMEMBERED }): void {
    const ring = this.#remembered[transition.machine];
    this.#count += 1;
    ring.push({ number: this.#count, transition });
    // Now and then, not each time: shifting moves all the others.
    if (ring.length >= 2 * REMEMBERED[transition.machine])
      ring.splice(0, ring.length - REMEMBERED[transition.machine]);
    for (const follower of this.#followers) follower.event(transition);
  }

  /** The last ones, in the order in which they happened. */
  recent(): readonly Transition[] {
    const { job, daemon } = this.#remembered;
    return [...job.slice(-REMEMBERED.job), ...daemon.slice(-REMEMBERED.daemon)]
      .toSorted((a, b) => a.number - b.number)
      .map(({ transition }) => transition);
  }

  /** From now on; what it returns ends that. */
  follow(follower: Follower): () => void {
    this.#followers.add(follower);
    return () => this.#followers.delete(follower);
  }

  end(): void {
    const left = [...this.#followers];
    this.#followers.clear();
    for (const follower of left) follower.end();
  }
}
