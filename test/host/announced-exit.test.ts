import { JobInstance } from '../../src/fleet/job-instance.ts';
import type { GroupState, LaunchEvents, Processes } from '../../src/job/ports.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { LEAST_JOB } from '../support/least-job.ts';
import { leastWorld } from '../support/least-world.ts';

/** A running job whose processes end when the test says so, and are looked at as often as it counts. */
class Stage {
  readonly clock = new FakeClock();
  group: GroupState = 'alive';
  looks = 0;
  readonly instance: JobInstance;
  readonly #launches: LaunchEvents[] = [];

  constructor() {
    const processes = {
      clear: (_marker, done) => done(),
      forgetStdin: () => undefined,
      launch: (_request, on) => {
        this.#launches.push(on);
        return { release: () => undefined, cancel: () => undefined };
      },
      look: () => {
        this.looks += 1;
        return this.group;
      },
      signal: () => 'sent',
      signalAll: () => undefined,
      recordedExit: () => null,
    } satisfies Partial<Processes>;
    this.instance = new JobInstance({
      instance: { name: 'web', number: null, job: { ...LEAST_JOB, startMs: 0 } },
      world: leastWorld(this.clock, processes),
      keep: () => true,
      forget: () => undefined,
      dueStore: { read: () => null, write: () => undefined },
    });
    this.instance.begin();
    this.#launches[0]?.spawned({ pid: 7, start: '1', boot: 'b' });
    this.clock.advance(1);
  }

  exits(): void {
    this.#launches[0]?.exited({ code: null, signal: 'SIGTERM' });
  }

  /** How often the processes are looked at in so many milliseconds. */
  looksIn(ms: number): number {
    const before = this.looks;
    this.clock.advance(ms);
    return this.looks - before;
  }
}

test('a stop polls seldom until the exit of its leader is announced, and then at once', () => {
  const stage = new Stage();
  stage.instance.post({ type: 'Stop' });
  expect(stage.looksIn(5_000)).toBeLessThan(13);
  stage.group = 'gone';
  stage.exits();
  stage.clock.advance(0);
  expect(stage.instance.state).toBe('stopped');
});

test('processes that outlive the leader of a stopped job are polled often', () => {
  const stage = new Stage();
  stage.instance.post({ type: 'Stop' });
  stage.clock.advance(5_000);
  stage.group = 'leaderless';
  stage.exits();
  expect(stage.looksIn(2_000)).toBeGreaterThan(19);
  stage.group = 'gone';
  stage.clock.advance(100);
  expect(stage.instance.state).toBe('stopped');
});
