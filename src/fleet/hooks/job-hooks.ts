import { isDeepStrictEqual } from 'node:util';
import {
  hookMachine,
  type Hook,
  type HookContext,
  type HookEffect,
  type HookSnapshot,
} from '../../../machines/hook.ts';
import type { Job } from '../../config/config.ts';
import { ChartHost } from '../../host/chart-host.ts';
import { Net, stackOf } from '../../host/net.ts';
import { guardedWorld } from '../../job/guarded-world.ts';
import { HookRunner } from '../../job/hook-runner.ts';
import { HookCounts, type HookTally } from './hook-counts.ts';
import { JobPrograms } from '../../job/job-programs.ts';
import type { DaemonLog } from '../../job/ports.ts';
import type { JobWorld } from '../../job/world.ts';
import type { Instance } from '../../plan/instances.ts';
import type { KeptHooks } from '../persisted/kept-hooks.ts';

export interface JobHooksOptions {
  readonly instance: Instance;
  readonly world: JobWorld;
  readonly log: DaemonLog;
  /** Null when nothing of it has to be remembered. */
  readonly keep: (kept: KeptHooks | null) => void;
  /** Called when the last hook has ended. */
  readonly onIdle: () => void;
}

/** The hooks of one instance. They may outlive it: the last one of a removed job runs to its end. */
export class JobHooks {
  /** The job with the config that it had when it entered the newest state that has a hook. */
  #job: Job;
  /** For each hook that runs or waits: the job with the config that it had when it entered the state. */
  readonly #jobs = new WeakMap<Hook, Job>();
  readonly #options: JobHooksOptions;
  readonly #host: ChartHost<typeof hookMachine>;
  readonly #runner: HookRunner;
  readonly #net: Net;
  readonly #counts = new HookCounts();
  #hasLeft = false;

  constructor(options: JobHooksOptions) {
    this.#options = options;
    const { name, number, job } = options.instance;
    this.#job = job;
    this.#net = new Net((error) => options.log.line(`job ${name} bug: ${stackOf(error)}`));
    const world = guardedWorld(options.world, this.#net);
    this.#runner = new HookRunner({
      ...world,
      instance: name,
      programs: (of) => new JobPrograms({ ...world, job: () => of, number, log: world.logPath(name) }),
      log: options.log,
      post: (event) => this.#host.post(event),
    });
    this.#host = new ChartHost({
      machine: hookMachine,
      clock: world.clock,
      keep: (step) => {
        this.#counts.note(step);
        this.#keep(step.after);
      },
      perform: (effect, after) => this.#performSoon(effect as HookEffect, after),
      onBug: (error) => this.#net.fault(error),
    });
  }

  get failure(): HookSnapshot['context']['failure'] {
    return this.#host.snapshot.context.failure;
  }

  /** What has become of the hooks for a state since this daemon began. */
  countsOf(state: string): HookTally {
    return this.#counts.of(state);
  }

  get isIdle(): boolean {
    return this.#host.snapshot.matches('Idle');
  }

  begin(): void {
    this.#host.begin(undefined);
  }

  /** Restores what an earlier daemon left; nothing moves before `resume`. Throws where it is of no use. */
  restore({ job, nextJob = job, value, context }: KeptHooks): void {
    this.#host.restore({ value, context });
    this.#job = nextJob;
    const { current, next } = this.#host.snapshot.context;
    if (current !== null) this.#jobs.set(current, job);
    if (next !== null) this.#jobs.set(next, nextJob);
  }

  /** Takes up what an earlier daemon left unfinished. */
  resume(): void {
    this.#net.run(() => {
      this.#host.rearm();
      this.#host.post({ type: 'Restored' });
    });
  }

  entered(job: Job, hook: Hook): void {
    this.#job = job;
    this.#jobs.set(hook, job);
    this.#net.run(() => this.#host.post({ type: 'Entered', hook }));
  }

  leave(): void {
    this.#hasLeft = true;
    this.#host.end();
    this.#net.run(() => this.#runner.leave());
  }

  #keep({ value, context }: HookSnapshot): void {
    const isOver = value === 'Idle';
    this.#options.keep(
      isOver && context.failure === null ? null : { ...this.#record(context), value, context },
    );
    if (isOver) this.#options.onIdle();
  }

  #record({ current, next }: HookContext): Pick<KeptHooks, 'number' | 'job' | 'nextJob'> {
    const { number } = this.#options.instance;
    const job = this.#jobOf(current);
    const nextJob = next === null ? job : this.#jobOf(next);
    return { number, job, ...(!isDeepStrictEqual(job, nextJob) && { nextJob }) };
  }

  #jobOf(hook: Hook | null): Job {
    return (hook === null ? undefined : this.#jobs.get(hook)) ?? this.#job;
  }

  /** Not within the step of the job, which is persisted only after this. */
  #performSoon(effect: HookEffect, { context }: HookSnapshot): void {
    const { number, current } = context;
    queueMicrotask(() => {
      if (!this.#hasLeft) this.#net.run(() => this.#perform(effect, number, current));
    });
  }

  #perform(effect: HookEffect, number: number, current: Hook | null): void {
    switch (effect) {
      case 'runHook':
        if (current !== null) this.#runner.run(number, current, this.#jobOf(current));
        return;
      case 'killHook':
        return this.#runner.kill(number);
      default:
        return effect satisfies never;
    }
  }
}
