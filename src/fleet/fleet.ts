import type { HookFailure } from '../../machines/hook.ts';
import type { Job } from '../config/config.ts';
import type { DaemonLog } from '../job/ports.ts';
import type { Kept } from '../host/chart-host.ts';
import { messageOf, Net, stackOf } from '../host/net.ts';
import { guardedWorld } from '../job/guarded-world.ts';
import type { JobWorld } from '../job/world.ts';
import type { Instance } from '../plan/instances.ts';
import type { HookTally } from './hooks/hook-counts.ts';
import { Hooks } from './hooks/hooks.ts';
import { JobTurns } from './turns/job-turns.ts';
import type { BriefJob, JobStatus } from '../wire/messages.ts';
import type { JobStep } from './job-instance.ts';
import { JobInstance } from './job-instance.ts';
import { outlooks } from './outlook.ts';
import type { PersistedState } from './persisted/persisted-state.ts';
import { Roster, type Dependency } from './roster.ts';
import { isSameRecord } from './persisted/same-record.ts';
import { settledAnswers, standingOf } from './settled.ts';
import { MovedNames, StepListeners, type Moved } from './step-listeners.ts';
import { Watches, type WatchState } from './watches.ts';

export interface FleetOptions {
  readonly world: JobWorld;
  readonly kept: PersistedState;
  readonly log: DaemonLog;
  /** One clause about a step, for a hook. Called before the step is kept, and only where a hook is due. */
  readonly describe: (name: string, step: JobStep) => string;
  /** Called with every step of every job, after it was kept. */
  readonly onStep: (name: string, step: JobStep) => void;
  /** Whether somebody is shown every step, also those that change nothing. */
  readonly isShown?: () => boolean;
  /** A removed job is gone: nothing that is kept by its name may outlive it. */
  readonly onForget: (name: string, job: Job | null) => void;
}

/**
 * What a trigger asks of the instances: these as they are written now, and those gone. The others stay as
 * they are.
 */
export interface FleetChange {
  readonly asked: readonly Instance[];
  readonly removed: readonly string[];
}

