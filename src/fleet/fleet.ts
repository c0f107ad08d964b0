import type { JobContext } from '../../machines/job.ts';
import type { Job } from '../config/config.ts';
import type { DaemonLog } from '../job/ports.ts';
import { indexBy } from '../text/index-by.ts';
import type { Kept } from '../host/chart-host.ts';
import { messageOf, Net, stackOf } from '../host/net.ts';
import { guardedWorld } from '../job/guarded-world.ts';
import type { JobWorld } from '../job/world.ts';
import type { Instance } from '../plan/instances.ts';
import { differences } from '../plan/differences.ts';
import { byInstanceName, isMeant, isSelection, wordForTag } from '../plan/names.ts';
import { StopQueue } from './stop-queue.ts';
import type { JobStatus } from '../wire/messages.ts';
import { fingerprint } from './fingerprint.ts';
import type { JobStep } from './job-instance.ts';
import { JobInstance, type CountsAs } from './job-instance.ts';
import { outlookOf } from './outlook.ts';
import type { PersistedState } from './persisted-state.ts';
import { Watches, type WatchState } from './watches.ts';

export interface FleetOptions {
  readonly world: JobWorld;
  readonly kept: PersistedState;
  readonly log: DaemonLog;
  /** Called with every step of every job, after it was kept. */
  readonly onStep: (name: string, step: JobStep) => void;
  /** A removed job is gone: nothing that is kept by its name may outlive it. */
  readonly onForget: (name: string) => void;
}

/**
 * What a trigger asks of the instances: these as they are written now, and those gone. The others stay as
 * they are.
 */
export interface FleetChange {
  readonly asked: readonly Instance[];
  readonly removed: readonly string[];
}

/** An instance that another comes after, and how it must be before that one starts. */
export interface Dependency {
  readonly other: JobInstance;
  readonly is: CountsAs;
}

