import type { SnapshotFrom } from 'xstate';
import type { JobEffect, JobEvent, jobMachine } from '../../machines/job.ts';
import type { Command, Job } from '../config/config.ts';
import type { ChildExit, ChildIdentity, Clock, Launch, Marker, Processes, Program, Timer } from '../host/ports.ts';
import { jobEnvironment, markerOf, testEnvironment } from './environment.ts';
import { verdictOf } from './verdict.ts';

/** How often a group on its way out is looked at: soon at first, then at leisure. */
const LOOK_FIRST_MS = 15;
const LOOK_LATER_MS = 100;

/** How often an adopted child is looked at: it is no child of this daemon, so no exit of it is announced. */
const ADOPTED_LOOK_MS = 1_000;

const VERDICT_EVENTS = { pass: 'TestPassed', fail: 'TestFailed', unknown: 'TestUnknown' } as const;

export interface JobWorld {
  readonly processes: Processes;
  readonly clock: Clock;
  readonly baseEnvironment: Readonly<Record<string, string>>;
  /** The umask that the daemon was started with; jobs inherit it. */
  readonly umask: number;
  readonly logPath: (instance: string) => string;
  /** Where the exit code of an instance's child is written for a later daemon. */
  readonly exitFile: (instance: string) => string;
}

export interface JobEffectsOptions {
  readonly instance: string;
  /** The number of the instance where the config asks for several. */
  readonly number: string | null;
  /** The job's config as it is now. */
  readonly job: () => Job;
  readonly world: JobWorld;
  readonly post: (event: JobEvent) => void;
  /** False while the last step could not be kept: then nothing may begin. */
  readonly isKept: () => boolean;
  readonly forget: () => void;
}

type JobSnapshot = SnapshotFrom<typeof jobMachine>;

/** Does what the job chart asks for, with the ports of the world, and answers with events. */
export class JobEffects {
  readonly #options: JobEffectsOptions;
  #launch: { readonly run: number; readonly launch: Launch } | null = null;
  #test: { end(): void } | null = null;
  #timedOut = false;
  #looking: Timer | null = null;
  #isCleared = false;
  /** The run whose exit the chart has heard of. */
  #exitTold = 0;

  constructor(options: JobEffectsOptions) {
    this.#options = options;
  }

  perform(effect: JobEffect, snapshot: JobSnapshot): void {
    switch (effect) {
      case 'runTest':
        return this.#runTest(snapshot.context.test);
      case 'endTest':
        this.#timedOut = true;
        return this.#test?.end();
      case 'cancelTest':
        return this.#cancelTest();
      case 'spawnChild':
        return this.#spawnChild(snapshot.context.run);
      case 'releaseChild':
        return this.#releaseChild();
      case 'stopGroup':
        return this.#stopGroup(snapshot, this.#options.job().stopSignal);
      case 'killGroup':
        return this.#stopGroup(snapshot, 'SIGKILL');
      case 'probeChild':
      case 'awaitDue':
      case 'cancelDue':
        return;
      case 'forgetJob':
        return this.#options.forget();
      default:
        return effect satisfies never;
    }
  }

  /** Watches a child that an earlier daemon started: no exit of it is announced, so it is looked at, now and then each second. */
  adopt(run: number, child: ChildIdentity): void {
    const isOver = (): boolean => {
      if (this.#options.world.processes.look(child, this.#marker()) === 'alive') return false;
      this.#tellExit(run, this.#exitOfAdopted());
      return true;
    };
    if (!isOver()) this.#look(ADOPTED_LOOK_MS, ADOPTED_LOOK_MS, isOver);
  }

  /** Whether something of the child of this identity lives. */
  owns(child: ChildIdentity): boolean {
    return this.#options.world.processes.look(child, this.#marker()) !== 'gone';
  }

  /** Stops watching; the child lives on. */
  leave(): void {
    this.#looking?.clear();
    this.#cancelTest();
  }

  #runTest(test: number): void {
    const job = this.#options.job();
    if (job.test === null) return;
    this.#timedOut = false;
    const running = this.#options.world.processes.runTest(this.#testProgram(job.test), (end) => {
      if (this.#test !== running) return;
      this.#test = null;
      const { verdict, ...particulars } = verdictOf(end, this.#timedOut ? job.testTimeoutMs : null);
      this.#options.post({ type: VERDICT_EVENTS[verdict], test, at: this.#now(), ...particulars });
    });
    this.#test = running;
  }

