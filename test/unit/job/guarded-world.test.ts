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

function guarded(ports: Partial<Pick<JobWorld, 'probes'>> & { readonly processes?: Partial<Processes> }): {
  readonly world: JobWorld;
  readonly clock: FakeClock;
  readonly faults: boolean[];
} {
  const clock = new FakeClock();
  const faults: boolean[] = [];
  const net = new Net((_error, isAnswered) => faults.push(isAnswered));
  const all = { clock, processes: {}, probes: {}, files: {}, ...ports } as unknown as JobWorld;
  return { world: guardedWorld(all, net), clock, faults };
}

test('a process about which nothing can be told for an exception counts as alive and unsent', () => {
  const { world, faults } = guarded({
    processes: { look: throws, signal: throws, signalAll: throws, recordedExit: throws },
  });
  const { processes } = world;
  expect([
    processes.look(CHILD, MARKER),
    processes.signal(CHILD, 'SIGTERM'),
    processes.signalAll(CHILD, MARKER, 'SIGTERM', 0),
    processes.recordedExit('x'),
  ]).toEqual(['alive', 'forbidden', undefined, null]);
  expect(faults).toEqual([true, true, true, true]);
});

test('a launch that throws is a failed start, which is reported after the call', () => {
  const { world, clock } = guarded({ processes: { launch: throws } });
  const failures: unknown[] = [];
  const launch = world.processes.launch(REQUEST, { ...NOBODY, failed: (failure) => failures.push(failure) });
  expect(failures).toEqual([]);
  clock.advance(0);
  launch.release();
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
    world.probes.logKind('x'),
    world.probes.readLog('x', 0, 1).length,
    world.probes.match('x', []),
  ]).toEqual([0, 'file', 0, 'too-slow']);
});

test('an exception in a callback does not reach the port that calls back', () => {
  const { world, clock, faults } = guarded({});
  world.clock.after(1, throws);
  clock.advance(1);
  expect(faults).toEqual([false]);
});
