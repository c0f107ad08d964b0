import { constants } from 'node:os';
import { basename } from 'node:path';
import type { FileCalls } from '../../src/files/disk.ts';
import { forgetExits, openExitFile, recordedExit } from '../../src/job/launch/exit-file.ts';
import type { JobOutput } from '../../src/job/logs/job-output.ts';
import { LogWriters } from '../../src/job/logs/log-writers.ts';
import { endingDrained } from '../../src/job/launch/launch.ts';
import { openOutputs } from '../../src/job/logs/open-outputs.ts';
import { isRefusal } from '../../src/os/system-error.ts';
import type {
  ChildExit,
  ChildIdentity,
  LaunchEvents,
  LaunchRequest,
  Launch,
  Marker,
  Processes,
  Program,
  TestEnd,
} from '../../src/job/ports.ts';
import type { Clock } from '../../src/host/clock.ts';
import { osProcesses } from '../../src/job/processes/os-processes.ts';
import type { Os } from '../../src/os/os.ts';
import type { Signalled } from '../../src/os/signal.ts';
import type { Random } from '../support/random.ts';
import { behaviourOf } from './behaviour.ts';
import { GatedChild } from './gated-child.ts';
import type { Incarnation } from './incarnation.ts';
import type { Parent } from './process-table.ts';
import type { SimFile } from './sim-files.ts';
import { simOs } from './sim-os.ts';
import { SimLaunch } from './sim-launch.ts';
import { SimTest } from './sim-test.ts';
import { instanceOf } from './sketch.ts';
import type { World } from './world.ts';

/** The `Processes` of one daemon: its own code, on a simulated system. */
export class SimProcesses {
  readonly #world: World;
  readonly #daemon: Incarnation;
  readonly os: Os;
  /** Between jobs and their logs; null where jobs write to their logs themselves. */
  readonly writers: LogWriters | null;
  readonly #disk: FileCalls;
  readonly #real: Processes;
  readonly #children = new Set<GatedChild>();
  readonly #tests = new Set<SimTest>();
  /** One spawn a turn: when the next turn is free. */
  #turnAt = 0;
  /** The instance that a launch was put off for, while its launch is asked for. */
  #cleared: string | null = null;

