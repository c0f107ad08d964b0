import { join } from 'node:path';
import type { JobEvent, JobSnapshot } from '../../machines/job.ts';
import type { Job } from '../config/config.ts';
import { rotatedLog } from '../data-folder.ts';
import { ExitReports } from './exit-reports.ts';
import type { JobWorld } from './world.ts';
import type { JobPrograms } from './job-programs.ts';
import { Poll } from './poll.ts';
import type { ChildExit, Launch, SpawnedChild, WhenDrained } from './ports.ts';

/** The longest interval between two polls of a process group that is ending. */
const ENDING_POLL_MS = 100;

/**
 * The same before the exit of its leader, which the system announces to this daemon. Thousands of jobs that
 * are stopped together would otherwise be polled more often than they can be.
 */
const ANNOUNCED_POLL_MS = 1_000;

/**
 * How often an adopted child is polled: it is no child process of this daemon, so the system does not
 * announce its exit.
 */
const ADOPTED_POLL_MS = 1_000;

export interface ChildControlOptions {
  readonly instance: string;
  readonly job: () => Job;
  readonly world: JobWorld;
  readonly programs: JobPrograms;
  readonly post: (event: JobEvent) => void;
  /** False while the disk has refused the last step: then no program may begin. */
  readonly isKept: () => boolean;
}

interface LaunchedRun {
  readonly run: number;
  readonly launch: Launch;
  isReleased: boolean;
  /** It has ended, and its output is not in its log yet. */
  isDraining: boolean;
}

/** Starts, adopts and stops the child of one instance. */
export class ChildControl {
  readonly #options: ChildControlOptions;
  readonly #poll: Poll;
  readonly #exits: ExitReports;
  #launch: LaunchedRun | null = null;
  /** Polls the group that is ending, from now on; null where none is. */
  #pollEnding: (() => void) | null = null;
  /** Looks whether an adopted child has ended, and posts its exit; null where none is looked after. */
  #seesEnd: (() => boolean) | null = null;
  #isCleared = false;
  /** What to do when the search for left-over processes is done; null where none is under way. */
  #afterClear: (() => void) | null = null;

  constructor(options: ChildControlOptions) {
    this.#options = options;
    this.#poll = new Poll(options.world.clock);
    this.#exits = new ExitReports({ clock: options.world.clock, post: options.post });
  }

