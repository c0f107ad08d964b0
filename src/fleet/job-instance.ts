import { isDeepStrictEqual } from 'node:util';
import type { JobEffect, JobEvent, JobSnapshot, Policy, Verdict } from '../../machines/job.ts';
import { jobMachine } from '../../machines/job.ts';
import type { DependencyState, Job } from '../config/config.ts';
import type { Kept, Step } from '../host/chart-host.ts';
import { ChartHost } from '../host/chart-host.ts';
import type { Timer } from '../host/clock.ts';
import { Net } from '../host/net.ts';
import { guardedWorld } from '../job/guarded-world.ts';
import type { JobWorld } from '../job/world.ts';
import { JobEffects } from '../job/job-effects.ts';
import type { DueStore } from '../job/due-time.ts';
import type { ChildIdentity, SpawnedChild } from '../job/ports.ts';
import type { Instance } from '../plan/instances.ts';
import { hasChild, hasEndedByItself, jobState, lastRunFailed } from '../plan/job-state.ts';
import { policyOf } from '../plan/policy.ts';
import type { JobState } from '../plan/job-state.ts';
import type { BriefJob, JobStatus } from '../wire/messages.ts';
import { Ages } from './ages.ts';
import { fingerprint } from './fingerprint.ts';
import { JobFaults, type JobFault } from './job-faults.ts';
import { restorable } from './persisted/restorable.ts';
import { isSameRecord } from './persisted/same-record.ts';
import { shownPid } from './shown-pid.ts';

/** `up`: running, or ended with success. */
export type CountsAs = DependencyState | 'up';

export type JobStep = Step<typeof jobMachine>;

export interface JobInstanceOptions {
  readonly instance: Instance;
  readonly world: JobWorld;
  /** Keeps a step; false when the disk refused it. */
  readonly keep: (name: string, step: JobStep) => boolean;
  readonly forget: (name: string) => void;
  readonly dueStore: DueStore;
  /** Called with a line for the log when the code of this job throws. */
  readonly onFault?: (name: string, text: string) => void;
  /** Called after the job was recovered from an exception. */
  readonly onRecovered?: (instance: JobInstance) => void;
}

/**
 * One instance of a job: its config, its chart and its status. An exception in its code affects no other job.
 */
export class JobInstance {
  readonly name: string;
  readonly number: string | null;
  job: Job;
  readonly #host: ChartHost<typeof jobMachine>;
  readonly #effects: JobEffects;
  readonly #ages: Ages;
  readonly #faults: JobFaults;
  readonly #net = new Net((error, isAnswered) => this.#fault(error, isAnswered));
  /** The world as this job has it: an exception in it is a fault of the job. */
  readonly world: JobWorld;
  readonly #onRecovered: (instance: JobInstance) => void;
  #recovery: Timer | null = null;
  #hasLeft = false;
  #killedRun: number | null = null;
  #takenOverRun: number | null = null;
  #isKept = true;
  #isApplying = false;
  /** The newest step of the trigger that is being applied; not kept longer, since it holds two snapshots. */
  #applied: JobStep | null = null;
  /** The last trigger, where it changed nothing and asked for nothing: a config, and how the job was. */
  #needless: { readonly job: Job; readonly snapshot: JobSnapshot } | null = null;

