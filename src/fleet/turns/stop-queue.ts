import type { JobInstance } from '../job-instance.ts';
import type { Moved } from '../step-listeners.ts';
import { turnOf, type Member, type Roll, type CopyStanding } from './roll.ts';

/**
 * Why a job is stopped: it was removed, stopped by hand, the daemon ends, or it is restarted, as it is or
 * with a new config.
 */
export type StopReason = 'Remove' | 'Stop' | 'Die' | 'Restart' | 'Apply';

interface QueuedStop {
  readonly why: StopReason;
  readonly begin: () => void;
  hasBegun: boolean;
  /** Its place in the queue. */
  readonly place: number;
  /** A manual stop received while the job is being removed; applied if the config names the job again. */
  stop: (() => void) | null;
  /** The copies that are replaced one at a time; null where it is not one of them. */
  readonly roll: Roll | null;
}

/** A copy that was to be replaced stays as it is, because another one did not come up. */
export interface StoppedRoll {
  readonly by: string;
}

export interface StopQueueOptions {
  readonly get: (name: string) => JobInstance | undefined;
  readonly dependents: (instance: JobInstance) => readonly JobInstance[];
  /** Names of the instances that an instance comes after. */
  readonly dependencies: (name: string) => readonly string[];
  /** Called when an instance enters the queue or leaves it. */
  readonly onChange: (name: string) => void;
  /** Whether an instance is up, or may yet come up. */
  readonly standing: (instance: JobInstance) => CopyStanding;
  /** Calls back in a later turn of the event loop. */
  readonly later: (goOn: () => void) => void;
}

/**
 * This many manual stops begin in one turn of the event loop. A thousand would keep every other request
 * waiting for half a second.
 */
const STOPS_PER_TURN = 100;

/**
 * Jobs that are being stopped or wait for their turn: each is stopped after all of its dependents. The latest
 * request for a job wins, except that a job which the config no longer names is always removed.
 */
export class StopQueue {
  readonly #options: StopQueueOptions;
  readonly #queued = new Map<string, QueuedStop>();
  /** Those of them that are replaced in a roll: they wait for other copies, and for what these come after. */
  readonly #rolling = new Set<string>();
  readonly #stoppedRolls = new Map<string, StoppedRoll>();
  #stopsThisTurn = 0;
  #places = 0;

  constructor(options: StopQueueOptions) {
    this.#options = options;
  }