/** Every job instance, and what they have to do with each other. */
export class Fleet {
  readonly #options: FleetOptions;
  /** What `#propagate` has not looked at yet. */
  readonly #moved = new MovedNames();
  readonly #roster = new Roster(() => {
    this.#moved.noteAll();
    this.#listeners.noteAll();
    this.#settled = null;
  });
  readonly #listeners = new StepListeners();
  /** Restored instances that have not been set in motion yet. */
  readonly #resting = new Set<JobInstance>();
  /** Restored instances that the last daemon had not removed yet. */
  readonly #toRemove = new Set<string>();
  readonly #watches: Watches;
  readonly #turns: JobTurns;
  readonly #hooks: Hooks;
  #willPropagate = false;
  /** Until anything moves. */
  #settled: ReturnType<typeof settledAnswers> | null = null;

  constructor(options: FleetOptions) {
    this.#options = options;
    this.#watches = new Watches({
      files: options.world.files,
      clock: options.world.clock,
      log: options.log,
      restart: ({ name }, event) => {
        const instance = this.#roster.get(name);
        if (instance !== undefined) this.#turns.restartForFile(instance, event);
      },
    });
    this.#hooks = new Hooks({ ...options, onIdle: () => this.#propagateSoon() });
    this.#turns = new JobTurns({
      roster: this.#roster,
      kept: options.kept,
      watches: this.#watches,
      add: (instance) => this.#add(instance),
      onChange: (name) => this.#note(name),
      standing: (instance) => standingOf(this, instance),
      isShown: () => options.isShown?.() === true,
      later: (goOn) => void options.world.clock.after(0, goOn),
    });
  }

  get all(): readonly JobInstance[] {
    return this.#roster.all;
  }

  get(name: string): JobInstance | undefined {
    return this.#roster.get(name);
  }

  /** The world of an instance, or a new one for an instance that is not known yet. */
  worldOf(name: string): JobWorld {
    const net = new Net((error) => this.#options.log.line(`job ${name} bug: ${stackOf(error)}`));
    return this.#roster.get(name)?.world ?? guardedWorld(this.#options.world, net);
  }

  /**
   * The instances that a word selects: an instance, every copy of a job, every job with a tag, or every match
   * of a pattern.
   */
  named(word: string): readonly JobInstance[] {
    return this.#roster.named(word);
  }

  /** Statuses of these instances; reads the clock once for all. */
  statusesOf(instances: readonly JobInstance[]): readonly JobStatus[] {
    const now = this.#options.world.clock.sinceBoot();
    const outlookOf = outlooks(this);
    return instances.map((each) => ({ ...each.status(now), outlook: outlookOf(each) }));
  }

  /** The same, as far as the table of `status` shows it. */
  briefStatusesOf(instances: readonly JobInstance[]): readonly BriefJob[] {
    const now = this.#options.world.clock.sinceBoot();
    return instances.map((each) => each.briefStatus(now));
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
        this.#roster.drop(instance.name);
        this.#logUnusable(instance.name, messageOf(error), kept);
      }
    }
    this.#hooks.restore((name) => this.#roster.get(name) !== undefined);
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
    if (restored.length > 0) this.#moved.noteAll();
    this.takeDown([...this.#toRemove], 'Remove');
    this.#toRemove.clear();
    this.#hooks.resume();
    for (const instance of restored) instance.takeUp();
    // Dependents must learn that a dependency has exited before any job starts.
    this.#propagate();
    for (const instance of restored) {
      instance.post({ type: 'Restored' });
      if (this.#roster.get(instance.name) === instance) instance.within(() => this.#watches.follow(instance));
    }
    this.#turns.finishChanges(restored);
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
    this.#turns.apply([...asked.values()]);
    this.#propagate();
  }

  /**
   * Sends jobs down, each after every job that comes after it, in the reverse of their starting order. The
   * last word on a job counts.
   */
  takeDown(names: readonly string[], event: 'Remove' | 'Stop' | 'Die'): void {
    this.#turns.takeDown(names, event);
    this.#turns.advance();
    if (event === 'Remove') for (const name of names) this.#keepRemoval(name);
    this.#propagateSoon();
  }

  /** Persists a removal that waits for its turn: the trigger is acknowledged before that. */
  #keepRemoval(name: string): void {
    const instance = this.#roster.get(name);
    if (instance === undefined || !this.#turns.awaitsRemoval(name)) return;
    instance.within(() => this.#options.kept.keepRemoval(instance));
  }

  /** A start by hand; it takes back what an earlier request has not yet come to, but for a restart. */
  start(instance: JobInstance): void {
    this.#turns.started(instance);
    instance.post({ type: 'Start' });
  }

  /**
   * A restart by hand: all of them go down, each after those that come after it, before the first of them is
   * started again.
   */
  restart(instances: readonly JobInstance[], { isRolling = false } = {}): void {
    this.#turns.restart(instances, isRolling);
    this.#propagate();
  }

  /** The copy that kept the newest roll from replacing an instance; null where it was replaced. */
  rollStoppedBy(instance: JobInstance): JobInstance | null {
    return this.#turns.rollStoppedBy(instance);
  }

  /** Whether it is a copy that waits for its turn to be replaced. */
  waitsInRoll({ name }: JobInstance): boolean {
    return this.#turns.waitsInRoll(name);
  }

  /**
   * Resolves when the condition holds or the caller no longer waits. The condition is checked after the steps
   * of any job; it gets the names of the instances that moved since it was checked last, null for all.
   */
  until(
    condition: (moved: Moved) => boolean,
    onGone: (callback: () => void) => void = () => undefined,
  ): Promise<void> {
    return this.#listeners.until(condition, onGone);
  }

  /** Whether the config no longer names it, and it is not gone yet. */
  isBeingRemoved(instance: JobInstance): boolean {
    return instance.isRemoved || this.#turns.isRemoving(instance.name);
  }

  /** Whether a stop, removal or restart of the job is still queued. */
  isQueuedToStop({ name }: JobInstance): boolean {
    return this.#turns.isQueued(name);
  }

  /** Whether the instance has reached a state that a trigger need not wait for. */
  isSettled(instance: JobInstance): boolean {
    this.#settled ??= settledAnswers(this);
    return this.#settled.of(instance);
  }

  /** The instances that do not start before this one is up. */
  waitingFor(name: string): readonly JobInstance[] {
    const instance = this.#roster.get(name);
    const dependents = instance === undefined ? [] : this.#roster.dependentsOf(instance);
    return dependents.filter(({ state }) => state === 'waiting');
  }

  /** Kills every job and hook at once, without regard to dependencies. */
  killAll(): void {
    this.#hooks.breakOff();
    this.#turns.clear();
    for (const instance of this.#roster.inOrder) {
      instance.post({ type: 'Die' });
      const { child } = instance.snapshot.context;
      if (child !== null) instance.world.processes.signal(child, 'SIGKILL');
    }
  }

  /** The state of an instance's watch; null where it watches no files. */
  watchOf(name: string): WatchState | null {
    return this.#watches.stateOf(name);
  }

  /** How the newest hook of a job failed; null where it did not. */
  hookFailureOf(name: string): HookFailure | null {
    return this.#hooks.failureOf(name);
  }

  /** For each state with a hook: how often it has run and failed since this daemon began. */
  hookCountsOf(name: string): Readonly<Record<string, HookTally>> {
    const instance = this.#roster.get(name);
    return instance === undefined ? {} : this.#hooks.countsOf(instance);
  }

  /** Waits for the hooks, but not for long: the next daemon runs again what has not ended by then. */
  finishHooks(): Promise<void> {
    return this.#hooks.finish((isOver) => this.until(isOver));
  }

  /** Lets go of every job without touching a child. The hooks go on. */
  leave(): void {
    for (const instance of this.#roster.inOrder) {
      instance.within(() => this.#watches.drop(instance.name));
      instance.leave();
    }
    this.#listeners.callForAll();
  }

  /** The dependencies that are not met, and the state that each of them must reach. */
  unmet(instance: JobInstance): readonly Dependency[] {
    return this.#roster.unmet(instance);
  }

  /** The dependencies that are being stopped or about to be: a job that is down waits for these as well. */
  leaving(instance: JobInstance): readonly JobInstance[] {
    const others = new Set(this.#roster.dependenciesOf(instance.name).map(({ other }) => other));
    return [...others].filter(({ name }) => this.#turns.isGoingDown(name));
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
    this.#roster.add(added);
    return added;
  }

  #keep(name: string, step: JobStep): boolean {
    const { before, after } = step;
    this.#settled = null;
    const { kept, onStep } = this.#options;
    const instance = this.#roster.get(name);
    if (instance !== undefined) this.#hooks.note(instance, step);
    if (before === null || !isSameRecord(before, after)) kept.keepState(name, after);
    onStep(name, step);
    this.#note(name);
    if (step.event.type === 'Spawned') this.#roster.get(name)?.within(() => this.#watches.renew(name));
    return kept.isKept(name);
  }

  #forget(name: string): void {
    const instance = this.#roster.get(name);
    instance?.within(() => this.#watches.drop(name));
    // Nobody can tell afterwards what it came after, and what came after it.
    for (const other of this.#roster.dependentOn(name)) this.#note(other.name);
    if (instance !== undefined)
      for (const other of this.#roster.dependentsOf(instance)) this.#note(other.name);
    this.#roster.drop(name);
    this.#note(name);
    this.#options.kept.forget(name);
    this.#hooks.forget(name);
    this.#options.onForget(name, instance?.job ?? null);
  }

  #note(name: string): void {
    this.#settled = null;
    this.#moved.note(name);
    this.#listeners.note(name);
    this.#propagateSoon();
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

  /**
   * Advances the stop queue, tells each job whether its dependencies are up, then calls the listeners. Looks
   * only at what moved since the last time and at what that can affect: a look at all instances after each
   * step would make a trigger or a stop quadratic.
   */
  #propagate(): void {
    const { noted } = this.#moved;
    this.#moved.clear();
    this.#turns.advance(noted);
    const since = this.#moved.noted;
    const moved = noted === null || since === null ? null : new Set([...noted, ...since]);
    for (const instance of this.#roster.affectedBy(moved)) {
      if (this.#resting.has(instance)) continue;
      const isUp = this.#roster
        .dependenciesOf(instance.name)
        .every(({ other, is }) => other.isUpAs(is) && !this.#turns.isGoingDown(other.name));
      if (isUp !== instance.snapshot.context.dependenciesUp)
        instance.post({ type: isUp ? 'DependenciesUp' : 'DependenciesDown' });
    }
    this.#listeners.call();
  }
}
