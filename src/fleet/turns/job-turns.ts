import type { JobEvent } from '../../../machines/job.ts';
import type { Instance } from '../../plan/instances.ts';
import type { JobInstance } from '../job-instance.ts';
import type { PersistedState } from '../persisted/persisted-state.ts';
import type { Roster } from '../roster.ts';
import type { Moved } from '../step-listeners.ts';
import type { Watches } from '../watches.ts';
import { ConfigChanges } from './config-changes.ts';
import type { CopyStanding } from './roll.ts';
import { Rolls } from './rolls.ts';
import { StopQueue } from './stop-queue.ts';

export interface JobTurnsOptions {
  readonly roster: Roster;
  readonly kept: PersistedState;
  readonly watches: Watches;
  /** Makes an instance known that is not. */
  readonly add: (instance: Instance) => JobInstance;
  /** Called when an instance enters the queue or leaves it. */
  readonly onChange: (name: string) => void;
  /** Whether an instance is up, or may yet come up. */
  readonly standing: (instance: JobInstance) => CopyStanding;
  /** Whether somebody is shown every step, also those that change nothing. */
  readonly isShown: () => boolean;
  /** Calls back in a later turn of the event loop. */
  readonly later: (goOn: () => void) => void;
}

/**
 * In which order jobs are stopped, restarted and given their new config: jobs after those that come after
 * them, and the copies of a rolling job one at a time. Nothing has its turn before the next `advance`.
 */
export class JobTurns {
  readonly #options: JobTurnsOptions;
  readonly #stopQueue: StopQueue;
  readonly #rolls: Rolls;
  readonly #configChanges: ConfigChanges;

  constructor(options: JobTurnsOptions) {
    const { roster, onChange, standing, later } = options;
    this.#options = options;
    this.#stopQueue = new StopQueue({
      get: (name) => roster.get(name),
      dependents: (instance) => roster.dependentsOf(instance),
      dependencies: (name) => roster.dependentOn(name).map((other) => other.name),
      onChange,
      standing,
      later,
    });
    this.#rolls = new Rolls({ roster, stopQueue: this.#stopQueue });
    this.#configChanges = new ConfigChanges({ ...options, stopQueue: this.#stopQueue });
  }

  /** Gives each of these instances its config as it is now. */
  apply(asked: readonly Instance[]): void {
    const rolls = this.#rolls.forChange(asked);
    for (const instance of asked)
      this.#configChanges.applyInTurn(instance, rolls.get(instance.job.name) ?? null);
  }

  /** Queues jobs to go down. The last word on a job counts. */
  takeDown(names: readonly string[], event: 'Remove' | 'Stop' | 'Die'): void {
    for (const name of names)
      this.#stopQueue.add(name, event, () => this.#options.roster.get(name)?.post({ type: event }));
  }

  /** A start by hand takes back what an earlier request has not yet come to, but for a restart. */
  started(instance: JobInstance): void {
    this.#stopQueue.started(instance.name);
  }

  /** A restart by hand; `isRolling` also of jobs without the key `rolling`. */
  restart(instances: readonly JobInstance[], isRolling: boolean): void {
    const rolls = this.#rolls.forRestart(instances, isRolling);
    for (const instance of instances)
      this.#stopQueue.add(
        instance.name,
        'Restart',
        () => instance.post({ type: 'Restart' }),
        rolls.get(instance.job.name) ?? null,
      );
  }

  /**
   * A restart for a change of a watched file, which waits for a turn only where the job rolls. Nobody asked
   * for it, so it takes back no request; a job that waits to be stopped or restarted needs no other restart.
   */
  restartForFile(instance: JobInstance, event: JobEvent): void {
    const waiting = this.#stopQueue.waiting(instance.name);
    if (waiting !== null && waiting !== 'Apply') return;
    const roll = this.#rolls.forFile(instance);
    if (roll === null) instance.post(event);
    else this.#stopQueue.add(instance.name, 'Restart', () => instance.post(event), roll);
  }

  /**
   * Restored instances: the last daemon may have ended before it could finish a trigger, or a roll.
   */
  finishChanges(restored: readonly JobInstance[]): void {
    const rolls = this.#rolls.forChange(restored);
    for (const instance of restored)
      if (this.#isLeftHalfDone(instance))
        this.#configChanges.applyInTurn(instance, rolls.get(instance.job.name) ?? null);
  }

  #isLeftHalfDone(instance: JobInstance): boolean {
    const { roster } = this.#options;
    if (roster.get(instance.name) !== instance || this.#stopQueue.isRemoving(instance.name)) return false;
    return instance.isBehindItsConfig || instance.awaitsTurn;
  }

  /** The copy that kept the newest roll from replacing an instance; null where it was replaced. */
  rollStoppedBy(instance: JobInstance): JobInstance | null {
    return this.#rolls.stoppedBy(instance);
  }

  /** Whether it is a copy that waits for its turn to be replaced. */
  waitsInRoll(name: string): boolean {
    return this.#stopQueue.waitsInRoll(name);
  }

  /** Whether the config no longer names it, and it is not gone yet. */
  isRemoving(name: string): boolean {
    return this.#stopQueue.isRemoving(name);
  }

  /** Whether it is queued to be removed, or being removed, and that has not begun. */
  awaitsRemoval(name: string): boolean {
    return this.#stopQueue.waiting(name) === 'Remove';
  }

  /** Whether a stop, removal or restart of the job has not begun. */
  isQueued(name: string): boolean {
    return this.#stopQueue.waiting(name) !== null;
  }

  /** Whether the job is being stopped or queued to stop. */
  isGoingDown(name: string): boolean {
    return this.#stopQueue.has(name);
  }

  /** Begins what has its turn by the steps of these instances; null: of any. */
  advance(moved?: Moved): void {
    this.#stopQueue.advance(moved);
  }

  clear(): void {
    this.#stopQueue.clear();
  }
}
