import { JobInstance } from '../../../src/fleet/job-instance.ts';
import type { GroupState, LaunchEvents, Processes } from '../../../src/job/ports.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { LEAST_JOB } from '../../support/least-job.ts';
import { leastWorld } from '../../support/least-world.ts';

/** A running job of a daemon that does not hear of its exit. */
class Deaf {
  readonly clock = new FakeClock();
  readonly instance: JobInstance;
  group: GroupState = 'alive';
  readonly faults: string[] = [];

  constructor() {
    let on: LaunchEvents | null = null;
    const processes = {
      clear: (_marker, done) => done(),
      forgetStdin: () => undefined,
      launch: (_request, events) => {
        on = events;
        return { release: () => undefined, cancel: () => undefined };
      },
      look: () => this.group,
      signal: () => 'sent',
      signalAll: () => undefined,
      recordedExit: () => null,
    } satisfies Partial<Processes>;
    const world = leastWorld(this.clock, processes);
    this.instance = new JobInstance({
      instance: { name: 'web', number: null, job: { ...LEAST_JOB, restart: 'never', startMs: 0 } },
      world,
      keep: () => true,
      forget: () => undefined,
      dueStore: { read: () => null, write: () => undefined },
      onFault: (_name, text) => this.faults.push(text.split('\n')[0] ?? ''),
    });
    this.instance.begin();
    (on as LaunchEvents | null)?.spawned({ pid: 7, start: '1', boot: 'b' });
    this.clock.advance(1);
    expect(this.instance.state).toBe('running');
  }
}

test('a stop is over although an exception kept the exit of the child from the daemon', () => {
  const job = new Deaf();
  job.instance.post({ type: 'Stop' });
  job.clock.advance(100);
  job.group = 'gone';
  job.clock.advance(2_000);
  expect(job.instance.state).toBe('stopping');
  job.clock.advance(5_000);
  expect([job.instance.state, job.instance.status().lastExit]).toMatchObject([
    'stopped',
    { code: null, signal: null },
  ]);
});

test('a stop whose child has to be killed again and again is over once it is gone', () => {
  const job = new Deaf();
  job.instance.post({ type: 'Stop' });
  job.clock.advance(11_000);
  job.group = 'gone';
  job.clock.advance(7_000);
  expect(job.instance.state).toBe('stopped');
});

test('after an exception a child that is gone is noticed, though its exit is never heard of', () => {
  const job = new Deaf();
  job.group = 'gone';
  job.clock.advance(60_000);
  expect(job.instance.state).toBe('running');
  job.instance.within(() => {
    throw new Error('planted');
  });
  job.clock.advance(10_000);
  expect([job.faults, job.instance.state]).toEqual([['bug: Error: planted'], 'failed']);
});

test('a job whose child lives goes on as it was after an exception', () => {
  const job = new Deaf();
  job.instance.within(() => {
    throw new Error('planted');
  });
  job.clock.advance(60_000);
  expect([job.instance.state, job.instance.fault?.count]).toEqual(['running', 1]);
});
