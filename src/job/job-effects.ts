import { join } from 'node:path';
import type { JobEffect, JobEvent, JobSnapshot } from '../../machines/job.ts';
import type { CommandLine, Job, Ready } from '../config/config.ts';
import type {
  ChildExit,
  ChildIdentity,
  Files,
  Launch,
  Marker,
  Probes,
  Processes,
  Program,
  SpawnedChild,
} from './ports.ts';
import type { Clock, Timer } from '../host/clock.ts';
import { DueTime, type DueStore } from './due-time.ts';
import { jobEnvironment, markerOf, testEnvironment } from './environment.ts';
import { resolveReady } from '../config/values/ready.ts';
import { Probing } from './checks/probing.ts';
import { verdictOf } from './checks/verdict.ts';

/** How often a group on its way out is looked at: soon at first, then at leisure. */
const LOOK_FIRST_MS = 15;
const LOOK_LATER_MS = 100;

/** How often an adopted child is looked at: it is no child of this daemon, so no exit of it is announced. */
const ADOPTED_LOOK_MS = 1_000;

/** So long, and so often, must a child of ours be found gone before its exit is taken for lost: a daemon that stood still hears of it late. */
const EXIT_LOST = { ms: 5_000, looks: 3 } as const;

const VERDICT_EVENTS = { pass: 'TestPassed', fail: 'TestFailed', unknown: 'TestUnknown' } as const;

export interface JobWorld {
  readonly processes: Processes;
  readonly probes: Probes;
  readonly files: Files;
  readonly clock: Clock;
  readonly baseEnvironment: Readonly<Record<string, string>>;
  /** The id of the data folder, which marks the processes of its jobs. */
  readonly folderId: string;
  /** The umask that the daemon was started with; jobs inherit it. */
  readonly umask: number;
  readonly logPath: (instance: string) => string;
  /** The folder in which the exit codes of an instance's runs are recorded, each in a file of its own. */
  readonly exits: (instance: string) => string;
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
  /** Where the time that a scheduled job waits for outlives the daemon. */
  readonly dueKeeper: DueStore;
}

/** Does what the job chart asks for, with the ports of the world, and answers with events. */
export class JobEffects {
  readonly #options: JobEffectsOptions;
  #launch: { readonly run: number; readonly launch: Launch; isReleased: boolean } | null = null;
  #test: { end(): void } | null = null;
  #timedOut = false;
  #looking: Timer | null = null;
  #isCleared = false;
  /** What is to be done when the search for left-overs is over; null before it begins. */
  #afterClear: (() => void) | null = null;
  /** The newest run whose exit the chart has heard of, and the exit. */
  #exitTold = 0;
  /** A child of ours that was found gone although its exit has not been heard of. */
  #gone: { readonly run: number; readonly since: number; looks: number } | null = null;
  #lastExit: { readonly run: number; readonly exit: ChildExit } | null = null;
  readonly #probing: Probing;
  readonly #due: DueTime;