  /** `hasEnded`: a run of this instance has ended, so its record names its processes. */
  spawn(run: number, hasEnded: boolean): void {
    const { world, instance, programs } = this.#options;
    const job = this.#options.job();
    this.leave();
    this.#launch?.launch.cancel();
    if (!this.#isCleared) return this.#clearFirst(run, hasEnded);
    const { exe, args, cwd, env } = programs.main();
    const launch = world.processes.launch(
      {
        exe,
        args,
        cwd,
        env,
        umask: job.umask ?? world.umask,
        limits: job.limits,
        nice: job.nice,
        log: { path: world.logPath(instance), policy: job.log },
        exits: this.#options.isKept() ? world.exits(instance) : null,
        stdin: job.stdin ? world.stdin(instance) : null,
        exitFile: decidesByCode(job) ? this.#exitFile(run) : null,
        stopTimeoutMs: job.stopTimeoutMs,
      },
      {
        spawned: (child) => this.#postSpawned(run, child),
        failed: ({ detail, lasting }) => this.#options.post({ type: 'SpawnFailed', run, detail, lasting }),
        exited: (exit, whenDrained) => this.#noteExit(launched, exit, whenDrained),
      },
    );
    const launched: LaunchedRun = { run, launch, isReleased: false, isDraining: false };
    this.#launch = launched;
  }

  /** Opens the gate, unless the child's record could not be persisted: then the program must not begin. */
  release(run: number): void {
    if (this.#launch === null) return;
    this.#launch.isReleased = this.#options.isKept();
    if (this.#launch.isReleased) return this.#launch.launch.release();
    this.#launch.launch.cancel();
    this.#exits.settle(run);
    this.#options.post({
      type: 'SpawnFailed',
      run,
      lasting: false,
      detail: 'its record could not be written, so it was not let run',
    });
  }

  /** Whether the child of this run was launched but never let out of its gate. */
  isAtGate(run: number): boolean {
    return this.#launch?.run === run && !this.#launch.isReleased;
  }

  /** Polls a child that an earlier daemon started. */
  adopt(run: number, child: SpawnedChild): void {
    const isOver = (): boolean => {
      if (this.#options.world.processes.look(child, this.#options.programs.marker()) === 'alive')
        return false;
      if (this.#exits.newestRun < run && !this.#isExitLost(run)) return false;
      this.#exits.post(run, this.#exits.exitOf(run) ?? this.#exitOfAdopted(run, child));
      return true;
    };
    if (isOver()) return;
    this.#seesEnd = isOver;
    this.#poll.until(isOver, { firstMs: ADOPTED_POLL_MS, mostMs: ADOPTED_POLL_MS });
  }

  /**
   * Whether an adopted child is found to have ended, which is posted then. Otherwise a check that fails for
   * that reason may be heard of first.
   */
  seesEnd(): boolean {
    return this.#seesEnd?.() === true;
  }

  /** Whether the number of this child is still its process group. */
  owns(child: SpawnedChild): boolean {
    return this.#options.world.processes.ownsGroup(child, this.#options.programs.marker());
  }

  /** Signals the process group, then polls until nothing of it is left. */
  stop({ context }: JobSnapshot, signal: NodeJS.Signals): void {
    const { run, child, ending } = context;
    const { processes, clock } = this.#options.world;
    if (child === null) return this.#cancelUnreported(run);
    if (this.#launch?.run === run) this.#launch.launch.cancel();
    const marker = this.#options.programs.marker();
    this.#pollEnding = null;
    this.#seesEnd = null;
    const decidedAt = clock.monotonic();
    // Not within this step: jobs that are stopped together share one search for their processes.
    this.#poll.after(0, () => {
      processes.signalAll(child, marker, signal, decidedAt);
      // A suspended process receives the signal only when it continues.
      if (signal !== 'SIGKILL') processes.signal(child, 'SIGCONT');
      const isOver = (): boolean => {
        if (this.#isDraining(run) || processes.look(child, marker) !== 'gone') return false;
        if (this.#exits.newestRun !== run && ending !== 'itself') {
          if (!this.#isExitLost(run)) return false;
          this.#exits.post(run, this.#exitOfAdopted(run, child));
        }
        this.#pollEnding = null;
        this.#forgetStdin();
        this.#options.post({ type: 'GroupGone', run });
        return true;
      };
      this.#pollEnding = () => {
        // It is called again when that is over.
        if (this.#isDraining(run)) return;
        const mostMs = this.#isToBeAnnounced(run) ? ANNOUNCED_POLL_MS : ENDING_POLL_MS;
        this.#poll.until(isOver, { firstMs: 0, mostMs });
      };
      this.#pollEnding();
    });
  }

  /** Takes back a launch that has not been let run, as the death of its daemon would. */
  takeBackLaunch(): void {
    if (this.#launch?.isReleased === false) this.#launch.launch.cancel();
  }

  /** Stops polling; the child lives on. */
  leave(): void {
    this.#pollEnding = null;
    this.#seesEnd = null;
    this.#poll.clear();
  }

  /**
   * Before the first launch, ends processes of this instance that an earlier daemon may have left without a
   * record: there is never a second copy. Only one search runs at a time: a second one would take a newly
   * launched child for a left-over.
   */
  #clearFirst(run: number, hasEnded: boolean): void {
    let isCancelled = false;
    const cancel: Launch['cancel'] = (gone) => {
      isCancelled = true;
      gone?.();
    };
    this.#launch = {
      run,
      launch: { release: () => undefined, cancel },
      isReleased: false,
      isDraining: false,
    };
    const isUnderWay = this.#afterClear !== null;
    this.#afterClear = () => {
      if (!isCancelled) this.spawn(run, hasEnded);
    };
    if (isUnderWay) return;
    const { programs, world } = this.#options;
    // A run that was never recorded, as where the search was cut short, names no processes.
    const marker = hasEnded ? programs.environmentMarker() : programs.marker();
    world.processes.clear(marker, () => {
      this.#isCleared = true;
      const goOn = this.#afterClear;
      this.#afterClear = null;
      goOn?.();
    });
  }

  #postSpawned(run: number, child: SpawnedChild): void {
    const { world, post } = this.#options;
    const at = new Date(world.clock.wall()).toISOString();
    post({ type: 'Spawned', run, ...child, mark: world.folderId, at, ...this.#logStart() });
  }

  /** Where the output of a child at its gate will begin in the log, if its `ready` probe reads the log. */
  #logStart(): { readonly logFrom?: number; readonly logAfter?: string } {
    const { world, instance, job } = this.#options;
    if (job().ready?.kind !== 'log') return {};
    const path = world.logPath(instance);
    const logAfter = world.probes.logId(rotatedLog(path, 1));
    return { logFrom: world.probes.logSize(path) ?? 0, ...(logAfter !== null && { logAfter }) };
  }

  /** A child that was never reported has no identity to poll; its launch calls back when it is gone. */
  #cancelUnreported(run: number): void {
    const gone = (): void => {
      this.#forgetStdin();
      this.#options.post({ type: 'GroupGone', run });
    };
    if (this.#launch?.run === run) this.#launch.launch.cancel(gone);
    else gone();
  }

  /**
   * The exit of a child that was never let out of its gate is no exit of the job: its program has not run.
   */
  #noteExit(launched: LaunchedRun, exit: ChildExit, whenDrained: WhenDrained | null): void {
    const { run, isReleased } = launched;
    launched.isDraining = whenDrained !== null;
    whenDrained?.(() => {
      launched.isDraining = false;
      this.#pollEnding?.();
    });
    if (isReleased) this.#exits.post(run, exit);
    else this.#exits.settle(run);
    this.#pollEnding?.();
  }

  #isDraining(run: number): boolean {
    return this.#launch?.run === run && this.#launch.isDraining;
  }

  #isToBeAnnounced(run: number): boolean {
    return this.#launch?.run === run && this.#exits.newestRun < run;
  }

  /** Nothing announces the exit of an adopted child. */
  #isExitLost(run: number): boolean {
    return this.#launch?.run !== run || this.#exits.isLost(run);
  }

  /** The exit that the shell beside the program recorded; unknown where there was no such shell. */
  #exitOfAdopted(run: number, child: SpawnedChild): ChildExit {
    const recorded =
      child.program === undefined ? null : this.#options.world.processes.recordedExit(this.#exitFile(run));
    return recorded ?? { code: null, signal: null };
  }

  #forgetStdin(): void {
    const { processes, stdin } = this.#options.world;
    processes.forgetStdin(stdin(this.#options.instance));
  }

  #exitFile(run: number): string {
    return join(this.#options.world.exits(this.#options.instance), String(run));
  }
}

/** Whether the exit code decides what happens next: with `restart = "always"` the job always comes back. */
function decidesByCode({ restart, schedule }: Job): boolean {
  return restart !== 'always' || schedule !== null;
}