  constructor(options: JobInstanceOptions) {
    const { instance, keep, forget, dueStore, onFault, onRecovered } = options;
    this.name = instance.name;
    this.number = instance.number;
    this.job = instance.job;
    this.#onRecovered = onRecovered ?? (() => undefined);
    this.#faults = new JobFaults(options.world.clock, (text) => onFault?.(this.name, text));
    const world = guardedWorld(options.world, this.#net);
    this.world = world;
    this.#ages = new Ages(world.clock);
    this.#effects = new JobEffects({
      instance: this.name,
      number: this.number,
      job: () => this.job,
      world,
      post: (event) => this.post(event),
      isKept: () => this.#isKept,
      dueStore,
      forget: () => {
        this.#host.end();
        this.#endRecovery();
        forget(this.name);
      },
    });
    this.#host = new ChartHost({
      machine: jobMachine,
      clock: world.clock,
      keep: (step) => {
        if (this.#isApplying) this.#applied = step;
        // It holds a whole snapshot, and could only be compared with the newest one.
        if (this.#needless?.snapshot !== step.after) this.#needless = null;
        this.#isKept = false;
        this.#ages.note(step.after.context);
        if (step.after.matches({ child: { Ending: 'Killing' } })) this.#killedRun = step.after.context.run;
        this.#isKept = keep(this.name, step);
      },
      perform: (effect, after) => this.#effects.perform(effect as JobEffect, after),
      onBug: (error) => this.#net.fault(error),
    });
  }

  get snapshot(): JobSnapshot {
    return this.#host.snapshot;
  }

  /** Runs work for this job: an exception in it, now or later, is a fault of this job alone. */
  within(work: () => void): void {
    this.#net.run(work);
  }

  /** The newest exception in its code since its config changed; null where there was none. */
  get fault(): JobFault | null {
    return this.#faults.last;
  }

  /** Enters the initial state, for an instance that was not persisted. */
  begin(): void {
    this.#net.run(() => this.#host.begin(this.#input));
  }

  /**
   * Restores a persisted instance; nothing moves before `takeUp`. If the snapshot cannot be used, the job
   * begins in its initial state, and the reason is returned; otherwise null.
   */
  restore(kept: Kept): string | null {
    const { snapshot, trouble } = restorable(kept, this.#input);
    this.#host.restore(snapshot);
    const { context } = this.snapshot;
    const { child } = context;
    this.#takenOverRun = this.isEnding ? context.run : null;
    this.#ages.noteOlder(context, child === null ? null : this.world.processes.startedAt(child));
    return trouble;
  }

  get #input(): { readonly name: string; readonly policy: Policy; readonly spec: string } {
    return { name: this.name, policy: policyOf(this.job), spec: fingerprint(this.job) };
  }

  /** The daemon that wrote its config ended before the chart received it. */
  get isBehindItsConfig(): boolean {
    const { policy, spec } = this.snapshot.context;
    return spec !== fingerprint(this.job) || !isDeepStrictEqual(policy, policyOf(this.job));
  }

  /**
   * Adopts a living child of the earlier daemon, handles the exit of one that has ended, and arms the timers.
   * `Restored` must follow.
   */
  takeUp(): void {
    this.#net.run(() => this.#takeUp());
  }

  #takeUp(): void {
    const { run, child } = this.snapshot.context;
    this.#host.rearm();
    if (child !== null && !this.isEnding) this.#effects.adopt(run, child);
  }

  /**
   * An exception may have lost an answer, a timer or an event. So the job is soon restored as a new daemon
   * would do it.
   */
  #fault(error: unknown, isAnswered: boolean): void {
    this.#faults.note(error);
    if (isAnswered || this.#recovery !== null || this.#hasLeft) return;
    this.#recovery = this.world.clock.after(this.#faults.nextRecoveryMs(), () => this.#recover());
  }

  #recover(): void {
    this.#recovery = null;
    this.#net.run(() => this.#effects.takeBackLaunch());
    this.#takeUp();
    // A job that goes down with its daemon must not come back by this.
    if (!this.wentDownWithDaemon) this.#host.post({ type: 'Restored' });
    this.#onRecovered(this);
  }

  #endRecovery(): void {
    this.#hasLeft = true;
    this.#recovery?.clear();
  }

  /** The daemon's own shutdown stopped the job; the next trigger or `Restored` starts it again. */
  get wentDownWithDaemon(): boolean {
    const { want } = this.snapshot.value;
    return typeof want === 'object' && want.No === 'ByDie';
  }

  /** The trigger, with the job's current config; `inTurn` leaves a child of an earlier config as it is. */
  apply(job: Job, { inTurn = false } = {}): void {
    if (job !== this.job && !isDeepStrictEqual(job, this.job)) this.#faults.forget();
    this.job = job;
    const config = { policy: policyOf(job), spec: fingerprint(job) };
    const event: JobEvent = { type: 'Apply', ...config, ...(inTurn && { inTurn }) };
    const { acts } = this.#host;
    this.#isApplying = true;
    this.#net.run(() => this.#host.post(event));
    this.#isApplying = false;
    const newest = this.#applied;
    this.#applied = null;
    const isNeedless = newest?.event === event && this.#host.acts === acts && changedNothing(newest);
    this.#needless = isNeedless && !inTurn ? { job, snapshot: this.snapshot } : null;
  }

  /**
   * Whether `apply` with this config would change nothing and ask for nothing: last time it did neither, and
   * neither config nor snapshot has changed. The step depends on these two alone.
   */
  needsNoApply(job: Job): boolean {
    return this.#needless?.job === job && this.job === job && this.#needless.snapshot === this.snapshot;
  }

  post(event: JobEvent): void {
    this.#net.run(() => this.#host.post(event));
  }

  /** Lets go of the job without touching its child. */
  leave(): void {
    this.#host.end();
    this.#endRecovery();
    this.#net.run(() => this.#effects.leave());
  }

  /** Checks whether the process group still belongs to this child. */
  ownsGroup(child: SpawnedChild): boolean {
    return this.#effects.owns(child);
  }

  /** Whether another child than this one has been started since. */
  hasLaterChild({ pid, start }: ChildIdentity): boolean {
    const { child } = this.snapshot.context;
    return child !== null && (child.pid !== pid || child.start !== start);
  }

  get state(): JobState {
    return jobState(this.snapshot);
  }

  /** Whether a child is alive or being started. */
  get isUp(): boolean {
    return hasChild(this.snapshot.value);
  }

  get isUnwanted(): boolean {
    const { want } = this.snapshot.value;
    return this.isRemoved || typeof want === 'object';
  }

  /** Its child was started with an earlier config. */
  get hasOldConfig(): boolean {
    const { spec, runSpec } = this.snapshot.context;
    return this.isUp && !this.isEnding && spec !== runSpec;
  }

  /** Its child is replaced in its turn among the copies of its job. */
  get awaitsTurn(): boolean {
    return this.hasOldConfig && this.snapshot.context.awaitsTurn;
  }

  /**
   * The newest run that did not end by its stop signal, so that it was killed; null where this daemon knows
   * of none.
   */
  get killedRun(): number | null {
    return this.#killedRun;
  }

  get isRemoved(): boolean {
    return this.snapshot.value.want === 'Removed';
  }

  get isEnding(): boolean {
    const { child } = this.snapshot.value;
    return typeof child === 'object' && 'Ending' in child;
  }

  /** An earlier daemon began this stop, so the client that asked for it does not wait any more. */
  get isStopTakenOver(): boolean {
    return this.isEnding && this.snapshot.context.run === this.#takenOverRun;
  }

  get isTesting(): boolean {
    return this.snapshot.value.test === 'Testing';
  }

  /** The job has ended without being stopped and is not restarted, whatever its exit code. */
  get hasEnded(): boolean {
    return this.snapshot.matches({ child: { AtRest: 'Ended' } });
  }

  get isStoppedByHand(): boolean {
    const { want } = this.snapshot.value;
    return typeof want === 'object' && want.No === 'ByHand';
  }

  get isHeldByConfig(): boolean {
    const { want } = this.snapshot.value;
    return typeof want === 'object' && want.No === 'ByConfig';
  }

  /** Somebody has started it although its config disables it. */
  get isStartedByHand(): boolean {
    return this.snapshot.value.want === 'Yes' && !this.snapshot.context.policy.isEnabled;
  }

  /** A one-shot, or a run of a scheduled job: its exit code is its result. */
  get isMeantToEnd(): boolean {
    return this.job.schedule !== null || this.countsAs === 'finished';
  }

  /** It is restarted whenever it ends. */
  get neverFinishes(): boolean {
    return this.job.restart === 'always' && this.job.schedule === null;
  }

  /** The state that dependents wait for, unless their config names another. */
  get countsAs(): CountsAs {
    const { restart, ready, schedule } = this.job;
    return restart === 'never' && ready === null && schedule === null ? 'finished' : 'up';
  }

  /** Whether a job that waits for this one to be so may start. */
  isUpAs(is: CountsAs): boolean {
    switch (is) {
      case 'running':
        return this.state === 'running';
      case 'finished':
        return this.state === 'finished' || (this.state === 'waiting' && this.#hasSucceeded());
      case 'up':
        return this.state === 'running' || this.state === 'finished';
      default:
        return is satisfies never;
    }
  }

  /** A scheduled job waits for its next time after a success too. A run that somebody broke off is none. */
  #hasSucceeded(): boolean {
    const { context } = this.snapshot;
    const { lastExit, ending, policy } = context;
    return policy.hasSchedule && ending === 'itself' && lastExit !== null && !lastRunFailed(context);
  }

  /** A start that came to nothing says why until the next one. */
  get #reason(): string | null {
    const { startError, verdict } = this.snapshot.context;
    if (startError !== null) return startError;
    return this.state === 'backoff' && verdict?.verdict === 'unknown' ? `its test ${verdict.detail}` : null;
  }

  get nextStartAt(): string | null {
    const due = this.#host.dueAt('backoff') ?? this.#effects.dueAt;
    return due === null ? null : new Date(due).toISOString();
  }

  /** When the run that is being stopped is killed; null if none is being stopped. */
  get killedAt(): string | null {
    const due = this.#host.dueAt('stopTimeout');
    return due === null ? null : new Date(due).toISOString();
  }

  /** Why the last readiness probe failed; null where there was none. */
  get notReady(): string | null {
    return this.#effects.notReady;
  }

  /** `now` is the clock's `sinceBoot`, which is not free to ask. */
  status(now = this.world.clock.sinceBoot()): JobStatus {
    const { context } = this.snapshot;
    const { child, restarts, lastExit } = context;
    const verdict = this.#verdict;
    return {
      name: this.name,
      job: this.job.name,
      state: this.state,
      pid: this.#shownPid,
      startedAt: child?.at ?? null,
      restarts,
      test:
        verdict === null ? null : { verdict: verdict.verdict, exitCode: verdict.exitCode, at: verdict.at },
      lastExit,
      lastRunFailed: lastRunFailed(context),
      ...(this.hasOldConfig && { hasOldConfig: true as const }),
      ...(context.unhealthy !== null && { unhealthy: context.unhealthy.by }),
      stoppedByHand: this.isStoppedByHand,
      nextStartAt: this.nextStartAt,
      reason: this.#reason,
      description: this.job.description,
      tags: this.job.tags,
      ages: this.#ages.of(context, now),
    };
  }

  /** What the table of `status` shows of it; JSON leaves out what is undefined. */
  briefStatus(now: number): BriefJob {
    const { context } = this.snapshot;
    const { restarts, lastExit } = context;
    const verdict = this.#verdict;
    const { description, tags } = this.job;
    return {
      name: this.name,
      state: this.state,
      pid: this.#shownPid ?? undefined,
      restarts: restarts || undefined,
      test: verdict === null ? undefined : { verdict: verdict.verdict, exitCode: verdict.exitCode },
      lastExit: lastExit === null ? undefined : { code: lastExit.code, signal: lastExit.signal },
      lastRunFailed: lastRunFailed(context) || undefined,
      hasOldConfig: this.hasOldConfig || undefined,
      nextStartAt: this.nextStartAt ?? undefined,
      description: description ?? undefined,
      tags: tags.length === 0 ? undefined : tags,
      ages: context.child === null ? undefined : { up: this.#ages.upOf(context, now) },
    };
  }

  /** What its test says; null also where the config has taken the test away. */
  get #verdict(): Verdict | null {
    const { policy, verdict } = this.snapshot.context;
    return policy.hasTest ? verdict : null;
  }

  /** The other processes of its group have other pids. */
  get #shownPid(): number | null {
    return hasEndedByItself(this.snapshot) ? null : shownPid(this.snapshot.context.child);
  }
}

const changedNothing = ({ before, after }: JobStep): boolean =>
  before !== null && isSameRecord(before, after);