  constructor(world: World, daemon: Incarnation) {
    this.#world = world;
    this.#daemon = daemon;
    this.os = this.#os();
    this.#disk = world.files.of(daemon);
    const clock = this.#clock();
    const writers = world.logs.hasWriters ? this.#newWriters(clock) : null;
    this.writers = writers;
    this.#real = osProcesses({
      os: this.os,
      clock,
      ...(writers !== null && { isTool: (pid) => writers.isOwn(pid) }),
      signals: {
        group: (pgid, signal) => this.#signalGroup(pgid, signal as NodeJS.Signals),
        process: (pid, signal) => this.#signal(pid, signal),
      },
      programs: {
        launch: (request, on) => this.#launch(request, on),
        runTest: (program, done, begun) => this.#runTest(program, done, begun),
        memoryOf: (children, done) => this.#memoryOf(children, done),
        recordedExit: (file) => recordedExit(file, () => undefined, this.#disk),
        // In the simulation nobody writes to the standard input of a job.
        forgetStdin: () => undefined,
      },
    });
  }

  get port(): Processes {
    const real = this.#real;
    const call: Incarnation['call'] = (name, ifDead, act) => this.#daemon.jobCall(name, ifDead, act);
    return {
      launch: (request, on) => call('launch', NO_LAUNCH, () => real.launch(request, on)),
      runTest: (program, done, begun) => {
        try {
          return call('runTest', NO_TEST, () => real.runTest(program, done, begun));
        } catch (error) {
          this.#world.unstartedTests.add(instanceOf(program.env));
          throw error;
        }
      },
      look: (child, marker) => call('look', 'alive', () => real.look(child, marker)),
      ownsGroup: (child, marker) => call('look', false, () => real.ownsGroup(child, marker)),
      startedAt: (child) => real.startedAt(child),
      forgetStdin: (path) => real.forgetStdin(path),
      memoryOf: (children, done) =>
        this.#daemon.call('memoryOf', undefined, () => real.memoryOf(children, done)),
      endOrphanedTests: (mark) =>
        this.#daemon.call('endOrphanedTests', undefined, () => {
          this.#world.hooks.endOrphans(this.#daemon.number);
          real.endOrphanedTests(mark);
        }),
      recordedExit: (file) => call('recordedExit', null, () => real.recordedExit(file)),
      // No client here sends a real-time signal.
      signal: (child, name) => call(`signal ${name}`, 'gone', () => real.signal(child, name)),
      signalAll: (child, marker, name, decidedAt) =>
        call(`signal ${name}`, undefined, () => {
          this.#world.watch.stopped(child);
          real.signalAll(child, marker, name, decidedAt);
        }),
      clear: (marker, done) => call('clear', undefined, () => this.#clear(marker, done)),
    };
  }

  #os(): Os {
    const { table, timeline, showsMarkers, isMac } = this.#world;
    const random = (what: string): Random => this.#world.random(what, this.#world.nth(what));
    const afterTool = (done: () => void): void => {
      const isSlow = !this.#world.isCalm && random('slow tool').chance(SLOW_TOOLS);
      const ms = random('tool').int(5, isSlow ? SLOW_TOOL_MOST_MS : TOOL_MOST_MS);
      timeline.after(ms, () => this.#daemon.isAlive && done());
    };
    return simOs({
      table,
      showsMarkers,
      isBlind: () => this.#world.isBlind,
      afterTool: isMac ? afterTool : null,
    });
  }

  #newWriters(clock: Clock): LogWriters {
    const { logs, story } = this.#world;
    const log = {
      line: (text: string) => story.tell(() => `  daemon ${this.#daemon.number}: ${text}`),
    };
    return new LogWriters({
      os: this.os,
      log,
      clock,
      disk: this.#disk,
      pipes: logs.pipes.of(this.#daemon),
    });
  }

  /** Some of its time passes with each look at it, so that of two things of one moment one is the earlier. */
  #clock(): Clock {
    const { timeline } = this.#world;
    let looks = 0;
    const monotonic = (): number => timeline.now + (looks += 1) * A_LOOK_MS;
    return {
      monotonic,
      sinceBoot: monotonic,
      wall: () => this.#world.wall(),
      after: (ms, callback) => timeline.after(ms, () => this.#daemon.isAlive && callback()),
    };
  }

  /** Some time later, or not at all where nothing can be asked. */
  #memoryOf(
    children: readonly ChildIdentity[],
    done: (bytes: ReadonlyMap<number, number> | null) => void,
  ): void {
    const { memory, timeline } = this.#world;
    const askedAt = timeline.now;
    const random = this.#world.random('sample', this.#world.nth('sample'));
    timeline.after(random.int(0, TOOL_MOST_MS), () => {
      if (!this.#daemon.isAlive) return;
      done(!this.#world.isCalm && random.chance(0.1) ? null : memory.sample(children, askedAt));
    });
  }

  #signalGroup(pgid: number, signal: NodeJS.Signals): Signalled {
    const leader = this.#world.table.all.find((each) => each.pgid === pgid);
    if (leader !== undefined) this.#world.watch.signalled(pgid, signal);
    return this.#world.table.signalGroup(pgid, signal);
  }

  #signal(pid: number, signal: NodeJS.Signals): Signalled {
    this.#world.story.tell(() => `${signal} to ${pid}`);
    return this.#world.table.signal(pid, signal);
  }

  /** The daemon is dead: gates that were not opened close, and init takes the children. */
  abandon(): void {
    for (const child of this.#children) {
      child.tell('leave');
      this.#world.table.orphan(child.process);
    }
    for (const test of this.#tests) test.abandon();
    this.#world.logs.pipes.abandon(this.#daemon);
    this.#children.clear();
    this.#tests.clear();
  }

  #launch(request: LaunchRequest, on: LaunchEvents): Launch {
    const { timeline, watch } = this.#world;
    const instance = basename(request.log.path, '.log');
    const writers = request.log.policy.outputs === 'file' ? null : this.writers;
    const story = new SimLaunch(writers === null ? on : endingDrained(on, writers, request.log.path));
    if (this.#cleared !== instance) watch.checkOrder(instance);
    watch.launched(instance, request);
    const launchedAt = timeline.now;
    const prepare = (): void => {
      if (writers === null) enqueue();
      else writers.prepare(request.log.path, enqueue);
    };
    const enqueue = (): void => {
      this.#turnAt = Math.max(this.#turnAt, timeline.now) + 1;
      timeline.after(this.#turnAt - timeline.now, () => {
        if (story.isCancelled || !this.#daemon.isAlive) return;
        if (writers?.isPrepared(request.log.path) === false) return prepare();
        story.child = this.#fork({ instance, request, story, launchedAt, writers });
        if (story.child === null) return;
        if (request.exitFile === null) story.tell(this.#identityOf(story.child));
      });
    };
    prepare();
    return {
      release: () =>
        this.#daemon.jobCall('release', undefined, () => {
          if (story.child !== null) watch.released(instance, story.child.process);
          story.child?.tell('go');
        }),
      cancel: (gone = () => undefined) => this.#daemon.jobCall('cancel', undefined, () => story.cancel(gone)),
    };
  }

  #identityOf({ process: { pid, start } }: GatedChild): ChildIdentity {
    return { pid, start, boot: this.#world.table.bootId };
  }

  #fork({ instance, request, story: on, launchedAt, writers }: Forked): GatedChild | null {
    const { timeline, watch, story } = this.#world;
    if (this.#world.has('neverSpawns')) {
      watch.failedForGood(instance);
      on.failed({ detail: 'command not found', lasting: true });
      return null;
    }
    let child: GatedChild | null = null;
    let output: JobOutput | null = null;
    try {
      if (!this.#world.has('noSpawn')) {
        if (request.exits !== null) forgetExits(request.exits, this.#disk);
        output = openOutputs(request.log, writers, this.#disk);
        child = this.#gatedChild(instance, request, { on, output: output.fd });
      }
    } catch (error) {
      if (!isRefusal(error)) throw error;
    }
    if (child === null) {
      output?.close();
      timeline.after(0, () => this.#daemon.isAlive && on.failed({ detail: 'EAGAIN', lasting: false }));
      return null;
    }
    story.tell(() => `${instance}: pid ${child.process.pid} waits at its gate`);
    watch.forked(instance, child.process, launchedAt);
    this.#children.add(child);
    on.child = child;
    if (output !== null) this.#startWriter(output, on);
    return child;
  }

  /** A program whose output nobody carries to its log is not let run. */
  #startWriter(output: JobOutput, on: SimLaunch): void {
    try {
      output.startWriter();
    } catch (error) {
      if (!isRefusal(error)) throw error;
      on.sendAway(() => on.failed({ detail: error.message, lasting: false }));
    } finally {
      output.close();
    }
  }

  #gatedChild(
    instance: string,
    request: LaunchRequest,
    { on, output }: { readonly on: SimLaunch; readonly output: number },
  ): GatedChild | null {
    const { timeline, table, watch, files, logs, schedule, isCalm } = this.#world;
    const { exitFile } = request;
    const pipe = files.pipeAt(output);
    const log = pipe ?? files.opened(output);
    const record = exitFile === null ? null : files.opened(openExitFile(exitFile, this.#disk));
    const child: GatedChild | null = GatedChild.spawn({
      timeline,
      table,
      instance,
      env: request.env,
      behaviour: behaviourOf(schedule.seed, instance, this.#world.nth(`run ${instance}`), isCalm),
      parent: this.#parentOf(() => child, on),
      exitFile,
      writeExit: (exit) => record !== null && this.#writeExit(record, exit),
      onTold: ({ pid }) => {
        if (child !== null && this.#daemon.isAlive) on.tell({ ...this.#identityOf(child), program: pid });
      },
      onBegin: (program) => {
        watch.began(instance, program);
        logs.began(instance, program, log);
      },
      onLast: (program) => logs.saysLast(program),
      onEnd: (program, exit) => watch.ended(instance, program, exit),
    });
    if (child !== null && pipe !== undefined) pipe.leader = child.process;
    return child;
  }

  /** As dash does it: a line on the end of the job, then the code. */
  #writeExit(record: SimFile, { code, signal }: ChildExit): void {
    const number = signal === null ? (code ?? 0) : 128 + constants.signals[signal as NodeJS.Signals];
    const words = signal === null ? `Done${number === 0 ? '' : `(${number})`}` : 'Terminated';
    this.#world.files.append(record, Buffer.from(`[1] + ${words} program\n${number}\n`));
  }

  /** An exit is heard a moment later, if anybody is there to hear it. */
  #parentOf(child: () => GatedChild | null, on: SimLaunch): Parent {
    const { timeline, table } = this.#world;
    return {
      childEnded: (process, exit, reap) => {
        timeline.after(this.#world.nth('exits heard') % 3, () => {
          const known = child();
          if (!this.#daemon.isAlive) return table.orphan(process);
          if (known !== null) this.#children.delete(known);
          reap();
          on.reaped();
          on.ended(exit);
        });
      },
    };
  }

  /** The launch that follows was decided on before. */
  #clear(marker: Marker, done: () => void): void {
    const instance = instanceOf(marker.present);
    this.#world.watch.checkOrder(instance);
    this.#real.clear(marker, () => {
      this.#cleared = instance;
      done();
      this.#cleared = null;
    });
  }

  #runHook(program: Program, done: (end: TestEnd) => void): { end(): void } {
    const hook = this.#world.hooks.run(program, this.#daemon.number, (end) => {
      if (this.#daemon.isAlive) done(end);
    });
    return { end: () => this.#daemon.jobCall('endTest', undefined, () => hook.end()) };
  }

  #runTest(program: Program, done: (end: TestEnd) => void, begun = (): void => {}): { end(): void } {
    begun();
    if (program.env['OVERSEER_STATE'] !== undefined) return this.#runHook(program, done);
    const test: SimTest = new SimTest(this.#world, {
      instance: instanceOf(program.env),
      program,
      done: (end) => {
        this.#tests.delete(test);
        if (this.#daemon.isAlive) done(end);
      },
    });
    this.#tests.add(test);
    return { end: () => this.#daemon.jobCall('endTest', undefined, () => test.kill()) };
  }
}

/** A launch whose turn it is. */
interface Forked {
  readonly instance: string;
  readonly request: LaunchRequest;
  readonly story: SimLaunch;
  readonly launchedAt: number;
  readonly writers: LogWriters | null;
}

/** How long `ps` takes on a busy Mac. */
const TOOL_MOST_MS = 150;

/** The probability that a tool hangs, and for how long at most. */
const SLOW_TOOLS = 0.02;
const SLOW_TOOL_MOST_MS = 4_000;

const A_LOOK_MS = 1e-6;

const NO_LAUNCH: Launch = { release: () => undefined, cancel: () => undefined };
const NO_TEST = { end: (): void => undefined };
