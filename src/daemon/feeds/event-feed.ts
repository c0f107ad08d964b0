import type { Transition } from '../../wire/messages.ts';

/**
 * Limits of remembered transitions, separate for changes of a job's state, other steps of jobs, and the
 * daemon's own steps, so that none crowds out another kind.
 */
const REMEMBERED = { change: 1_000, job: 500, daemon: 200 } as const;

export interface Follower {
  readonly event: (transition: Transition) => void;
  /** There will be no more. */
  readonly end: () => void;
}

interface Numbered {
  readonly number: number;
  readonly transition: Transition;
}

/** Transitions of every chart: the last ones, and each new one for followers. */
export class EventFeed {
  readonly #remembered: { readonly [Kind in keyof typeof REMEMBERED]: Numbered[] } = {
    change: [],
    job: [],
    daemon: [],
  };
  readonly #followers = new Set<Follower>();
  #count = 0;

  note(transition: Transition & { readonly machine: 'job' | 'daemon' }): void {
    const kind = transition.isChange === true ? 'change' : transition.machine;
    const ring = this.#remembered[kind];
    this.#count += 1;
    ring.push({ number: this.#count, transition });
    // Seldom, because it moves the whole array.
    if (ring.length >= 2 * REMEMBERED[kind]) ring.splice(0, ring.length - REMEMBERED[kind]);
    for (const follower of this.#followers) follower.event(transition);
  }

  /** The last ones, in the order in which they happened. */
  recent(): readonly Transition[] {
    const { change, job, daemon } = this.#remembered;
    return [
      ...change.slice(-REMEMBERED.change),
      ...job.slice(-REMEMBERED.job),
      ...daemon.slice(-REMEMBERED.daemon),
    ]
      .toSorted((a, b) => a.number - b.number)
      .map(({ transition }) => transition);
  }

  /** Calls the follower with every new transition. The returned function ends that. */
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
