import type { Clock, Timer } from '../host/clock.ts';
import type { Net } from '../host/net.ts';
import type { JobWorld } from './world.ts';
import type {
  ChildExit,
  ChildIdentity,
  GroupState,
  Launch,
  LaunchEvents,
  LaunchRequest,
  Marker,
  MemorySamples,
  ProbeDone,
  ProbeFailure,
  Probes,
  Processes,
  Program,
  SpawnedChild,
  TestEnd,
} from './ports.ts';

/** How long after an exception a port that must answer is asked again. */
const AGAIN_MS = 1_000;

/**
 * The world as one job has it. A port that throws gives the answer of a world that refuses, so the chart goes
 * on; a callback that throws ends there. Both are the job's fault and reach nobody else.
 */
export function guardedWorld(world: JobWorld, net: Net): JobWorld {
  const clock = new GuardedClock(world.clock, net);
  const guard: Guard = { net, clock };
  return {
    ...world,
    clock,
    processes: new GuardedProcesses(world.processes, guard),
    probes: new GuardedProbes(world.probes, guard),
    memory: new GuardedMemory(world.memory, net),
  };
}

/** Something that goes on until it is ended. */
interface Ending {
  end(): void;
}

interface Guard {
  readonly net: Net;
  /** Its callbacks are caught already. */
  readonly clock: Clock;
}

// Classes, since each job has all of these: an object of closures takes ten times the memory.

class GuardedClock implements Clock {
  readonly #clock: Clock;
  readonly #net: Net;

  constructor(clock: Clock, net: Net) {
    this.#clock = clock;
    this.#net = net;
  }

  monotonic(): number {
    return this.#clock.monotonic();
  }

  wall(): number {
    return this.#clock.wall();
  }

  sinceBoot(): number {
    return this.#clock.sinceBoot();
  }

  after(ms: number, callback: () => void): Timer {
    return this.#clock.after(ms, () => this.#net.run(callback));
  }
}

class GuardedProcesses implements Processes {
  readonly #processes: Processes;
  readonly #guard: Guard;

  constructor(processes: Processes, guard: Guard) {
    this.#processes = processes;
    this.#guard = guard;
  }

  launch(request: LaunchRequest, on: LaunchEvents): Launch {
    return guardedLaunch(this.#processes, request, on, this.#guard);
  }

  runTest(program: Program, done: (end: TestEnd) => void, begun: () => void = () => undefined): Ending {
    const { net } = this.#guard;
    const finish = once<TestEnd>((end) => net.run(() => done(end)));
    const fail = (detail: string): void =>
      later(this.#guard, () => finish({ code: null, signal: null, error: detail, output: '' }));
    return guardedEnd(
      () => this.#processes.runTest(program, finish, () => net.run(begun)),
      this.#guard,
      fail,
    );
  }

  /** A process whose state is unknown is not necessarily gone. */
  look(child: SpawnedChild, marker: Marker): GroupState {
    return this.#guard.net.ask<GroupState>(
      () => this.#processes.look(child, marker),
      () => 'alive',
    );
  }

  /** Nobody is signalled whose group it may not be. */
  ownsGroup(child: SpawnedChild, marker: Marker): boolean {
    return this.#guard.net.ask(
      () => this.#processes.ownsGroup(child, marker),
      () => false,
    );
  }

