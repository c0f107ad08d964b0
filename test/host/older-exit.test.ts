import { JobInstance } from '../../src/fleet/job-instance.ts';
import type { GroupState, LaunchEvents, Processes } from '../../src/job/ports.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { LEAST_JOB } from '../support/least-job.ts';
import { leastWorld } from '../support/least-world.ts';

const EXIT = { code: 3, signal: null };

test('the late exit of a shell that was never let run does not hide the exit of the run after it', () => {
  const clock = new FakeClock();
  const launches: LaunchEvents[] = [];
  let group: GroupState = 'alive';
  let isKept = false;
  const processes = {
    clear: (_marker, done) => done(),
    forgetStdin: () => undefined,
    launch: (_request, on) => {
      launches.push(on);
      return { release: () => undefined, cancel: () => undefined };
    },
    look: () => group,
    signal: () => 'sent',
    signalAll: () => undefined,
    recordedExit: () => null,
  } satisfies Partial<Processes>;
  const world = leastWorld(clock, processes);
  const instance = new JobInstance({
    instance: { name: 'web', number: null, job: { ...LEAST_JOB, startMs: 0 } },
    world,
    keep: () => isKept,
    forget: () => undefined,
    dueStore: { read: () => null, write: () => undefined },
  });
  instance.begin();
  // The disk refuses the record of the first child, so it is sent away and the next one is tried.
  launches[0]?.spawned({ pid: 7, start: '1', boot: 'b' });
  expect(instance.state).toBe('backoff');
  isKept = true;
  clock.advance(1_000);
  launches[1]?.spawned({ pid: 8, start: '2', boot: 'b' });
  clock.advance(1);
  expect([launches.length, instance.state]).toEqual([2, 'running']);

  instance.post({ type: 'Stop' });
  clock.advance(1);
  launches[1]?.exited(EXIT);
  launches[0]?.exited({ code: 125, signal: null });
  group = 'gone';
  clock.advance(500);
  expect([instance.state, instance.status().lastExit]).toMatchObject(['stopped', EXIT]);
});
