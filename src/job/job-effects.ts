import type { JobEffect, JobEvent, JobSnapshot } from '../../machines/job.ts';
import type { CommandLine, Job } from '../config/config.ts';
import { AliveChecks } from './checks/alive-checks.ts';
import { MemoryLimit } from './checks/memory-limit.ts';
import { Probing } from './checks/probing.ts';
import { ChildControl } from './child-control.ts';
import { DueTime, type DueStore } from './due-time.ts';
import { JobPrograms } from './job-programs.ts';
import type { Program, SpawnedChild } from './ports.ts';
import { TestRunner } from './test-runner.ts';
import type { JobWorld } from './world.ts';

export interface JobEffectsOptions {
  readonly instance: string;
  /** The number of the instance where the config asks for several. */
  readonly number: string | null;
  /** The current config of the job. */
  readonly job: () => Job;
  readonly world: JobWorld;
  readonly post: (event: JobEvent) => void;
  /** False while the disk has refused the last step: then no program may begin. */
  readonly isKept: () => boolean;
  readonly forget: () => void;
  /** Persists the time that a scheduled job waits for. */
  readonly dueStore: DueStore;
}

/** Performs the effects of the job chart through the ports of the world, and answers with events. */
export class JobEffects {
  readonly #options: JobEffectsOptions;
  readonly #test: TestRunner;
  readonly #child: ChildControl;
  readonly #probing: Probing;
  readonly #alive: AliveChecks;
  readonly #memory: MemoryLimit;
  readonly #due: DueTime;

  constructor(options: JobEffectsOptions) {
    this.#options = options;
    const { world, job, post, instance, isKept, number } = options;
    // Named one by one: V8 gives every object that begins with a spread a hidden class of its own.
    const { processes, probes, clock, baseEnvironment, folderId } = world;
    const log = world.logPath(instance);
    const programs = new JobPrograms({ job, number, baseEnvironment, folderId, log });
    const program = (command: CommandLine): Program => programs.test(command);
    this.#test = new TestRunner({ job, programs, processes, clock, post });
    this.#child = new ChildControl({ instance, job, world, programs, post, isKept });
    this.#probing = new Probing({
      probes,
      processes,
      clock,
      ready: () => programs.ready(),
      program,
      logPath: log,
      onReady: (run) => post({ type: 'Ready', run }),
    });
    this.#alive = new AliveChecks({
      probes,
      processes,
      clock,
      alive: () => programs.alive(),
      program,
      onPass: (run) => post({ type: 'AlivePassed', run }),
      onFail: (run, detail) => {
        if (!this.#child.seesEnd()) post({ type: 'AliveFailed', run, detail });
      },
    });
    this.#memory = new MemoryLimit({
      memory: world.memory,
      maxBytes: () => job().maxMemoryBytes,
      onOver: (run, bytes) => post({ type: 'OverMemory', run, bytes }),
      onWithin: (run) => post({ type: 'WithinMemory', run }),
    });
    this.#due = new DueTime({
      clock,
      store: options.dueStore,
      schedule: () => job().schedule,
      onDue: () => post({ type: 'Due' }),
    });
  }

  perform(effect: JobEffect, snapshot: JobSnapshot): void {
    const { context } = snapshot;
    switch (effect) {
      case 'runTest':
        return this.#test.run(context.test);
      case 'endTest':
        return this.#test.timeOut();
      case 'cancelTest':
        return this.#test.cancel();
      case 'spawnChild':
        return this.#child.spawn(context.run, context.lastExit !== null);
      case 'releaseChild':
        return this.#child.release(context.run);
      case 'stopGroup':
        return this.#stopGroup(snapshot, this.#options.job().stopSignal);
      case 'killGroup':
        return this.#stopGroup(snapshot, 'SIGKILL');
      case 'probeChild':
        // A child that was not let run will never be ready.
        if (this.#child.isAtGate(context.run)) return;
        return this.#probing.begin(context.run, context.child?.logFrom, context.child?.logAfter);
      case 'checkHealth':
        this.#alive.begin(context.run, context.aliveFailures > 0);
        if (context.child !== null) this.#memory.begin(context.run, context.child, context.isOverMemory);
        return;
      case 'awaitDue':
        return this.#due.begin(context.run);
      case 'cancelDue':
        return this.#due.end({ resumes: resumesWait(snapshot) });
      case 'forgetJob':
        return this.#options.forget();
      default:
        return effect satisfies never;
    }
  }

  /** Polls a child that an earlier daemon started. */
  adopt(run: number, child: SpawnedChild): void {
    this.#child.adopt(run, child);
  }

  /** Whether the number of this child is still its process group. */
  owns(child: SpawnedChild): boolean {
    return this.#child.owns(child);
  }

  /** Why the last probe of a started child failed; null before the first one. */
  get notReady(): string | null {
    return this.#probing.failure;
  }

  /** The time that a scheduled job waits for, in milliseconds since 1970. */
  get dueAt(): number | null {
    return this.#due.at;
  }

  /** Takes back a launch that has not been let run: a restored chart begins another one. */
  takeBackLaunch(): void {
    this.#child.takeBackLaunch();
  }

  /** Ends every timer, test and probe; the child lives on. */
  leave(): void {
    this.#child.leave();
    this.#test.cancel();
    this.#probing.end();
    this.#alive.end();
    this.#memory.end();
    this.#due.end({ resumes: true });
  }

  #stopGroup(snapshot: JobSnapshot, signal: NodeJS.Signals): void {
    const { child } = snapshot.context;
    this.#probing.end();
    this.#alive.end();
    this.#memory.end();
    if (child !== null) this.#due.noteStart(Date.parse(child.at));
    this.#child.stop(snapshot, signal);
  }
}

/**
 * Whether the same wait goes on: the chart has only re-entered its state, or the next daemon takes the wait
 * over.
 */
function resumesWait(snapshot: JobSnapshot): boolean {
  return snapshot.matches({ child: { Waiting: 'ForTime' } }) || snapshot.matches({ want: { No: 'ByDie' } });
}
