import { hookMachine, type Hook, type HookEffect, type HookSnapshot } from '../../../machines/hook.ts';
import { ChartHost, type Kept } from '../../host/chart-host.ts';
import { Net, stackOf } from '../../host/net.ts';
import { guardedWorld } from '../../job/guarded-world.ts';
import { HookRunner } from '../../job/hook-runner.ts';
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
  #instance: Instance;
  readonly #options: JobHooksOptions;
  readonly #host: ChartHost<typeof hookMachine>;
  readonly #runner: HookRunner;
  readonly #net: Net;
  #hasLeft = false;

  constructor(options: JobHooksOptions) {
    this.#options = options;
    this.#instance = options.instance;
    const { name, number } = options.instance;
    this.#net = new Net((error) => options.log.line(`job ${name} bug: ${stackOf(error)}`));
    const world = guardedWorld(options.world, this.#net);
    const job = (): Instance['job'] => this.#instance.job;
    this.#runner = new HookRunner({
      ...world,
      instance: name,
      job,
      programs: new JobPrograms({ ...world, job, number, log: world.logPath(name) }),
      log: options.log,
      post: (event) => this.#host.post(event),
    });
    this.#host = new ChartHost({
      machine: hookMachine,
      clock: world.clock,
      keep: ({ after }) => this.#keep(after),
      perform: (effect, after) => this.#performSoon(effect as HookEffect, after),
      onBug: (error) => this.#net.fault(error),
    });
  }

  get failure(): HookSnapshot['context']['failure'] {
    return this.#host.snapshot.context.failure;
  }

  get isIdle(): boolean {
    return this.#host.snapshot.matches('Idle');
  }

  begin(): void {
    this.#host.begin(undefined);
  }

  /** Restores what an earlier daemon left; nothing moves before `resume`. Throws where it is of no use. */
  restore(kept: Kept): void {
    this.#host.restore(kept);
  }

  /** Takes up what an earlier daemon left unfinished. */
  resume(): void {
    this.#net.run(() => {
      this.#host.rearm();
      this.#host.post({ type: 'Restored' });
    });
  }

  entered(instance: Instance, hook: Hook): void {
    this.#instance = instance;
    this.#net.run(() => this.#host.post({ type: 'Entered', hook }));
  }

  leave(): void {
    this.#hasLeft = true;
    this.#host.end();
    this.#net.run(() => this.#runner.leave());
  }

  #keep({ value, context }: HookSnapshot): void {
    const { number, job } = this.#instance;
    const isOver = value === 'Idle';
    this.#options.keep(isOver && context.failure === null ? null : { number, job, value, context });
    if (isOver) this.#options.onIdle();
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
        if (current !== null) this.#runner.run(number, current);
        return;
      case 'killHook':
        return this.#runner.kill(number);
      default:
        return effect satisfies never;
    }
  }
}
