import { writeFileSync, mkdtempSync, rmSync, truncateSync, appendFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Ready } from '../../../../src/config/config.ts';
import type { Probes, Processes, TestEnd } from '../../../../src/job/ports.ts';
import { Probing } from '../../../../src/job/checks/probing.ts';
import { realProbes } from '../../../../src/job/checks/real-probes.ts';
import { FakeClock } from '../../../support/fake-clock.ts';

describe('probing', () => {
  const COMMAND = { exe: 'check', args: [] };

  /** Probing whose tries end when the test says so. */
  function probing(ready: Ready | null, logPath = '/nowhere', isQueued = false) {
    const clock = new FakeClock();
    const tries: { done: (end: TestEnd) => void; begun: () => void; isEnded: boolean }[] = [];
    const processes = {
      runTest: (_program, done, begun = () => undefined) => {
        const one = { done, begun, isEnded: false };
        tries.push(one);
        if (!isQueued) begun();
        return { end: () => (one.isEnded = true) };
      },
    } as Pick<Processes, 'runTest'> as Processes;
    const asked = { ready, isReady: [] as number[] };
    const program = (): never => ({ exe: 'check', args: [], cwd: '/', env: {} }) as never;
    const subject = new Probing({
      clock,
      processes,
      probes: realProbes satisfies Probes,
      ready: () => asked.ready,
      program,
      logPath,
      onReady: (run) => asked.isReady.push(run),
    });
    return { clock, tries, asked, subject };
  }

  const ended = (code: number): TestEnd => ({ code, signal: null, error: null, output: '' });

  const command: Ready = {
    kind: 'command',
    command: COMMAND,
    intervalMs: 1_000,
    timeoutMs: 5_000,
    withinMs: 60_000,
  };

  test('probes repeat at the interval until one succeeds, and then stop', () => {
    const { clock, tries, asked, subject } = probing(command);
    subject.begin(7, 0);
    tries[0]?.done(ended(1));
    expect([tries.length, subject.failure]).toEqual([1, '`check` exited with 1']);
    clock.advance(999);
    expect(tries).toHaveLength(1);
    clock.advance(1);
    tries[1]?.done(ended(0));
    expect(asked.isReady).toEqual([7]);
    clock.advance(60_000);
    expect([tries.length, clock.pending, subject.failure]).toEqual([2, 0, null]);
  });

  test('a try that outlives its time is ended, counts as a no, and its late answer is nobody’s', () => {
    const { clock, tries, asked, subject } = probing(command);
    subject.begin(1, 0);
    clock.advance(5_000);
    expect([tries[0]?.isEnded, subject.failure]).toEqual([true, '`check` gave no answer within 5 s']);
    tries[0]?.done(ended(0));
    expect(asked.isReady).toEqual([]);
    clock.advance(1_000);
    expect(tries).toHaveLength(2);
  });

  test('the time of a try begins with its process, not while it waits for its turn', () => {
    const { clock, tries, subject } = probing(command, '/nowhere', true);
    subject.begin(1, 0);
    clock.advance(60_000);
    expect([tries[0]?.isEnded, subject.failure]).toEqual([false, null]);
    tries[0]?.begun();
    clock.advance(4_999);
    expect(tries[0]?.isEnded).toBe(false);
    clock.advance(1);
    expect([tries[0]?.isEnded, subject.failure]).toEqual([true, '`check` gave no answer within 5 s']);
  });

  test('a try that nobody needs any more has no time when its turn comes', () => {
    const { clock, tries, subject } = probing(command, '/nowhere', true);
    subject.begin(1, 0);
    subject.end();
    tries[0]?.begun();
    expect([clock.pending, tries[0]?.isEnded]).toEqual([0, true]);
  });

  test('a probe that nobody needs any more is ended, and none follows', () => {
    const { clock, tries, asked, subject } = probing(command);
    subject.begin(1, 0);
    subject.end();
    tries[0]?.done(ended(0));
    clock.advance(60_000);
    expect([tries.length, tries[0]?.isEnded, asked.isReady, clock.pending]).toEqual([1, true, [], 0]);
  });

  test('a changed config is heeded from the next try on', () => {
    const { clock, tries, asked, subject } = probing(command);
    subject.begin(1, 0);
    asked.ready = null;
    tries[0]?.done(ended(1));
    clock.advance(60_000);
    expect([tries.length, clock.pending, subject.isUnderWay]).toEqual([1, 0, false]);
  });

  test('a log is read from where this run’s output began, and from its start after a rotation', () => {
    const dir = mkdtempSync(join(tmpdir(), 'overseer-unit-'));
    const path = join(dir, 'web.log');
    writeFileSync(path, 'ready\n');
    const { clock, asked, subject } = probing(
      { kind: 'log', pattern: '^ready$', intervalMs: 1_000, timeoutMs: 5_000, withinMs: 60_000 },
      path,
    );
    subject.begin(1, 6);
    expect(subject.failure).toBe('no line of its log matches /^ready$/');
    appendFileSync(path, 'not ready\nrea');
    clock.advance(1_000);
    expect(asked.isReady).toEqual([]);
    truncateSync(path);
    appendFileSync(path, 'ready\n');
    clock.advance(1_000);
    expect(asked.isReady).toEqual([1]);
    rmSync(dir, { recursive: true });
  });
});