  #cancelTest(): void {
    const running = this.#test;
    this.#test = null;
    running?.end();
  }

  #spawnChild(run: number): void {
    const { world, instance, post } = this.#options;
    const job = this.#options.job();
    this.#looking?.clear();
    this.#launch?.launch.cancel();
    if (!this.#isCleared) return this.#clearFirst(run);
    const launch = world.processes.launch(
      {
        ...this.#program(job.command),
        umask: job.umask ?? world.umask,
        log: { path: world.logPath(instance), policy: job.log },
        exitFile: this.#exitFile(),
      },
      {
        spawned: (child) => post({ type: 'Spawned', run, ...child, at: this.#now() }),
        failed: ({ detail, lasting }) => post({ type: 'SpawnFailed', run, detail, lasting }),
        exited: (exit) => this.#tellExit(run, exit),
      },
    );
    this.#launch = { run, launch };
  }

  /** Before the first launch, what an earlier daemon may have left of this instance without a record is ended: there is never a second copy. */
  #clearFirst(run: number): void {
    const cancelled = { is: false };
    this.#launch = { run, launch: { release: () => undefined, cancel: () => (cancelled.is = true) } };
    this.#options.world.processes.clear(this.#marker(), () => {
      this.#isCleared = true;
      if (!cancelled.is) this.#spawnChild(run);
    });
  }

  /** A record that could not be kept means that the program must not begin. */
  #releaseChild(): void {
    if (this.#options.isKept()) this.#launch?.launch.release();
    else this.#launch?.launch.cancel();
  }

  /** Asks or forces the group to end, then looks until nothing of it is left. */
  #stopGroup(snapshot: JobSnapshot, signal: NodeJS.Signals): void {
    const { run, child } = snapshot.context;
    const { processes } = this.#options.world;
    if (this.#launch?.run === run) this.#launch.launch.cancel();
    if (child === null) {
      this.#options.post({ type: 'GroupGone', run });
      return;
    }
    const marker = this.#marker();
    processes.signalAll(child, marker, signal);
    // One that stands still hears of the signal only when it goes on.
    if (signal !== 'SIGKILL') processes.signal(child, 'SIGCONT');
    this.#look(0, LOOK_LATER_MS, () => {
      if (processes.look(child, marker) !== 'gone') return false;
      if (this.#exitTold !== run && snapshot.context.ending !== 'itself') {
        // Of a child of ours it is on its way.
        if (this.#launch?.run === run) return false;
        this.#tellExit(run, this.#exitOfAdopted());
      }
      this.#options.post({ type: 'GroupGone', run });
      return true;
    });
  }

  /** Calls `isOver` after a while and again, at growing intervals, until it says true or another look begins. */
  #look(firstMs: number, laterMs: number, isOver: () => boolean): void {
    this.#looking?.clear();
    this.#looking = this.#options.world.clock.after(firstMs, () => {
      if (!isOver()) this.#look(Math.min(laterMs, Math.max(LOOK_FIRST_MS, firstMs * 2)), laterMs, isOver);
    });
  }

  /** An exit code decides something unless the job always comes back. */
  #exitFile(): string | null {
    const { restart, schedule } = this.#options.job();
    return restart === 'always' && schedule === null ? null : this.#options.world.exitFile(this.#options.instance);
  }

  /** Nobody saw the exit of an adopted child, but its shell may have written it down. */
  #exitOfAdopted(): ChildExit {
    const file = this.#exitFile();
    const recorded = file === null ? null : this.#options.world.processes.recordedExit(file);
    return recorded ?? { code: null, signal: null };
  }

  #tellExit(run: number, { code, signal }: ChildExit): void {
    this.#exitTold = run;
    this.#options.post({ type: 'ChildExited', run, code, signal, at: this.#now() });
  }

  #program(command: Command): Program {
    return { exe: command.exe, args: command.args, cwd: this.#options.job().cwd, env: this.#environment() };
  }

  #testProgram(command: Command): Program {
    const program = this.#program(command);
    return { ...program, env: testEnvironment(program.env) };
  }

  #environment(): Record<string, string> {
    const { world, number, job } = this.#options;
    return jobEnvironment(world.baseEnvironment, job(), number);
  }

  #marker(): Marker {
    return markerOf(this.#environment());
  }

  #now(): string {
    return new Date(this.#options.world.clock.wall()).toISOString();
  }
}
