import { isDeepStrictEqual } from 'node:util';
import type { Job } from '../../config/config.ts';
import { differences } from '../../plan/differences.ts';
import type { Instance } from '../../plan/instances.ts';
import { fingerprint } from '../fingerprint.ts';
import type { JobInstance } from '../job-instance.ts';
import type { PersistedState } from '../persisted/persisted-state.ts';
import type { Roster } from '../roster.ts';
import type { StopQueue } from './stop-queue.ts';
import type { Watches } from '../watches.ts';
import type { Roll } from './roll.ts';

export interface ConfigChangesOptions {
  readonly roster: Roster;
  readonly kept: PersistedState;
  readonly stopQueue: StopQueue;
  readonly watches: Watches;
  /** Makes an instance known that is not. */
  readonly add: (instance: Instance) => JobInstance;
  /** Whether somebody is shown every step, also those that change nothing. */
  readonly isShown: () => boolean;
}

/** Gives instances the config that they have now. */
export class ConfigChanges {
  readonly #options: ConfigChangesOptions;
  /** Configs that are on record already and wait for their turn. */
  readonly #waiting = new Map<string, Job>();

  constructor(options: ConfigChangesOptions) {
    this.#options = options;
  }

  /**
   * A running child that the change replaces is stopped in its turn. In a roll every copy has its new config
   * at once, so that a copy which ends before its turn starts with it. Otherwise the config is written at
   * once: the trigger is acknowledged before that turn, which may come only under the next daemon.
   */
  applyInTurn(instance: Instance, roll: Roll | null): void {
    const { stopQueue } = this.#options;
    if (roll === null && this.#isNeedless(instance)) return stopQueue.named(instance.name);
    const isToBeReplaced = this.#isToBeReplaced(instance);
    if (!isToBeReplaced || roll !== null) this.#applyOne(instance, { inTurn: isToBeReplaced });
    if (!isToBeReplaced) return;
    if (roll === null) this.#writeAhead(instance);
    stopQueue.add(instance.name, 'Apply', () => this.#applyOne(instance), roll);
  }

  #writeAhead(instance: Instance): void {
    const { name, job } = instance;
    const known = this.#options.roster.get(name);
    known?.within(() => this.#write(instance, known));
    this.#waiting.set(name, job);
  }

  /** `known`: undefined where the instance has just been made known. */
  #write(instance: Instance, known: JobInstance | undefined): void {
    const { kept } = this.#options;
    const onRecord = this.#waiting.get(instance.name) ?? known?.job;
    const isWritten = known !== undefined && onRecord !== undefined && !kept.isRemoved(instance.name);
    if (!isWritten || differs(onRecord, instance.job)) kept.keepConfig(instance);
  }

  /** Most triggers change nothing about most jobs. */
  #isNeedless({ name, job }: Instance): boolean {
    const { roster, kept, stopQueue, isShown } = this.#options;
    const isAsBefore = roster.get(name)?.needsNoApply(job) === true;
    return isAsBefore && !stopQueue.has(name) && !kept.isRemoved(name) && !isShown();
  }

  /** Whether the instance runs and its new config replaces the child: such a child is stopped in order. */
  #isToBeReplaced({ name, job }: Instance): boolean {
    const { roster, stopQueue } = this.#options;
    const known = roster.get(name);
    if (known === undefined || !known.isUp || known.isEnding || known.isUnwanted) return false;
    const waiting = stopQueue.waiting(name);
    const mayWait = waiting === null || waiting === 'Apply' || stopQueue.waitsInRoll(name);
    return known.snapshot.context.runSpec !== fingerprint(job) && mayWait;
  }

  #applyOne(instance: Instance, { inTurn = false } = {}): void {
    const { roster, stopQueue, watches, add } = this.#options;
    const known = roster.get(instance.name);
    const target = known ?? add(instance);
    const before = target.job;
    target.within(() => this.#write(instance, known));
    this.#waiting.delete(instance.name);
    if (known === undefined) target.begin();
    stopQueue.named(instance.name);
    target.apply(instance.job, { inTurn });
    if (!isSameInOrder(before, instance.job)) roster.noteRelations();
    target.within(() => watches.follow(target));
  }
}

/** Whether two configs of a job put it in the same place among the others. */
function isSameInOrder(one: Job, other: Job): boolean {
  const place = ({ name, tags, after, afterIs }: Job): unknown => [name, tags, after, afterIs];
  return isDeepStrictEqual(place(one), place(other));
}

function differs(before: Job, after: Job): boolean {
  const { childKeys, otherKeys } = differences(before, after);
  return childKeys.length + otherKeys.length > 0;
}
