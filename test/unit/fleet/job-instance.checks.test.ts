import type { Alive } from '../../../src/config/config.ts';
import type { TestEnd } from '../../../src/job/ports.ts';
import { LEAST_JOB } from '../../support/least-job.ts';
import { ScriptedJob } from '../../support/scripted-job.ts';

const ALIVE: Alive = {
  kind: 'command',
  command: { exe: 'check', args: [] },
  intervalMs: 1_000,
  timeoutMs: 500,
  failures: 2,
};
const FAILED: TestEnd = { code: 1, signal: null, error: null, output: '' };

/** A running job, and each check of it: what is run, and what ends it. */
function checked(alive: Alive) {
  const checks: { readonly exe: string; readonly fail: () => void; isEnded: boolean }[] = [];
  const job = new ScriptedJob(
    { alive },
    {
      runTest: ({ exe }, done, begun) => {
        const check = { exe, fail: () => done(FAILED), isEnded: false };
        checks.push(check);
        begun?.();
        return { end: () => void (check.isEnded = true) };
      },
    },
  ).running();
  const change = (next: Alive | null): void => job.instance.apply({ ...LEAST_JOB, startMs: 0, alive: next });
  return { job, checks, change };
}

describe('a changed check', () => {
  test('a shorter interval begins at once, not after the longer one has passed', () => {
    const { job, checks, change } = checked({ ...ALIVE, intervalMs: 3_600_000 });
    job.clock.advance(10_000);
    change(ALIVE);
    job.clock.advance(1_000);
    expect(checks).toHaveLength(1);
  });

  test('a trigger that leaves the check as it is does not delay the next one', () => {
    const { job, checks, change } = checked(ALIVE);
    job.clock.advance(600);
    change({ ...ALIVE });
    job.clock.advance(400);
    expect(checks).toHaveLength(1);
  });

  test('an earlier check that is under way is ended, and its answer does not count', () => {
    const { job, checks, change } = checked({ ...ALIVE, failures: 1 });
    job.clock.advance(1_000);
    change({ ...ALIVE, failures: 1, command: { exe: 'other', args: [] } });
    expect(checks.map(({ isEnded }) => isEnded)).toEqual([true]);
    checks[0]?.fail();
    expect(job.instance.state).toBe('running');
    job.clock.advance(1_000);
    expect(checks.map(({ exe }) => exe)).toEqual(['check', 'other']);
  });

  test('failures that an earlier check has counted do not count for another one', () => {
    const { job, checks, change } = checked(ALIVE);
    job.clock.advance(1_000);
    checks[0]?.fail();
    change({ ...ALIVE, timeoutMs: 400 });
    job.clock.advance(1_000);
    checks[1]?.fail();
    expect(job.instance.state).toBe('running');
    job.clock.advance(1_000);
    checks[2]?.fail();
    expect(job.instance.state).toBe('stopping');
  });

  test('a check that the config takes away and brings back is counted anew', () => {
    const { job, checks, change } = checked(ALIVE);
    job.clock.advance(1_000);
    checks[0]?.fail();
    change(null);
    change(ALIVE);
    job.clock.advance(1_000);
    checks[1]?.fail();
    expect(job.instance.state).toBe('running');
  });
});