  constructor(options: JobEffectsOptions) {
    this.#options = options;
    const { world, job, post } = options;
    this.#probing = new Probing({
      ...world,
      ready: () => this.#ready(),
      program: (command) => this.#testProgram(command),
      logPath: world.logPath(options.instance),
      onReady: (run) => post({ type: 'Ready', run }),
    });
    this.#due = new DueTime({
      clock: world.clock,
      keeper: options.dueKeeper,
      schedule: () => job().schedule,
      onDue: () => post({ type: 'Due' }),
    });
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
        return this.#releaseChild(snapshot.context.run);
      case 'stopGroup':
        return this.#stopGroup(snapshot, this.#options.job().stopSignal);
      case 'killGroup':
        return this.#stopGroup(snapshot, 'SIGKILL');
      case 'probeChild':
        return this.#probeChild(snapshot);
      case 'awaitDue':
        return this.#due.begin(snapshot.context.run);
      case 'cancelDue':
        // The same wait goes on where it is only looked at anew, and with the next daemon.
        return this.#due.end({
          broken:
            snapshot.matches({ child: { Waiting: 'ForTime' } }) ||
            snapshot.matches({ want: { No: 'ByDie' } }),
        });
      case 'forgetJob':
        return this.#options.forget();
      default:
        return effect satisfies never;
    }
  }

  /** Watches a child that an earlier daemon started: no exit of it is announced, so it is looked at, now and then each second. */
  adopt(run: number, child: SpawnedChild): void {
    const isOver = (): boolean => {
      if (this.#options.world.processes.look(child, this.#marker()) === 'alive') return false;
      if (this.#exitTold < run && !this.#isExitLost(run)) return false;
      this.#tellExit(
        run,
        this.#lastExit?.run === run ? this.#lastExit.exit : this.#exitOfAdopted(run, child),
      );
      return true;
    };
    if (!isOver()) this.#look(ADOPTED_LOOK_MS, ADOPTED_LOOK_MS, isOver);
  }

  /** Whether something of the child of this identity lives. */
  owns(child: ChildIdentity): boolean {
    return this.#options.world.processes.look(child, this.#marker()) !== 'gone';
  }

  /** What the last look said against a started child's being ready. */
  get notReady(): string | null {
    return this.#probing.trouble;
  }

  /** The time that a scheduled job waits for, in milliseconds since 1970. */
  get dueAt(): number | null {
    return this.#due.at;
  }

  /** Stops watching; the child lives on. */
  leave(): void {
    this.#looking?.clear();
    this.#cancelTest();
    this.#probing.end();
    this.#due.end({ broken: true });
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
        exits: world.exits(instance),
        exitFile: decidesByCode(job) ? this.#exitFile(run) : null,
        stopTimeoutMs: job.stopTimeoutMs,
      },
      {
        spawned: (child) =>
          post({
            type: 'Spawned',
            run,
            ...child,
            mark: world.folderId,
            at: this.#now(),
            ...this.#logMark(),
          }),
        failed: ({ detail, lasting }) => post({ type: 'SpawnFailed', run, detail, lasting }),
        exited: (exit) => this.#tellEnd(entry, exit),
      },
    );
    const entry = { run, launch, isReleased: false };
    this.#launch = entry;
  }

  /**
   * Before the first launch, what an earlier daemon may have left of this instance without a record is ended: there is never
   * a second copy. One search at a time: another would take the child that comes after the first for a left-over.
   */
  #clearFirst(run: number): void {
    let isCancelled = false;
    const cancel: Launch['cancel'] = (gone) => {
      isCancelled = true;
      gone?.();
    };
    this.#launch = { run, launch: { release: () => undefined, cancel }, isReleased: false };
    const isUnderWay = this.#afterClear !== null;
    this.#afterClear = () => {
      if (!isCancelled) this.#spawnChild(run);
    };
    if (isUnderWay) return;
    this.#options.world.processes.clear(this.#marker(), () => {
      this.#isCleared = true;
      this.#afterClear?.();
    });
  }

  /** A record that could not be kept means that the program must not begin; the gate then never opens. */
  #releaseChild(run: number): void {
    if (this.#launch === null) return;
    this.#launch.isReleased = this.#options.isKept();
    if (this.#launch.isReleased) return this.#launch.launch.release();
    this.#launch.launch.cancel();
    this.#noteExit(run);
    this.#options.post({
      type: 'SpawnFailed',
      run,
      lasting: false,
      detail: 'its record could not be written, so it was not let run',
    });
  }

  /** Asks or forces the group to end, then looks until nothing of it is left. */
  #stopGroup(snapshot: JobSnapshot, signal: NodeJS.Signals): void {
    const { run, child } = snapshot.context;
    const { processes } = this.#options.world;
    this.#probing.end();
    if (child !== null) this.#due.noteStart(Date.parse(child.at));
    if (child === null) return this.#sendAway(run);
    if (this.#launch?.run === run) this.#launch.launch.cancel();
    const marker = this.#marker();
    // Not within the step: when very many jobs end at once, each has to be looked at closely.
    this.#lookAfter(0, () => {
      processes.signalAll(child, marker, signal);
      // One that stands still hears of the signal only when it goes on.
      if (signal !== 'SIGKILL') processes.signal(child, 'SIGCONT');
      this.#look(0, LOOK_LATER_MS, () => {
        if (processes.look(child, marker) !== 'gone') return false;
        if (this.#exitTold !== run && snapshot.context.ending !== 'itself') {
          if (!this.#isExitLost(run)) return false;
          this.#tellExit(run, this.#exitOfAdopted(run, child));
        }
        this.#options.post({ type: 'GroupGone', run });
        return true;
      });
    });
  }

  /**
   * Whether the exit of a child that is gone will not be heard of any more. A child of ours says it itself, a moment later; only an
   * exception on the way from the system to here can keep it from that.
   */
  #isExitLost(run: number): boolean {
    if (this.#launch?.run !== run) return true;
    const now = this.#options.world.clock.monotonic();
    if (this.#gone?.run !== run) this.#gone = { run, since: now, looks: 0 };
    this.#gone.looks += 1;
    return this.#gone.looks >= EXIT_LOST.looks && now - this.#gone.since >= EXIT_LOST.ms;
  }

  /** One that was never told of cannot be looked at, but says itself when it is gone. */
  #sendAway(run: number): void {
    const gone = (): void => this.#options.post({ type: 'GroupGone', run });
    if (this.#launch?.run === run) this.#launch.launch.cancel(gone);
    else gone();
  }

  /** Calls `isOver` after a while and again, at growing intervals, until it says true or another look begins. */
  #look(firstMs: number, laterMs: number, isOver: () => boolean): void {
    this.#lookAfter(firstMs, () => {
      if (!isOver()) this.#look(Math.min(laterMs, Math.max(LOOK_FIRST_MS, firstMs * 2)), laterMs, isOver);
    });
  }

  /** One look at a time: a later one takes the place of an earlier one that has not begun. */
  #lookAfter(ms: number, look: () => void): void {
    this.#looking?.clear();
    this.#looking = this.#options.world.clock.after(ms, look);
  }

  /** Where the output of a child that is still at its gate will begin, if that will be looked at. */
  #logMark(): { readonly logFrom?: number } {
    const { world, instance, job } = this.#options;
    return job().ready?.kind === 'log' ? { logFrom: world.probes.logSize(world.logPath(instance)) } : {};
  }

  #probeChild({ context }: JobSnapshot): void {
    // One that was not let run will never be ready.
    if (this.#launch?.run === context.run && !this.#launch.isReleased) return;
    this.#probing.begin(context.run, context.child?.logFrom ?? 0);
  }

  #exitFile(run: number): string {
    return join(this.#options.world.exits(this.#options.instance), String(run));
  }

  /** Nobody saw the exit of an adopted child, but a shell that it was launched with may have recorded it. */
  #exitOfAdopted(run: number, child: SpawnedChild): ChildExit {
    const recorded =
      child.program === undefined ? null : this.#options.world.processes.recordedExit(this.#exitFile(run));
    return recorded ?? { code: null, signal: null };
  }

  /** A child that was never let out of its gate has not run: that is no exit of the job. */
  #tellEnd(
    { run, isReleased }: { readonly run: number; readonly isReleased: boolean },
    exit: ChildExit,
  ): void {
    if (isReleased) this.#tellExit(run, exit);
    else this.#noteExit(run);
  }

  #tellExit(run: number, { code, signal }: ChildExit): void {
    this.#noteExit(run);
    this.#lastExit = { run, exit: { code, signal } };
    this.#options.post({ type: 'ChildExited', run, code, signal, at: this.#now() });
  }

  /** The end of an older run may be heard of late. */
  #noteExit(run: number): void {
    this.#exitTold = Math.max(this.#exitTold, run);
  }

  #program(command: CommandLine): Program {
    return { exe: command.exe, args: command.args, cwd: this.#options.job().cwd, env: this.#environment() };
  }

  #testProgram(command: CommandLine): Program {
    const program = this.#program(command);
    return { ...program, env: testEnvironment(program.env) };
  }

  /** With the variables of the job; where one is lost, since this daemon has another environment, no try succeeds. */
  #ready(): Ready | null {
    const { ready } = this.#options.job();
    if (ready?.written === undefined) return ready;
    const variables = this.#environment();
    const resolved = resolveReady(ready, { variables, home: variables['HOME'] ?? '' });
    return resolved.ok ? resolved.value : ready;
  }

  #environment(): Record<string, string> {
    const { world, number, job } = this.#options;
    return jobEnvironment(world.baseEnvironment, job(), number, world.folderId);
  }

  #marker(): Marker {
    return markerOf(this.#environment());
  }

  #now(): string {
    return new Date(this.#options.world.clock.wall()).toISOString();
  }
}

/** An exit code decides something unless the job always comes back. */
function decidesByCode({ restart, schedule }: Job): boolean {
  return restart !== 'always' || schedule !== null;
}
