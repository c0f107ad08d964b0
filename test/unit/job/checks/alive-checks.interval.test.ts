import type { Alive } from '../../../../src/config/config.ts';
import { AliveChecks } from '../../../../src/job/checks/alive-checks.ts';
import type { Processes, TestEnd } from '../../../../src/job/ports.ts';
import { FakeClock } from '../../../support/fake-clock.ts';

const ALIVE: Alive = {
  kind: 'command',
  command: { exe: 'check', args: [] },
  intervalMs: 1_000,
  timeoutMs: 500,
  failures: 3,
};
const ended = (code: number): TestEnd => ({ code, signal: null, error: null, output: '' });

/** Checks that end when the test says so. */
function checking(alive: Alive | null = ALIVE) {
  const clock = new FakeClock();
  const checks: { done: (end: TestEnd) => void; isEnded: boolean }[] = [];
  const asked = { alive };
  const processes = {
    runTest: (_program, done, begun) => {
      const one = { done, isEnded: false };
      checks.push(one);
      begun?.();
      return { end: () => (one.isEnded = true) };
    },
  } as Pick<Processes, 'runTest'> as Processes;
  const subject = new AliveChecks({
    clock,
    processes,
    probes: {} as never,
    alive: () => asked.alive,
    program: () => ({ exe: 'check', args: [], cwd: '/', env: {} }) as never,
    onPass: () => {},
    onFail: () => {},
  });
  return { clock, checks, asked, subject };
}

describe('a changed interval of checks', () => {
  test('a shorter interval begins at once, not after the longer one has passed', () => {
    const { clock, checks, asked, subject } = checking({ ...ALIVE, intervalMs: 3_600_000 });
    subject.begin(1, false);
    clock.advance(10_000);
    asked.alive = ALIVE;
    subject.reconsider();
    clock.advance(1_000);
    expect([checks.length, clock.pending]).toEqual([1, 1]);
  });

  test('a trigger that leaves the interval as it is does not delay the next check', () => {
    const { clock, checks, subject } = checking();
    subject.begin(1, false);
    clock.advance(600);
    subject.reconsider();
    clock.advance(400);
    expect(checks).toHaveLength(1);
  });

  test('a check that is under way is not begun again by a change of the interval', () => {
    const { clock, checks, asked, subject } = checking();
    subject.begin(1, false);
    clock.advance(1_000);
    asked.alive = { ...ALIVE, intervalMs: 100 };
    subject.reconsider();
    expect([checks.length, checks[0]?.isEnded]).toEqual([1, false]);
    checks[0]?.done(ended(0));
    clock.advance(100);
    expect(checks).toHaveLength(2);
  });

  test('a change of the config begins no checks where none are made', () => {
    const { clock, asked, subject } = checking(null);
    asked.alive = ALIVE;
    subject.reconsider();
    expect(clock.pending).toBe(0);
  });
});