/** Every job instance, and what they have to do with each other. */
export class Fleet {
  readonly #options: FleetOptions;
  readonly #instances = new Map<string, JobInstance>();
  readonly #stopQueue = new StopQueue({
    get: (name) => this.#instances.get(name),
    dependents: (instance) => this.#dependentsOf(instance),
    later: (goOn) => void this.#options.world.clock.after(0, goOn),
  });
  readonly #listeners = new Set<(moved: ReadonlySet<string> | null) => void>();
  /** The instances that made a step since the listeners were last called. */
  #moved = new Set<string>();
  /** Restored instances that have not been set in motion yet. */
  readonly #resting = new Set<JobInstance>();
  /** Restored instances that the last daemon had not removed yet. */
  readonly #toRemove = new Set<string>();
  readonly #watches: Watches;
  #willPropagate = false;
  /**
   * Caches: instances by name, dependents of a job, and the instances that each word in `after` selects.
   * Cleared when the set of instances changes.
   */
  #sorted: readonly JobInstance[] | null = null;
  #dependentsByName: ReadonlyMap<string, readonly JobInstance[]> | null = null;
  readonly #namedBefore = new Map<string, readonly JobInstance[]>();

  constructor(options: FleetOptions) {
    this.#options = options;
    this.#watches = new Watches({ files: options.world.files, clock: options.world.clock, log: options.log });
  }

  get all(): readonly JobInstance[] {
    return (this.#sorted ??= [...this.#instances.values()].toSorted((a, b) =>
      byInstanceName(a.name, b.name),
    ));
  }

  get(name: string): JobInstance | undefined {
    return this.#instances.get(name);
  }

  /** The world of an instance, or a new one for an instance that is not known yet. */
  worldOf(name: string): JobWorld {
    const net = new Net((error) => this.#options.log.line(`job ${name} bug: ${stackOf(error)}`));
    return this.#instances.get(name)?.world ?? guardedWorld(this.#options.world, net);
  }

  /**
   * The instances that a word selects: an instance, every copy of a job, every job with a tag, or every match
   * of a pattern.
   */
  named(word: string): readonly JobInstance[] {
    const exact = this.#instances.get(word);
    return exact === undefined || isSelection(word)
      ? this.all.filter(({ name, job }) => isMeant({ name, job: job.name, tags: job.tags }, word))
      : [exact];
  }

  /** The instances that a word in `after` selects; cached because it is needed after every step. */
  #namedInAfter(word: string): readonly JobInstance[] {
    const known = this.#namedBefore.get(word);
    if (known !== undefined) return known;
    const named = this.named(word);
    this.#namedBefore.set(word, named);
    return named;
  }

  /** Statuses of these instances; reads the clock once for all. */
  statusesOf(instances: readonly JobInstance[]): readonly JobStatus[] {
    const now = this.#options.world.clock.sinceBoot();
    return instances.map((each) => ({ ...each.status(now), outlook: outlookOf(this, each) }));
  }

  /** Restores what an earlier daemon persisted; nothing moves before `resume`. */
  restore(): void {
    for (const { instance, kept, isRemoved } of this.#options.kept.instances()) {
      try {
        const restored = this.#add(instance);
        const trouble = restored.restore(kept);
        if (trouble !== null) this.#logUnusable(instance.name, trouble, kept);
        this.#resting.add(restored);
        if (isRemoved) this.#toRemove.add(instance.name);
      } catch (error) {
        // The persisted config is invalid. Its record stays until a trigger brings a valid one.
        this.#drop(instance.name);
        this.#logUnusable(instance.name, messageOf(error), kept);
      }
    }
  }

  #logUnusable(name: string, trouble: string, kept: Kept): void {
    this.#options.log.line(
      `state: what was kept of ${name} is of no use (${trouble}), so it begins anew; that was ` +
        `${JSON.stringify(kept)}`,
    );
  }

  /**
   * Sets the restored jobs in motion: adopts children that are alive, and handles the exit of those that are
   * not. A second call does nothing.
   */
  resume(): void {
    const restored = [...this.#resting];
    this.#resting.clear();
    this.takeDown([...this.#toRemove], 'Remove');
    this.#toRemove.clear();
    for (const instance of restored) instance.takeUp();
    // Dependents must learn that a dependency has exited before any job starts.
    this.#propagate();
    for (const instance of restored) {
      instance.post({ type: 'Restored' });
      if (this.#instances.get(instance.name) !== instance) continue;
      instance.within(() => this.#watches.follow(instance));
      // The last daemon ended before it could finish a trigger.
      if (instance.isBehindItsConfig && !this.#stopQueue.isRemoving(instance.name))
        this.#applyInTurn(instance);
    }
    this.#propagate();
  }

  /**
   * Gives each of these jobs its config as it is now, begins the new ones and takes down those that are gone
   * from it.
   */
  apply(change: FleetChange): void {
    const asked = new Map(change.asked.map((instance) => [instance.name, instance]));
    this.takeDown(change.removed, 'Remove');
    for (const name of asked.keys()) this.#toRemove.delete(name);
    // A job that stopped with the last daemon must start with its new config, not first with the old one.
    for (const instance of this.#resting)
      if (asked.has(instance.name) && instance.wentDownWithDaemon && !instance.isUp)
        this.#resting.delete(instance);
    this.resume();
    for (const instance of asked.values()) this.#applyInTurn(instance);
    this.#propagate();
  }

  /**
   * Sends jobs down, each after every job that comes after it, in the reverse of their starting order. The
   * last word on a job counts.
   */
  takeDown(names: readonly string[], event: 'Remove' | 'Stop' | 'Die'): void {
    for (const name of names)
      this.#stopQueue.add(name, event, () => this.#instances.get(name)?.post({ type: event }));
    this.#stopQueue.advance();
    if (event === 'Remove') for (const name of names) this.#keepRemoval(name);
    this.#propagateSoon();
  }

  /** Persists a removal that waits for its turn: the trigger is acknowledged before that. */
  #keepRemoval(name: string): void {
    const instance = this.#instances.get(name);
    if (instance === undefined || this.#stopQueue.waiting(name) !== 'Remove') return;
    instance.within(() => this.#options.kept.keepRemoval(instance));
  }

  /** A start by hand; it takes back what an earlier request has not yet come to, but for a restart. */
  start(instance: JobInstance): void {
    this.#stopQueue.started(instance.name);
    instance.post({ type: 'Start' });
  }

  /**
   * A restart by hand: all of them go down, each after those that come after it, before the first of them is
   * started again.
   */
  restart(instances: readonly JobInstance[]): void {
    for (const instance of instances)
      this.#stopQueue.add(instance.name, 'Restart', () => instance.post({ type: 'Restart' }));
    this.#propagate();
  }

  /**
   * Resolves when the condition holds or the caller no longer waits. The condition is checked after the steps
   * of any job; it gets the names of the instances that made a step or went since it was checked last, null
   * for all.
   */
  until(
    condition: (moved: ReadonlySet<string> | null) => boolean,
    onGone: (callback: () => void) => void = () => undefined,
  ): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        this.#listeners.delete(look);
        resolve();
      };
      const look = (moved: ReadonlySet<string> | null): void => {
        if (condition(moved)) end();
      };
      this.#listeners.add(look);
      onGone(end);
      look(null);
    });
  }

  /** Whether the config no longer names it, and it is not gone yet. */
  isBeingRemoved(instance: JobInstance): boolean {
    return instance.isRemoved || this.#stopQueue.isRemoving(instance.name);
  }

  /** Whether a stop, removal or restart of the job is still queued. */
  isQueuedToStop({ name }: JobInstance): boolean {
    return this.#stopQueue.waiting(name) !== null;
  }

  /** Whether the instance has reached a state that a trigger need not wait for. */
  isSettled(instance: JobInstance): boolean {
    if (instance.isTesting || this.isQueuedToStop(instance)) return false;
    switch (instance.state) {
      case 'running':
      case 'held':
      case 'finished':
      case 'failed':
      case 'stopped':
        return true;
      case 'backoff':
        return instance.snapshot.context.backoffMs > 0;
      case 'waiting':
        return instance.snapshot.context.policy.hasSchedule || this.#waitsInVain(instance);
      case 'testing':
      case 'starting':
      case 'stopping':
        return false;
      default:
        return instance.state satisfies never;
    }
  }

  /** Kills every job at once, without regard to dependencies. */
  killAll(): void {
    this.#stopQueue.clear();
    for (const instance of this.#instances.values()) {
      instance.post({ type: 'Die' });
      const { child } = instance.snapshot.context;
      if (child !== null) instance.world.processes.signal(child, 'SIGKILL');
    }
  }

  /** The state of an instance's watch; null where it watches no files. */
  watchOf(name: string): WatchState | null {
    return this.#watches.stateOf(name);
  }

  /** Lets go of every job without touching a child. */
  leave(): void {
    for (const instance of this.#instances.values()) {
      instance.within(() => this.#watches.drop(instance.name));
      instance.leave();
    }
    for (const listener of this.#listeners) listener(null);
  }

  #waitsInVain(instance: JobInstance): boolean {
    return this.unmet(instance).some(({ other, is }) => {
      const mayYetFinish = is === 'finished' && other.state === 'running' && !other.neverFinishes;
      return !mayYetFinish && this.isSettled(other);
    });
  }

  /** The dependencies that are not met, and the state that each of them must reach. */
  unmet(instance: JobInstance): readonly Dependency[] {
    return this.#dependenciesOf(instance).filter(({ other, is }) => !other.isUpAs(is));
  }

  #dependenciesOf({ job }: JobInstance): readonly Dependency[] {
    return job.after.flatMap((name) =>
      this.#namedInAfter(name).map((other) => ({ other, is: job.afterIs[name] ?? other.countsAs })),
    );
  }

  #dependentsOf({ name, job }: JobInstance): readonly JobInstance[] {
    this.#dependentsByName ??= indexBy(this.all, (each) => each.job.after);
    const words = new Set([job.name, name, ...job.tags.map(wordForTag)]);
    return [...new Set([...words].flatMap((word) => this.#dependentsByName?.get(word) ?? []))];
  }

  #noteChange(): void {
    this.#sorted = null;
    this.#noteRelations();
  }

  #noteRelations(): void {
    this.#dependentsByName = null;
    this.#namedBefore.clear();
  }

  #applyInTurn(instance: Instance): void {
    if (this.#isToBeReplaced(instance))
      this.#stopQueue.add(instance.name, 'Apply', () => this.#applyOne(instance));
    else this.#applyOne(instance);
  }

  /** Whether the instance runs and its new config replaces the child: such a child is stopped in order. */
  #isToBeReplaced({ name, job }: Instance): boolean {
    const known = this.#instances.get(name);
    if (known === undefined || !known.isUp || known.isEnding || known.isUnwanted) return false;
    const waiting = this.#stopQueue.waiting(name);
    return known.snapshot.context.runSpec !== fingerprint(job) && (waiting === null || waiting === 'Apply');
  }

  #applyOne(instance: Instance): void {
    const known = this.#instances.get(instance.name);
    const target = known ?? this.#add(instance);
    target.within(() => {
      const isWritten = known !== undefined && !this.#options.kept.isRemoved(instance.name);
      if (!isWritten || differs(known.job, instance.job)) this.#options.kept.keepConfig(instance);
    });
    if (known === undefined) target.begin();
    this.#stopQueue.named(instance.name);
    target.apply(instance.job);
    this.#noteRelations();
    target.within(() => this.#watches.follow(target));
  }

  #add(instance: Instance): JobInstance {
    const added = new JobInstance({
      instance,
      world: this.#options.world,
      keep: (name, step) => this.#keep(name, step),
      forget: (name) => this.#forget(name),
      dueStore: this.#options.kept.dueStore(instance.name),
      onFault: (name, text) => this.#options.log.line(`job ${name} ${text}`),
      onRecovered: (recovered) => recovered.within(() => this.#watches.follow(recovered)),
    });
    this.#instances.set(instance.name, added);
    this.#noteChange();
    return added;
  }

  #keep(name: string, step: JobStep): boolean {
    const { before, after } = step;
    const { kept, onStep } = this.#options;
    if (before === null || !isSameRecord(before, after)) kept.keepState(name, after);
    onStep(name, step);
    this.#moved.add(name);
    if (step.event.type === 'Spawned') this.#instances.get(name)?.within(() => this.#watches.renew(name));
    this.#propagateSoon();
    return kept.isKept(name);
  }

  #forget(name: string): void {
    this.#instances.get(name)?.within(() => this.#watches.drop(name));
    this.#drop(name);
    this.#moved.add(name);
    this.#options.kept.forget(name);
    this.#options.onForget(name);
    this.#propagateSoon();
  }

  #drop(name: string): void {
    this.#instances.delete(name);
    this.#noteChange();
  }

  /** Calls `#propagate` after the current step, and only once for all steps of a turn of the event loop. */
  #propagateSoon(): void {
    if (this.#willPropagate) return;
    this.#willPropagate = true;
    queueMicrotask(() => {
      this.#willPropagate = false;
      this.#propagate();
    });
  }

  /** Advances the stop queue, tells each job whether its dependencies are up, then calls the listeners. */
  #propagate(): void {
    this.#stopQueue.advance();
    for (const instance of this.#instances.values()) {
      if (instance.job.after.length === 0 || this.#resting.has(instance)) continue;
      const isUp = this.#dependenciesOf(instance).every(
        ({ other, is }) => other.isUpAs(is) && !this.#stopQueue.has(other.name),
      );
      if (isUp !== instance.snapshot.context.dependenciesUp)
        instance.post({ type: isUp ? 'DependenciesUp' : 'DependenciesDown' });
    }
    const moved = this.#moved;
    this.#moved = new Set();
    for (const listener of this.#listeners) listener(moved);
  }
}

function differs(before: Job, after: Job): boolean {
  const { childKeys, otherKeys } = differences(before, after);
  return childKeys.length + otherKeys.length > 0;
}

/** Whether two snapshots would be kept as the same record. */
function isSameRecord(before: JobStep['after'], after: JobStep['after']): boolean {
  if (JSON.stringify(before.value) !== JSON.stringify(after.value)) return false;
  // Most values of the context are passed from step to step unchanged.
  return (Object.keys(after.context) as (keyof JobContext)[]).every((key) => {
    const [was, is] = [before.context[key], after.context[key]];
    return was === is || JSON.stringify(was) === JSON.stringify(is);
  });
}
