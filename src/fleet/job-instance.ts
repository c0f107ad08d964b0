import { isDeepStrictEqual } from 'node:util';
import type { JobEffect, JobEvent, JobSnapshot } from '../../machines/job.ts';
import { jobMachine } from '../../machines/job.ts';
import type { DependencyState, Job } from '../config/config.ts';
import type { Kept, Step } from '../host/chart-host.ts';
import { ChartHost } from '../host/chart-host.ts';
import type { JobWorld } from '../job/job-effects.ts';
import { JobEffects } from '../job/job-effects.ts';
import type { DueStore } from '../job/due-time.ts';
import type { Instance } from '../plan/instances.ts';
import { hasChild, jobState } from '../plan/job-state.ts';
import { policyOf } from '../plan/policy.ts';
import type { JobState } from '../plan/job-state.ts';
import type { JobStatus } from '../wire/messages.ts';
import { Ages } from './ages.ts';
import { fingerprint } from './fingerprint.ts';
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
  readonly dueKeeper: DueStore;
}

/** One instance of a job: its config, its chart at work, and what users are told of it. */
export class JobInstance {
  readonly name: string;
  readonly number: string | null;
  job: Job;
  readonly #host: ChartHost<typeof jobMachine>;
  readonly #effects: JobEffects;
  readonly #ages: Ages;
  readonly #world: JobWorld;
  #isKept = true;

  constructor({ instance, world, keep, forget, dueKeeper }: JobInstanceOptions) {
    this.name = instance.name;
    this.number = instance.number;
    this.job = instance.job;
    this.#world = world;
    this.#ages = new Ages(world.clock);
    this.#effects = new JobEffects({
      instance: this.name,
      number: this.number,
      job: () => this.job,
      world,
      post: (event) => this.post(event),
      isKept: () => this.#isKept,
      dueKeeper,
      forget: () => {
        this.#host.end();
        forget(this.name);
      },
    });
    this.#host = new ChartHost({
      machine: jobMachine,
      clock: world.clock,
      keep: (step) => {
        this.#ages.note(step.after.context);
        this.#isKept = keep(this.name, step);
      },
      perform: (effect, after) => this.#effects.perform(effect as JobEffect, after),
    });
  }

  get snapshot(): JobSnapshot {
    return this.#host.snapshot;
  }

  /** A job that nobody knew yet. */
  begin(): void {
    this.#host.begin({ name: this.name, policy: policyOf(this.job), spec: fingerprint(this.job) });
  }

  /** A job that an earlier daemon kept; nothing moves before `takeUp`. */
  restore(kept: Kept): void {
    this.#host.restore(kept);
    const { context } = this.snapshot;
    const { child } = context;
    this.#ages.noteOlder(context, child === null ? null : this.#world.processes.startedAt(child));
  }

  /** The daemon that wrote its config ended before the job heard of it. */
  get isBehindItsConfig(): boolean {
    const { policy, spec } = this.snapshot.context;
    return spec !== fingerprint(this.job) || !isDeepStrictEqual(policy, policyOf(this.job));
  }

  /** Adopts a child of the earlier daemon that lives, notices one that died, and lets timers run; `Restored` is to follow. */
  takeUp(): void {
    const { run, child } = this.snapshot.context;
    this.#host.rearm();
    if (child !== null && !this.isEnding) this.#effects.adopt(run, child);
  }

  /** Its daemon took it down on request; the next trigger or `Restored` brings it back. */
  get wentDownWithDaemon(): boolean {
    const { want } = this.snapshot.value;
    return typeof want === 'object' && want.No === 'ByDie';
  }

  /** The trigger, with the job's config as it is now. */
  apply(job: Job): void {
    this.job = job;
    this.post({ type: 'Apply', policy: policyOf(job), spec: fingerprint(job) });
  }

  post(event: JobEvent): void {
    this.#host.post(event);
  }

  /** Lets go of the job without touching its child. */
  leave(): void {
    this.#host.end();
    this.#effects.leave();
  }

  /** Looks whether the child's process group is still its own. */
  ownsGroup(): boolean {
    const { child } = this.snapshot.context;
    return child !== null && this.#effects.owns(child);
  }

  get state(): JobState {
    return jobState(this.snapshot);
  }

  /** A child lives, or is about to. */
  get isUp(): boolean {
    return hasChild(this.snapshot.value);
  }

  get isUnwanted(): boolean {
    const { want } = this.snapshot.value;
    return this.isRemoved || typeof want === 'object';
  }

  get isRemoved(): boolean {
    return this.snapshot.value.want === 'Removed';
  }

  get isEnding(): boolean {
    const { child } = this.snapshot.value;
    return typeof child === 'object' && 'Ending' in child;
  }

  get isTesting(): boolean {
    return this.snapshot.value.test === 'Testing';
  }

  /** It has ended by itself and is not restarted, whatever its exit code was. */
  get hasEnded(): boolean {
    return this.snapshot.matches({ child: { AtRest: 'Ended' } });
  }

  get isStoppedByHand(): boolean {
    const { want } = this.snapshot.value;
    return typeof want === 'object' && want.No === 'ByHand';
  }

  /** A one-shot, or a run of a scheduled job: it ends by itself, and its exit code is its result. */
  get isMeantToEnd(): boolean {
    return this.job.schedule !== null || this.countsAs === 'finished';
  }

  /** What a job that comes after this one waits for unless its config says otherwise. */
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

  /** A scheduled job waits for its next time after a success too. */
  #hasSucceeded(): boolean {
    const { lastExit, policy } = this.snapshot.context;
    return policy.hasSchedule && lastExit?.code != null && policy.successCodes.includes(lastExit.code);
  }

  get nextStartAt(): string | null {
    const due = this.#host.dueAt('backoff') ?? this.#effects.dueAt;
    return due === null ? null : new Date(due).toISOString();
  }

  /** What the last look said against its being ready; null where nobody looks, or has not yet. */
  get notReady(): string | null {
    return this.#effects.notReady;
  }

  /** `now` is the clock's `sinceBoot`, which is not free to ask. */
  status(now = this.#world.clock.sinceBoot()): JobStatus {
    const { context } = this.snapshot;
    const { child, restarts, verdict, lastExit } = context;
    return {
      name: this.name,
      job: this.job.name,
      state: this.state,
      pid: shownPid(child),
      startedAt: child?.at ?? null,
      restarts,
      test:
        verdict === null ? null : { verdict: verdict.verdict, exitCode: verdict.exitCode, at: verdict.at },
      lastExit,
      stoppedByHand: this.isStoppedByHand,
      nextStartAt: this.nextStartAt,
      description: this.job.description,
      ages: this.#ages.of(context, now),
    };
  }
}