  /** Begins with the next `advance` at the earliest. */
  add(name: string, why: StopReason, begin: () => void, roll: Roll | null = null): void {
    this.#stoppedRolls.delete(name);
    if (why === 'Restart' && roll !== null && this.#joinsRoll(name, roll)) return;
    if (why !== 'Apply') this.#beginApply(name);
    const known = this.#queued.get(name);
    if (known?.why === 'Remove') {
      if (why === 'Stop' || why === 'Restart') known.stop = why === 'Stop' ? begin : null;
      return;
    }
    if (why === 'Die') {
      const waiting = this.waiting(name);
      // A queued manual stop also takes the job down, and must be remembered after the `DIE`. So must the end
      // of a manual stop by a queued restart.
      if (waiting === 'Stop') return;
      if (waiting === 'Restart' && this.#options.get(name)?.isStoppedByHand === true) this.begin(name);
    }
    // A later request for a job keeps the place of the first.
    const place = known?.place ?? (this.#places += 1);
    this.#queued.set(name, { why, begin, hasBegun: false, place, stop: null, roll });
    if (roll === null) this.#rolling.delete(name);
    else this.#rolling.add(name);
    this.#options.onChange(name);
  }

  #delete(name: string): void {
    this.#rolling.delete(name);
    if (this.#queued.delete(name)) this.#options.onChange(name);
  }

  /** A manual start cancels a queued stop. A queued restart stays: it starts the job as well. */
  started(name: string): void {
    this.#stoppedRolls.delete(name);
    if (this.waitsInRoll(name)) return;
    this.#beginApply(name);
    const queued = this.#queued.get(name);
    if (queued?.why === 'Remove') queued.stop = null;
    else if (this.waiting(name) !== 'Restart') this.#delete(name);
  }

  /** Whether the config no longer names it, and it is not gone yet. */
  isRemoving(name: string): boolean {
    return this.#queued.get(name)?.why === 'Remove';
  }

  /**
   * The config names the job: cancels its removal and any change from an earlier config. A manual stop stays
   * in force, including one received during the removal.
   */
  named(name: string): void {
    this.#stoppedRolls.delete(name);
    const queued = this.#queued.get(name);
    if (queued?.why === 'Remove' || this.waiting(name) === 'Apply') this.#delete(name);
    else if (queued?.why === 'Stop') queued.hasBegun = false;
    if (queued?.stop != null) this.add(name, 'Stop', queued.stop);
  }

  clear(): void {
    this.#queued.clear();
    this.#rolling.clear();
    this.#stoppedRolls.clear();
  }

  /** Why a copy was not replaced by the newest roll; null where it was, or where there was none. */
  stoppedRoll(name: string): StoppedRoll | null {
    return this.#stoppedRolls.get(name) ?? null;
  }

  /** Whether the job is being stopped or queued to stop. */
  has(name: string): boolean {
    return this.#queued.has(name);
  }

  /** The reason of a queued stop; null when none is queued. */
  waiting(name: string): StopReason | null {
    const queued = this.#queued.get(name);
    return queued === undefined || queued.hasBegun ? null : queued.why;
  }

  /** Begins a queued stop now. */
  begin(name: string): void {
    const queued = this.#queued.get(name);
    if (queued === undefined || queued.hasBegun) return;
    queued.hasBegun = true;
    queued.begin();
  }

  /**
   * Begins with the next ones, as those that come after them are down. Only the instances that moved, by a
   * step or in the queue, what they come after, and copies in a roll can have a turn by that; null looks at
   * the whole queue.
   */
  advance(moved: Moved = null): void {
    for (const [name, queued] of moved === null ? this.#queued : this.#affectedBy(moved)) {
      if (this.#queued.get(name) !== queued) continue;
      const instance = this.#options.get(name);
      if (instance === undefined || (queued.hasBegun && isOver(queued.why, instance))) this.#delete(name);
      else if (!queued.hasBegun && queued.roll !== null) this.#advanceRoll(instance, queued.roll);
      else if (!queued.hasBegun && !this.#mustWait(queued.why, instance) && this.#hasTurn(queued.why))
        this.begin(name);
    }
  }

  /** A copy that waits to be replaced is restarted by that, once all copies of the restart let it. */
  #joinsRoll(name: string, { members }: Roll): boolean {
    const queued = this.#queued.get(name);
    if (queued === undefined || queued.roll === null || this.waiting(name) !== 'Apply') return false;
    this.#queued.set(name, { ...queued, roll: { ...queued.roll, members } });
    return true;
  }

  #advanceRoll(instance: JobInstance, roll: Roll): void {
    const { name } = instance;
    const { get, standing } = this.#options;
    const others = roll.members
      .flatMap((member) => get(member) ?? [])
      .filter((other) => other !== instance)
      .map((other) => this.#member(other));
    const dependencies = roll.dependencies(instance).map((other) => this.#member(other));
    const turn = turnOf({ standing: standing(instance) }, others, dependencies);
    if (turn.is === 'later') return;
    if (turn.is === 'never') {
      this.#stoppedRolls.set(name, { by: turn.by });
      return this.#delete(name);
    }
    this.begin(name);
    // Its chart may have nothing to do, and make no step by which the next copy has its turn.
    this.#options.onChange(name);
  }

  #member(instance: JobInstance): Member {
    const { name } = instance;
    const queued = this.#queued.get(name);
    const isReplacing = queued?.why === 'Apply' || queued?.why === 'Restart';
    const isQueued = this.waitsInRoll(name);
    return {
      name,
      standing: this.#options.standing(instance),
      isQueued,
      isReplaced: isReplacing && !isQueued,
      isTakenDown: queued?.why === 'Stop' || queued?.why === 'Die',
    };
  }

  /** Whether it is a copy that waits for its turn to be replaced. */
  waitsInRoll(name: string): boolean {
    const queued = this.#queued.get(name);
    return queued !== undefined && !queued.hasBegun && queued.roll !== null;
  }

  /** In the order of the queue. */
  #affectedBy(moved: ReadonlySet<string>): readonly (readonly [string, QueuedStop])[] {
    if (this.#queued.size === 0) return [];
    const names = [...moved].flatMap((name) => [name, ...this.#options.dependencies(name)]);
    return [...new Set([...names, ...this.#rolling])]
      .flatMap((name) => {
        const queued = this.#queued.get(name);
        return queued === undefined ? [] : [[name, queued] as const];
      })
      .toSorted(([, a], [, b]) => a.place - b.place);
  }

  /** Only manual stops are spread over turns: what removes jobs or ends the daemon begins at once. */
  #hasTurn(why: StopReason): boolean {
    if (why !== 'Stop') return true;
    this.#stopsThisTurn += 1;
    if (this.#stopsThisTurn === 1) {
      this.#options.later(() => {
        const isCutShort = this.#stopsThisTurn > STOPS_PER_TURN;
        this.#stopsThisTurn = 0;
        if (isCutShort) this.advance();
      });
    }
    return this.#stopsThisTurn <= STOPS_PER_TURN;
  }

  /**
   * A queued change of config begins before any other request for the job. A copy in a roll has its config
   * already.
   */
  #beginApply(name: string): void {
    if (this.waiting(name) === 'Apply' && !this.waitsInRoll(name)) this.begin(name);
  }

  #mustWait(why: StopReason, instance: JobInstance): boolean {
    // A job that is down, or on its way down for another reason, has no order to keep, and must not come back
    // while it waits to be taken down, or with a config that is no longer in force. One that is restarted as
    // it is comes back with its turn.
    if (why !== 'Restart' && (!instance.isUp || instance.isEnding)) return false;
    // A restored job may be on its way down although this daemon has queued nothing for it. Copies that are
    // replaced one at a time stay up for now: their turn may come only when this one is gone.
    const isQueued = ({ name }: JobInstance): boolean => this.#queued.has(name) && !this.waitsInRoll(name);
    return this.#options
      .dependents(instance)
      .some((other) => other.isUp && (other.isUnwanted || isQueued(other)));
  }
}

/**
 * Whether the queue is done with a stop. A restart or change is over when the child is gone, or when the test
 * gave no verdict and the child stays. A stop is over when the job is down, or wanted again.
 */
function isOver(why: StopReason, instance: JobInstance): boolean {
  if (why === 'Restart' || why === 'Apply') return !instance.isEnding && !instance.isTesting;
  return !(instance.isUp && instance.isUnwanted);
}
