import type { Clock } from '../host/clock.ts';
import type { Net } from '../host/net.ts';
import type { JobWorld } from './world.ts';
import type { Launch, MemorySamples, Probes, Processes } from './ports.ts';

/** How long after an exception a port that must answer is asked again. */
const AGAIN_MS = 1_000;

/**
 * The world as one job has it. A port that throws gives the answer of a world that refuses, so the chart goes
 * on; a callback that throws ends there. Both are the job's fault and reach nobody else.
 */
export function guardedWorld(world: JobWorld, net: Net): JobWorld {
  const clock = guardedClock(world.clock, net);
  const guard: Guard = { net, clock };
  return {
    ...world,
    clock,
    processes: guardedProcesses(world.processes, guard),
    probes: guardedProbes(world.probes, guard),
    memory: guardedMemory(world.memory, net),
  };
}

interface Guard {
  readonly net: Net;
  /** Its callbacks are caught already. */
  readonly clock: Clock;
}

function guardedClock(clock: Clock, net: Net): Clock {
  return {
    monotonic: () => clock.monotonic(),
    wall: () => clock.wall(),
    sinceBoot: () => clock.sinceBoot(),
    after: (ms, callback) => clock.after(ms, () => net.run(callback)),
  };
}

function guardedProcesses(processes: Processes, guard: Guard): Processes {
  const { net } = guard;
  return {
    launch: (request, on) => guardedLaunch(processes, request, on, guard),
    runTest: (program, done, begun = () => undefined) => {
      const finish = once<Parameters<typeof done>[0]>((end) => net.run(() => done(end)));
      const fail = (detail: string): void =>
        later(guard, () => finish({ code: null, signal: null, error: detail, output: '' }));
      return guardedEnd(() => processes.runTest(program, finish, () => net.run(begun)), guard, fail);
    },
    // A process whose state is unknown is not necessarily gone.
    look: (child, marker) =>
      net.ask(
        () => processes.look(child, marker),
        () => 'alive',
      ),
    // Nobody is signalled whose group it may not be.
    ownsGroup: (child, marker) =>
      net.ask(
        () => processes.ownsGroup(child, marker),
        () => false,
      ),
    startedAt: (child) =>
      net.ask(
        () => processes.startedAt(child),
        () => null,
      ),
    recordedExit: (file) =>
      net.ask(
        () => processes.recordedExit(file),
        () => null,
      ),
    forgetStdin: (path) =>
      net.ask(
        () => processes.forgetStdin(path),
        () => undefined,
      ),
    signal: (child, signal) =>
      net.ask(
        () => processes.signal(child, signal),
        () => 'forbidden',
      ),
    signalAll: (child, marker, signal, decidedAt) =>
      net.ask(
        () => processes.signalAll(child, marker, signal, decidedAt),
        () => undefined,
      ),
    endOrphanedTests: (mark) =>
      net.ask(
        () => processes.endOrphanedTests(mark),
        () => undefined,
      ),
    memoryOf: (children, done) => processes.memoryOf(children, done),
    // Nothing is started before it is known that nothing is left.
    clear: (marker, done) => {
      const finish = once<void>(() => net.run(done));
      untilAccepted(guard, () => processes.clear(marker, finish));
    },
  };
}

function guardedLaunch(
  processes: Processes,
  request: Parameters<Processes['launch']>[0],
  on: Parameters<Processes['launch']>[1],
  guard: Guard,
): Launch {
  const { net } = guard;
  let isCancelled = false;
  const fail = (detail: string): void =>
    later(guard, () => {
      if (!isCancelled) on.failed({ detail, lasting: false });
    });
  const launch = net.ask<Launch | null>(
    () =>
      processes.launch(request, {
        spawned: (child) => net.run(() => on.spawned(child)),
        failed: (failure) => net.run(() => on.failed(failure)),
        exited: (exit) => net.run(() => on.exited(exit)),
      }),
    (detail) => {
      fail(detail);
      return null;
    },
  );
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

function guardedProbes(probes: Probes, guard: Guard): Probes {
  const { net } = guard;
  const probe = (
    begin: (done: (failure: string | null) => void) => { end(): void },
    done: (failure: string | null) => void,
  ): { end(): void } => {
    const finish = once<string | null>((failure) => net.run(() => done(failure)));
    return guardedEnd(
      () => begin(finish),
      guard,
      (detail) => later(guard, () => finish(detail)),
    );
  };
  return {
    connect: (to, done) => probe((finish) => probes.connect(to, finish), done),
    request: (url, done) => probe((finish) => probes.request(url, finish), done),
    logSize: (path) =>
      net.ask(
        () => probes.logSize(path),
        () => 0,
      ),
    logId: (path) =>
      net.ask(
        () => probes.logId(path),
        () => '',
      ),
    logKind: (path) =>
      net.ask(
        () => probes.logKind(path),
        () => 'file',
      ),
    readLog: (path, from, limit) =>
      net.ask(
        () => probes.readLog(path, from, limit),
        () => new Uint8Array(),
      ),
    match: (pattern, lines) =>
      net.ask(
        () => probes.match(pattern, lines),
        () => 'too-slow',
      ),
  };
}

function guardedMemory(memory: MemorySamples, net: Net): MemorySamples {
  return {
    sample: (child, sampled) =>
      memory.sample(child, (bytes) =>
        net.ask(
          () => sampled(bytes),
          () => false,
        ),
      ),
  };
}

/** Something that goes on until it is ended; `fail` hears of an exception at its beginning or its end. */
function guardedEnd(
  begin: () => { end(): void },
  { net }: Guard,
  fail: (detail: string) => void,
): { end(): void } {
  const begun = net.ask<{ end(): void } | null>(begin, (detail) => {
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
