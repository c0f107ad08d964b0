import { Tallies } from '../../../../src/daemon/feeds/tallies.ts';
import type { JobStep } from '../../../../src/fleet/job-instance.ts';
import type { Cause } from '../../../../src/plan/change.ts';
import { exited, gone, newJob, spawned } from '../../../support/job-script.ts';

const NOTHING = { starts: 0, exits: {}, tests: {}, aliveFailures: 0, started: 0, startingMs: 0 };

test('starts, ends and the time until a job runs are counted until it is forgotten', () => {
  const job = newJob();
  const tallies = new Tallies(job.clock);
  let told = 0;
  const tell = (cause: Cause): void => {
    const steps = job.steps.slice(told) as readonly JobStep[];
    told = job.steps.length;
    for (const step of steps) tallies.note('web', step, cause);
  };
  job.post(spawned(1));
  tell('config');
  expect(tallies.of('web')).toEqual({ ...NOTHING, starts: 1 });
  const startMs = job.msUntil('startTime');
  job.wait(startMs);
  tell('config');
  expect(tallies.of('web')).toEqual({ ...NOTHING, starts: 1, started: 1, startingMs: startMs });
  job.post(exited(1, 3), gone(1));
  tell('exit');
  expect(tallies.of('web')).toMatchObject({ exits: { exit: 1 } });
  tallies.forget('web');
  expect(tallies.of('web')).toEqual(NOTHING);
});

test('a fact about an older run is not counted', () => {
  const job = newJob();
  job.post(spawned(1), gone(7));
  const tallies = new Tallies(job.clock);
  for (const step of job.steps as readonly JobStep[])
    tallies.note('web', step, step.event.type === 'GroupGone' ? 'exit' : 'config');
  expect(tallies.of('web')).toEqual({ ...NOTHING, starts: 1 });
});
