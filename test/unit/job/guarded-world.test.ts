import { Net } from '../../../src/host/net.ts';
import { guardedWorld } from '../../../src/job/guarded-world.ts';
import type { JobWorld } from '../../../src/job/world.ts';
import type { LaunchEvents, LaunchRequest, Processes } from '../../../src/job/ports.ts';
import { FakeClock } from '../../support/fake-clock.ts';

const CHILD = { pid: 7, start: '1', boot: 'b' };
const MARKER = { present: {}, absent: [] };
const REQUEST = {} as LaunchRequest;
const PROGRAM = { exe: 'x', args: [], cwd: '/', env: {} };
const NOBODY: LaunchEvents = { spawned: () => {}, failed: () => {}, exited: () => {} };

const throws = (): never => {
  throw new Error('planted');
};

function guarded(
  ports: Partial<Pick<JobWorld, 'probes' | 'memory'>> & { readonly processes?: Partial<Processes> },
): {
  readonly world: JobWorld;
  readonly clock: FakeClock;
  readonly faults: boolean[];
} {
  const clock = new FakeClock();
  const faults: boolean[] = [];
  const net = new Net((_error, isAnswered) => faults.push(isAnswered));
  const all = { clock, processes: {}, probes: {}, files: {}, memory: {}, ...ports } as unknown as JobWorld;
  return { world: guardedWorld(all, net), clock, faults };
}

test('a process about which nothing can be told for an exception counts as alive and unsent', () => {
  const { world, faults } = guarded({
    processes: {
      look: throws,
      signal: throws,
      signalAll: throws,
      recordedExit: throws,
      ownsGroup: throws,
      startedAt: throws,
      forgetStdin: throws,
      endOrphanedTests: throws,
    },
  });
  const { processes } = world;
  expect([
    processes.look(CHILD, MARKER),
    processes.signal(CHILD, 'SIGTERM'),
    processes.signalAll(CHILD, MARKER, 'SIGTERM', 0),
    processes.recordedExit('x'),
    processes.ownsGroup(CHILD, MARKER),
    processes.startedAt(CHILD),
    processes.forgetStdin('x'),
    processes.endOrphanedTests('f'),
  ]).toEqual(['alive', 'forbidden', undefined, null, false, null, undefined, undefined]);
  expect(faults).toEqual(Array(8).fill(true));
});

test('a launch that throws is a failed start, which is reported after the call', () => {
  const { world, clock } = guarded({ processes: { launch: throws } });
  const failures: unknown[] = [];
  const launch = world.processes.launch(REQUEST, { ...NOBODY, failed: (failure) => failures.push(failure) });
  expect(failures).toEqual([]);
  clock.advance(0);
  launch.release();
  clock.advance(60_000);
  expect(failures).toEqual([{ detail: 'planted', lasting: false }]);
});

test('a launch that threw and was cancelled is not reported, and is gone', () => {
  const { world, clock } = guarded({ processes: { launch: throws } });
  const heard: string[] = [];
  const launch = world.processes.launch(REQUEST, { ...NOBODY, failed: () => heard.push('failed') });
  launch.cancel(() => heard.push('gone'));
  clock.advance(0);
  expect(heard).toEqual(['gone']);
});

test('a gate that an exception keeps closed is a failed start, and its shell is sent away', () => {
  const heard: string[] = [];
  const { world, clock } = guarded({
    processes: { launch: () => ({ release: throws, cancel: () => heard.push('cancelled') }) },
  });
  world.processes.launch(REQUEST, { ...NOBODY, failed: ({ detail }) => heard.push(detail) }).release();
  clock.advance(0);
  expect(heard).toEqual(['cancelled', 'planted']);
});

test('a cancel that throws is tried again until it is taken, and calls back once', () => {
  let tries = 0;
  const { world, clock } = guarded({
    processes: {
      launch: () => ({
        release: () => undefined,
        cancel: (gone = () => undefined) => {
          tries += 1;
          if (tries === 3) gone();
          else throws();
        },
      }),
    },
  });
  let gone = 0;
  world.processes.launch(REQUEST, NOBODY).cancel(() => (gone += 1));
  clock.advance(5_000);
  expect([tries, gone]).toEqual([3, 1]);
});

test('a test that throws could not be started', () => {
  const { world, clock } = guarded({ processes: { runTest: throws } });
  const ends: unknown[] = [];
  world.processes.runTest(PROGRAM, (end) => ends.push(end)).end();
  clock.advance(0);
  expect(ends).toEqual([{ code: null, signal: null, error: 'planted', output: '' }]);
});

test('a search that threw is done again before a job counts as clear', () => {
  let tries = 0;
  const { world, clock } = guarded({
    processes: {
      clear: (_marker, done) => {
        tries += 1;
        if (tries === 1) throws();
        done();
      },
    },
  });
  let done = 0;
  world.processes.clear(MARKER, () => (done += 1));
  expect(done).toBe(0);
  clock.advance(1_000);
  expect([tries, done]).toEqual([2, 1]);
});

test('a probe that throws reports the error, and one that matches nothing is too slow', () => {
  const probes = {
    connect: throws,
    request: throws,
    logSize: throws,
    logId: throws,
    logKind: throws,
    readLog: throws,
    match: throws,
  };
  const { world, clock } = guarded({ probes });
  const heard: unknown[] = [];
  world.probes.request('http://x', (trouble) => heard.push(trouble));
  world.probes.connect({ host: 'x', port: 1 }, (trouble) => heard.push(trouble));
  clock.advance(0);
  expect(heard).toEqual(['planted', 'planted']);
  expect([
    world.probes.logSize('x'),
    world.probes.logId('x'),
    world.probes.logKind('x'),
    world.probes.readLog('x', 0, 1),
    world.probes.match('x', []),
  ]).toEqual([null, null, 'file', null, 'too-slow']);
});

