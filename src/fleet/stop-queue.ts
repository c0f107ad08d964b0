import type { JobInstance } from './job-instance.ts';

/** What sends a job down: for good, by hand, with the daemon, or only to come up again as it is or as the config has it now. */
export type StopReason = 'Remove' | 'Stop' | 'Die' | 'Restart' | 'Apply';

interface QueuedStop {
  readonly why: StopReason;
  readonly begin: () => void;
  hasBegun: boolean;
  /** A stop by hand that a job which is being removed has no ear for; it counts if the config names the job again. */
  stop: (() => void) | null;
}

export interface StopQueueOptions {
  readonly get: (name: string) => JobInstance | undefined;
  readonly dependents: (instance: JobInstance) => readonly JobInstance[];
}

/**
 * The jobs that are on their way down, or wait for their turn: each goes after every job that comes after it. The last word
 * on a job counts, but one that the config no longer names goes, whatever is asked of it.
 */
export class StopQueue {
  readonly #options: StopQueueOptions;
  readonly #queued = new Map<string, QueuedStop>();

  constructor(options: StopQueueOptions) {
    this.#options = options;
  }

  /** Begins with the next `advance` at the earliest. */
  add(name: string, why: StopReason, begin: () => void): void {
    if (why !== 'Apply') this.#beginApply(name);
    const known = this.#queued.get(name);
    if (known?.why === 'Remove') {
      if (why === 'Stop' || why === 'Restart') known.stop = why === 'Stop' ? begin : null;
      return;
    }
    if (why === 'Die') {
      const waiting = this.waiting(name);
      // It takes the job down as well, and must not be forgotten for a mere `DIE`; nor must it that a restart has ended a stop.
      if (waiting === 'Stop') return;
      if (waiting === 'Restart' && this.#options.get(name)?.isStoppedByHand === true) this.begin(name);
    }
    this.#queued.set(name, { why, begin, hasBegun: false, stop: null });
  }

  /** A start by hand: a stop that waits for its turn is off; a restart brings the job up as well. */
  started(name: string): void {
    this.#beginApply(name);
    const queued = this.#queued.get(name);
    if (queued?.why === 'Remove') queued.stop = null;
    else if (this.waiting(name) !== 'Restart') this.#queued.delete(name);
  }

  /** Whether the config no longer names it, and it is not gone yet. */
  isRemoving(name: string): boolean {
    return this.#queued.get(name)?.why === 'Remove';
  }

  /**
   * The config names the job: it is not removed, and what an earlier config would have made of it is off. A stop by hand is
   * none of the config's business, and a job that was being removed had no ear for it.
   */
  named(name: string): void {
    const queued = this.#queued.get(name);
    if (queued?.why === 'Remove' || this.waiting(name) === 'Apply') this.#queued.delete(name);
    else if (queued?.why === 'Stop') queued.hasBegun = false;
    if (queued?.stop != null) this.add(name, 'Stop', queued.stop);
  }

  clear(): void {
    this.#queued.clear();
  }

  /** Whether it is on its way down or waits for its turn. */
  has(name: string): boolean {
    return this.#queued.has(name);
  }

  /** Why it will go down as soon as it is its turn; null when it does not wait for that. */
  waiting(name: string): StopReason | null {
    const queued = this.#queued.get(name);
    return queued === undefined || queued.hasBegun ? null : queued.why;
  }

  /** Begins now what waits for its turn. */
  begin(name: string): void {
    const queued = this.#queued.get(name);
    if (queued === undefined || queued.hasBegun) return;
    queued.hasBegun = true;
    queued.begin();
  }

  /** Begins with the next ones, as those that come after them are down. */
  advance(): void {
    for (const [name, queued] of this.#queued) {
      const instance = this.#options.get(name);
      if (instance === undefined || (queued.hasBegun && isOver(queued.why, instance)))
        this.#queued.delete(name);
      else if (!this.#mustWait(instance)) this.begin(name);
    }
  }

  /** The config counts, whatever else is asked of the job before its turn has come. */
  #beginApply(name: string): void {
    if (this.waiting(name) === 'Apply') this.begin(name);
  }

  #mustWait(instance: JobInstance): boolean {
    return this.#options.dependents(instance).some((other) => other.isUp && this.#queued.has(other.name));
  }
}

/** One that was named again before it was down stays; one that was only to be replaced is over when its child is gone, or stays for want of a verdict. */
function isOver(why: StopReason, instance: JobInstance): boolean {
  if (why === 'Restart' || why === 'Apply') return !instance.isEnding && !instance.isTesting;
  return !(instance.isUp && instance.isUnwanted);
}
