import { apply, failed, gone, newJob, passed, unknown } from '../support/job-script.ts';

describe('a test that cannot make up its mind', () => {
  /** Waits for the next test and answers it; says how long the wait was. */
  function intervals(verdicts: readonly (typeof passed)[], testIntervalMs = 1_000): readonly number[] {
    const policy = { hasTest: true, testIntervalMs };
    const job = newJob(policy).post(apply(policy), passed(1));
    return verdicts.map((verdict, index) => {
      const waited = job.msUntil('testInterval');
      expect(job.wait(waited - 1).value.test).toEqual({ Idle: 'Periodic' });
      expect(job.wait(1).value.test).toBe('Testing');
      job.post(verdict(index + 2), gone(job.context.run));
      return waited;
    });
  }

  const flapping = (count: number): (typeof passed)[] =>
    Array.from({ length: count }, (_, index) => (index % 2 === 0 ? failed : passed));

  test('J-15 the interval doubles with each change after the third, up to 32 times', () => {
    expect(intervals(flapping(11))).toEqual([
      1_000, 1_000, 1_000, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 32_000, 32_000,
    ]);
  });

  test('J-15 the interval shrinks with each test that agrees, and no verdict changes nothing', () => {
    expect(intervals([...flapping(5), unknown, failed, failed, failed, failed])).toEqual([
      1_000, 1_000, 1_000, 1_000, 2_000, 4_000, 4_000, 4_000, 2_000, 1_000,
    ]);
  });

  test('J-15 no interval is lengthened beyond ten minutes', () => {
    expect(intervals(flapping(7), 200_000).slice(4)).toEqual([400_000, 600_000, 600_000]);
    expect(new Set(intervals(flapping(5), 900_000))).toEqual(new Set([900_000]));
  });

  test('J-15 a trigger sets the interval back to what the config says', () => {
    const policy = { hasTest: true, testIntervalMs: 1_000 };
    const job = newJob(policy).post(apply(policy), passed(1), apply(policy), failed(2));
    expect(job.context.flips).toBe(1);
    expect(job.post(apply(policy)).context.flips).toBe(0);
  });
});