test('an exception in a callback does not reach the port that calls back', () => {
  const { world, clock, faults } = guarded({});
  world.clock.after(1, throws);
  clock.advance(1);
  expect(faults).toEqual([false]);
});

test('what the world answers is handed on as it is', () => {
  const asked: unknown[] = [];
  const note =
    <T>(answer: T) =>
    (...words: readonly unknown[]): T => {
      asked.push(words);
      return answer;
    };
  const { world, faults } = guarded({
    processes: {
      look: note('gone' as const),
      ownsGroup: note(true),
      startedAt: note(5),
      recordedExit: note({ code: 1, signal: null }),
      forgetStdin: note(undefined),
      signal: note('sent' as const),
      signalAll: note(undefined),
      endOrphanedTests: note(undefined),
      memoryOf: note(undefined),
    },
    probes: { logId: note('id'), logSize: note(3), match: note(true) } as never,
  });
  const { processes, probes } = world;
  const heard = (): void => undefined;
  expect([
    processes.look(CHILD, MARKER),
    processes.ownsGroup(CHILD, MARKER),
    processes.startedAt(CHILD),
    processes.recordedExit('file'),
    processes.signal(CHILD, 'SIGTERM'),
    probes.logId('log'),
    probes.logSize('log'),
    probes.match('x', ['x']),
  ]).toEqual(['gone', true, 5, { code: 1, signal: null }, 'sent', 'id', 3, true]);
  processes.forgetStdin('fifo');
  processes.signalAll(CHILD, MARKER, 'SIGKILL', 9);
  processes.endOrphanedTests('f');
  processes.memoryOf([CHILD], heard);
  expect(asked.slice(8)).toEqual([['fifo'], [CHILD, MARKER, 'SIGKILL', 9], ['f'], [[CHILD], heard]]);
  expect(faults).toEqual([]);
});

test('a launch tells what becomes of it, and an exception in its listener stays with the job', () => {
  let told: LaunchEvents = NOBODY;
  const launch: Processes['launch'] = (_request, on) => {
    told = on;
    return { release: () => undefined, cancel: () => undefined };
  };
  const { world, faults } = guarded({ processes: { launch } });
  const heard: unknown[] = [];
  const hear = (what: unknown): void => void heard.push(what);
  const tell = (): void => {
    told.spawned(CHILD);
    told.failed({ detail: 'no', lasting: true });
    told.exited({ code: 0, signal: null }, null);
  };
  world.processes.launch(REQUEST, { spawned: hear, failed: hear, exited: hear });
  tell();
  expect(heard).toEqual([CHILD, { detail: 'no', lasting: true }, { code: 0, signal: null }]);
  let isDrained = false;
  world.processes.launch(REQUEST, {
    ...NOBODY,
    exited: (_exit, whenDrained) => whenDrained?.(() => (isDrained = true)),
  });
  told.exited({ code: 0, signal: null }, (done) => done());
  expect(isDrained).toBe(true);
  world.processes.launch(REQUEST, { ...NOBODY, exited: (_exit, whenDrained) => whenDrained?.(throws) });
  told.exited({ code: 0, signal: null }, (done) => done());
  expect(faults.splice(0)).toEqual([false]);
  world.processes.launch(REQUEST, { spawned: throws, failed: throws, exited: throws });
  expect(tell).not.toThrow();
  expect(faults).toEqual([false, false, false]);
});

test('a launch that is cancelled is not told of, even if the cancelling throws at first', () => {
  let told: LaunchEvents = NOBODY;
  const launch: Processes['launch'] = (_request, on) => {
    told = on;
    return { release: () => undefined, cancel: throws };
  };
  const { world } = guarded({ processes: { launch } });
  const heard: unknown[] = [];
  const hear = (what: unknown): void => void heard.push(what);
  const launched = world.processes.launch(REQUEST, { spawned: hear, failed: hear, exited: hear });
  launched.cancel();
  told.spawned(CHILD);
  told.failed({ detail: 'no', lasting: true });
  told.exited({ code: 0, signal: null }, null);
  expect(heard).toEqual([{ code: 0, signal: null }]);
});

test('a test says when it begins, is ended on demand, and calls back once even if it throws then', () => {
  const ended: string[] = [];
  const runTest: Processes['runTest'] = (_program, done, begun) => {
    begun?.();
    return {
      end: () => {
        ended.push('ended');
        done({ code: 0, signal: null, error: null, output: '' });
        throws();
      },
    };
  };
  const { world, clock, faults } = guarded({ processes: { runTest } });
  const heard: unknown[] = [];
  const test = world.processes.runTest(
    PROGRAM,
    ({ code }) => heard.push(code),
    () => heard.push('begun'),
  );
  test.end();
  clock.advance(0);
  expect([heard, ended, faults]).toEqual([['begun', 0], ['ended'], [true]]);
});

test('a sample of memory is handed on, and one that throws asks for no further one soon', () => {
  const sampled: ((bytes: number) => boolean)[] = [];
  const ended: string[] = [];
  const { world, faults } = guarded({
    memory: {
      sample: (_child, each) => {
        sampled.push(each);
        return { end: () => ended.push('ended') };
      },
    },
  });
  world.memory.sample(CHILD, (bytes) => bytes > 5).end();
  world.memory.sample(CHILD, throws);
  expect([sampled[0]?.(6), sampled[0]?.(5), sampled[1]?.(6), ended, faults]).toEqual([
    true,
    false,
    false,
    ['ended'],
    [true],
  ]);
});
