import type { Processes } from '../../../src/job/ports.ts';
import { ScriptedJob } from '../../support/scripted-job.ts';

const TESTED = { test: { exe: 'test', args: [] }, backoff: { minMs: 60_000, maxMs: 60_000, factor: 1 } };
const PASS = { code: 0, signal: null, error: null, output: '' };
const UNKNOWN = { ...PASS, code: null, error: 'no room' };

/** A job about to be launched whose next test has no verdict, so that it does not come to the next launch. */
function launching(processes: Partial<Processes>): ScriptedJob {
  let tests = 0;
  const job: ScriptedJob = new ScriptedJob(TESTED, {
    runTest: (_program, done, begun) => {
      begun?.();
      tests += 1;
      const end = tests === 1 ? PASS : UNKNOWN;
      const { clear } = job.clock.after(1, () => done(end));
      return { end: clear };
    },
    ...processes,
  });
  job.instance.apply(job.instance.job);
  job.clock.advance(1);
  expect(job.instance.state).toBe('starting');
  job.instance.within(() => {
    throw new Error('planted');
  });
  job.clock.advance(5_000);
  expect(job.instance.state).toBe('backoff');
  return job;
}

test('after an exception a launch that waits for the search before it is not made', () => {
  let goOn = (): void => undefined;
  const job = launching({ clear: (_marker, done) => (goOn = done) });
  job.instance.post({ type: 'Stop' });
  goOn();
  expect([job.launches.length, job.instance.state]).toEqual([0, 'stopped']);
});

test('after an exception a launch that has not reported its child is sent away', () => {
  let cancelled = 0;
  launching({ launch: () => ({ release: () => undefined, cancel: () => (cancelled += 1) }) });
  expect(cancelled).toBe(1);
});