  startedAt(child: ChildIdentity): number | null {
    return this.#guard.net.ask(
      () => this.#processes.startedAt(child),
      () => null,
    );
  }

  recordedExit(file: string): ChildExit | null {
    return this.#guard.net.ask(
      () => this.#processes.recordedExit(file),
      () => null,
    );
  }

  forgetStdin(path: string): void {
    this.#guard.net.ask(
      () => this.#processes.forgetStdin(path),
      () => undefined,
    );
  }

  signal(...[child, signal]: Parameters<Processes['signal']>): ReturnType<Processes['signal']> {
    return this.#guard.net.ask<ReturnType<Processes['signal']>>(
      () => this.#processes.signal(child, signal),
      () => 'forbidden',
    );
  }

  signalAll(...[child, marker, signal, decidedAt]: Parameters<Processes['signalAll']>): void {
    this.#guard.net.ask(
      () => this.#processes.signalAll(child, marker, signal, decidedAt),
      () => undefined,
    );
  }

  endOrphanedTests(mark: string): void {
    this.#guard.net.ask(
      () => this.#processes.endOrphanedTests(mark),
      () => undefined,
    );
  }

  memoryOf(...[children, done]: Parameters<Processes['memoryOf']>): void {
    this.#processes.memoryOf(children, done);
  }

  /** Nothing is started before it is known that nothing is left. */
  clear(marker: Marker, done: () => void): void {
    const finish = once<void>(() => this.#guard.net.run(done));
    untilAccepted(this.#guard, () => this.#processes.clear(marker, finish));
  }
}

function guardedLaunch(processes: Processes, request: LaunchRequest, on: LaunchEvents, guard: Guard): Launch {
  const { net } = guard;
  let isCancelled = false;
  const fail = (detail: string): void =>
    later(guard, () => {
      if (!isCancelled) on.failed({ detail, lasting: false });
    });
  const launch = launchOrFail(processes, request, {
    net,
    fail,
    on: {
      // A `cancel` that has thrown is asked for again later; until then it is of no interest either.
      spawned: (child) => net.run(() => !isCancelled && on.spawned(child)),
      failed: (failure) => net.run(() => !isCancelled && on.failed(failure)),
      exited: (exit, whenDrained) =>
        net.run(() => on.exited(exit, whenDrained && ((done) => whenDrained(() => net.run(done))))),
    },
  });
  return {
    release: () =>
      net.ask(
        () => launch?.release(),
        (detail) => {
          untilAccepted(guard, () => launch?.cancel());
          fail(detail);
        },
      ),
    cancel: (gone = () => undefined) => {
      isCancelled = true;
      const finish = once<void>(() => net.run(gone));
      if (launch === null) finish();
      else untilAccepted(guard, () => launch.cancel(finish));
    },
  };
}

interface GuardedLaunch {
  readonly net: Net;
  readonly on: LaunchEvents;
  readonly fail: (detail: string) => void;
}

/** In a function of its own: a guarded launch lives as long as its program, and must not keep the request. */
function launchOrFail(
  processes: Processes,
  request: LaunchRequest,
  { net, on, fail }: GuardedLaunch,
): Launch | null {
  return net.ask<Launch | null>(
    () => processes.launch(request, on),
    (detail) => {
      fail(detail);
      return null;
    },
  );
}

class GuardedProbes implements Probes {
  readonly #probes: Probes;
  readonly #guard: Guard;

  constructor(probes: Probes, guard: Guard) {
    this.#probes = probes;
    this.#guard = guard;
  }

  connect(to: Parameters<Probes['connect']>[0], done: ProbeDone): Ending {
    return this.#probe((finish) => this.#probes.connect(to, finish), done);
  }

  request(url: string, done: ProbeDone): Ending {
    return this.#probe((finish) => this.#probes.request(url, finish), done);
  }

  logSize(path: string): number | null {
    return this.#guard.net.ask<number | null>(
      () => this.#probes.logSize(path),
      () => null,
    );
  }

  logId(path: string): string | null {
    return this.#guard.net.ask<string | null>(
      () => this.#probes.logId(path),
      () => null,
    );
  }

  logKind(path: string): string | null {
    return this.#guard.net.ask(
      () => this.#probes.logKind(path),
      () => 'file',
    );
  }

  readLog(path: string, from: number, limit: number): Uint8Array | null {
    return this.#guard.net.ask<Uint8Array | null>(
      () => this.#probes.readLog(path, from, limit),
      () => null,
    );
  }

  match(...[pattern, lines]: Parameters<Probes['match']>): ReturnType<Probes['match']> {
    return this.#guard.net.ask<ReturnType<Probes['match']>>(
      () => this.#probes.match(pattern, lines),
      () => 'too-slow',
    );
  }

  #probe(begin: (done: ProbeDone) => Ending, done: ProbeDone): Ending {
    const finish = once<ProbeFailure>((failure) => this.#guard.net.run(() => done(failure)));
    return guardedEnd(
      () => begin(finish),
      this.#guard,
      (detail) => later(this.#guard, () => finish(detail)),
    );
  }
}

class GuardedMemory implements MemorySamples {
  readonly #memory: MemorySamples;
  readonly #net: Net;

  constructor(memory: MemorySamples, net: Net) {
    this.#memory = memory;
    this.#net = net;
  }

  sample(child: ChildIdentity, sampled: (bytes: number) => boolean): Ending {
    return this.#memory.sample(child, (bytes) =>
      this.#net.ask(
        () => sampled(bytes),
        () => false,
      ),
    );
  }
}

/** `fail` hears of an exception at its beginning or its end. */
function guardedEnd(begin: () => Ending, { net }: Guard, fail: (detail: string) => void): Ending {
  const begun = net.ask<Ending | null>(begin, (detail) => {
    fail(detail);
    return null;
  });
  return { end: () => net.ask(() => begun?.end(), fail) };
}

/** As the world answers: never within the call that asks. */
function later({ clock }: Guard, callback: () => void): void {
  clock.after(0, callback);
}

function untilAccepted(guard: Guard, ask: () => void): void {
  guard.net.ask(ask, () => void guard.clock.after(AGAIN_MS, () => untilAccepted(guard, ask)));
}

/** A port that has called back and then throws, or is asked again, must not call back twice. */
function once<T>(callback: (value: T) => void): (value: T) => void {
  let isDone = false;
  return (value) => {
    if (isDone) return;
    isDone = true;
    callback(value);
  };
}
