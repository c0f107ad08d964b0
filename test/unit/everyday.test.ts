import { writeFileSync, mkdtempSync, rmSync, truncateSync, appendFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Ready } from '../../src/config/config.ts';
import { nextTime, parseSchedule } from '../../src/config/values/schedule.ts';
import type { WatchedInstance } from '../../src/fleet/watches.ts';
import { MOST_IN_A_ROW, QUIET_MS, Watches } from '../../src/fleet/watches.ts';
import type { Probes, Processes, TestEnd, WatchEvents } from '../../src/job/ports.ts';
import type { PersistedDue } from '../../src/job/due-time.ts';
import { DueTime } from '../../src/job/due-time.ts';
import { Probing } from '../../src/job/checks/probing.ts';
import { realProbes } from '../../src/job/checks/real-probes.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { apply, failed, gone, newJob, passed, unknown } from '../support/job-script.ts';

/** Time that somebody sets, as well as time that passes. */
class SetClock extends FakeClock {
  setBy = 0;

  override wall(): number {
    return super.wall() + this.setBy;
  }
}

const iso = (time: number | null): string => (time === null ? 'never' : new Date(time).toISOString());

describe('schedules and summer time', () => {
  const times = (text: string, after: string, count: number): readonly string[] => {
    const schedule = parseSchedule(text, 'Europe/Berlin');
    if (!schedule.ok) throw new Error(schedule.message);
    const found: string[] = [];
    for (let time = Date.parse(after); found.length < count;) {
      time = nextTime(schedule.value, time) ?? Infinity;
      found.push(new Date(time).toISOString().slice(5, 16));
    }
    return found;
  };

  test('a time that the clocks pass over in spring is made up for when they have, and comes again the next day', () => {
    expect(times('30 2 * * *', '2026-03-28T12:00Z', 2)).toEqual(['03-29T01:00', '03-30T00:30']);
  });

  test('a time that comes twice in autumn counts once', () => {
    expect(times('30 2 * * *', '2026-10-24T12:00Z', 2)).toEqual(['10-25T00:30', '10-26T01:30']);
    expect(times('0,30 2 * * *', '2026-10-24T12:00Z', 3)).toEqual([
      '10-25T00:00',
      '10-25T00:30',
      '10-26T01:00',
    ]);
  });

  test('what runs every so many minutes goes on at its pace through both changes', () => {
    expect(times('*/30 * * * *', '2026-03-29T00:00Z', 4)).toEqual([
      '03-29T00:30',
      '03-29T01:00',
      '03-29T01:30',
      '03-29T02:00',
    ]);
    expect(times('*/30 * * * *', '2026-10-25T00:00Z', 4)).toEqual([
      '10-25T00:30',
      '10-25T01:00',
      '10-25T01:30',
      '10-25T02:00',
    ]);
  });
});

describe('waiting for a time', () => {
  /** A scheduled job on a clock of its own. Wall time begins with 2026, at midnight. */
  function waiting(schedule: string, kept: PersistedDue | null = null) {
    const clock = new SetClock();
    const job = { schedule, kept, dues: [] as string[] };
    const due = new DueTime({
      clock,
      store: { read: () => job.kept, write: (now) => (job.kept = now) },
      schedule: () => job.schedule,
      onDue: () => job.dues.push(iso(clock.wall())),
    });
    return { clock, job, due };
  }

  test('each is due at its time, and `every` counts from the last start', () => {
    const { clock, job, due } = waiting('every 10m');
    due.begin(1);
    expect(iso(due.at)).toBe('2026-01-01T00:10:00.000Z');
    clock.advance(600_000);
    expect(job.dues).toEqual(['2026-01-01T00:10:00.000Z']);
    due.end({ resumes: false });
    due.noteStart(clock.wall());
    clock.advance(60_000);
    due.begin(2);
    expect(iso(due.at)).toBe('2026-01-01T00:20:00.000Z');
  });

  test('times that passed while the job ran are left out', () => {
    const { clock, due } = waiting('every 10m');
    due.noteStart(clock.wall());
    clock.advance(25 * 60_000);
    due.begin(1);
    expect(iso(due.at)).toBe('2026-01-01T00:30:00.000Z');
  });

  test('a daemon that comes back goes on with the wait of the last one, and is due at once for all that was missed', () => {
    const wait = { schedule: 'every 10m', run: 3 };
    const later = waiting('every 10m', { ...wait, dueAt: Date.UTC(2026, 0, 1, 0, 7) });
    later.due.begin(3);
    expect(iso(later.due.at)).toBe('2026-01-01T00:07:00.000Z');
    const missed = waiting('every 10m', { ...wait, dueAt: Date.UTC(2025, 11, 24) });
    missed.due.begin(3);
    expect(missed.job.dues).toEqual(['2026-01-01T00:00:00.000Z']);
  });

  test('a wait that was for another schedule, or that a start has ended since, is not gone on with', () => {
    const dueAt = Date.UTC(2025, 11, 24);
    for (const kept of [
      { schedule: 'every 20m', run: 3, dueAt },
      { schedule: 'every 10m', run: 2, dueAt },
    ]) {
      const { due } = waiting('every 10m', kept);
      due.begin(3);
      expect(iso(due.at)).toBe('2026-01-01T00:10:00.000Z');
    }
  });

  test('a wait that is over is forgotten, one that is broken off is kept', () => {
    const { job, due } = waiting('every 10m');
    due.begin(1);
    due.end({ resumes: true });
    expect([due.at, job.kept]).toEqual([
      null,
      { schedule: 'every 10m', run: 1, dueAt: Date.UTC(2026, 0, 1, 0, 10) },
    ]);
    due.begin(1);
    due.end({ resumes: false });
    expect([due.at, job.kept]).toEqual([null, null]);
  });

  test('a clock that is set forward is noticed within a minute, and the job is due once', () => {
    const { clock, job, due } = waiting('@daily');
    due.begin(1);
    clock.setBy = 3 * 86_400_000;
    clock.advance(60_000);
    expect(job.dues).toHaveLength(1);
  });

  test('a clock that is set back by years does not make the job wait for years, one that is set back a little changes nothing', () => {
    const little = waiting('@daily');
    little.due.begin(1);
    const { at } = little.due;
    little.clock.setBy = -3_600_000;
    little.clock.advance(60_000);
    expect(little.due.at).toBe(at);
    for (const schedule of ['* * * * *', 'every 10m']) {
      const { clock, due } = waiting(schedule);
      due.begin(1);
      clock.setBy = Date.UTC(2016, 0, 4) - Date.UTC(2026, 0, 1);
      clock.advance(30_000);
      expect(iso(due.at)).toBe(
        schedule === 'every 10m' ? '2016-01-04T00:10:30.000Z' : '2016-01-04T00:01:00.000Z',
      );
    }
  });
});

describe('lines of a log', () => {
  test('an expression that would take for ever is broken off', () => {
    const started = performance.now();
    expect(realProbes.match('^(a+)+$', [`${'a'.repeat(60)}b`])).toBe('too-slow');
    // Far below for ever; the bound itself is 50 ms.
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(realProbes.match('^b$', ['a', 'b'])).toBe(true);
    expect(realProbes.match('^c$', ['a', 'b'])).toBe(false);
  });
});

describe('probing', () => {
  const COMMAND = { exe: 'check', args: [] };

  /** Probing whose tries end when the test says so. */
  function probing(ready: Ready | null, logPath = '/nowhere') {
    const clock = new FakeClock();
    const tries: { done: (end: TestEnd) => void; isEnded: boolean }[] = [];
    const processes = {
      runTest: (_program, done) => {
        const one = { done, isEnded: false };
        tries.push(one);
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

  test('tries follow one another at the interval until one succeeds, and then none any more', () => {
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

  test('when nobody wants to know any more the try under way is ended, and none follows', () => {
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

  test('a log is read from where the output of this run began, and from its beginning when it was rotated', () => {
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

describe('restarts for a change', () => {
  /** A job that is as the test says, and a file that changes when it says so. */
  function watched() {
    const clock = new FakeClock();
    const lines: string[] = [];
    const requests: unknown[] = [];
    let on: WatchEvents | null = null;
    const watches = new Watches({
      clock,
      log: { line: (text) => lines.push(text) },
      files: {
        watch: (request, events) => {
          requests.push(request);
          on = events;
          return { renew: () => undefined, end: () => void (on = null) };
        },
      },
    });
    const child = (ageMs: number) => ({ at: new Date(clock.wall() - ageMs).toISOString() });
    const now = {
      state: 'running',
      want: 'Yes' as unknown,
      run: 1,
      child: child(5_000) as unknown,
      lastExit: null as unknown,
      restarts: 0,
    };
    const job = { cwd: '/app', watch: ['*.js'] as readonly string[] };
    const instance = {
      name: 'web',
      job,
      get state() {
        return now.state;
      },
      get snapshot() {
        return { value: { want: now.want }, context: now };
      },
      post: () => {
        now.restarts += 1;
        now.run += 1;
        now.child = child(0);
      },
    } as unknown as WatchedInstance;
    watches.follow(instance);
    return {
      clock,
      lines,
      requests,
      watches,
      instance,
      job,
      now,
      child,
      change: (path = '/app/a.js') => on?.changed(path),
      isWatching: () => on !== null,
    };
  }

  test('many changes in close succession are one restart, once it is quiet', () => {
    const { clock, now, change } = watched();
    for (let count = 0; count < 10; count += 1) {
      change();
      clock.advance(QUIET_MS - 1);
    }
    expect(now.restarts).toBe(0);
    clock.advance(1);
    expect(now.restarts).toBe(1);
    clock.advance(60_000);
    expect(now.restarts).toBe(1);
  });

  test.each(['waiting', 'testing', 'held', 'stopping', 'finished', 'stopped'])(
    'a job that is %s is left as it is',
    (state) => {
      const { clock, now, change } = watched();
      now.state = state;
      change();
      clock.advance(60_000);
      expect(now.restarts).toBe(0);
    },
  );

  test.each(['backoff', 'failed'])(
    'a job that is in %s starts afresh: the change may have mended it',
    (state) => {
      const { clock, now, change, child } = watched();
      now.state = state;
      now.lastExit = child(5_000);
      change();
      clock.advance(QUIET_MS);
      expect(now.restarts).toBe(1);
    },
  );

  test('a job that was stopped, or has started anew, before it was quiet is left alone', () => {
    const { clock, now, change } = watched();
    change();
    now.want = { No: 'ByHand' };
    clock.advance(QUIET_MS);
    now.want = 'Yes';
    change();
    now.run += 1;
    clock.advance(QUIET_MS);
    expect(now.restarts).toBe(0);
  });

  test.each(['running', 'starting', 'backoff'])(
    'a job that changes a file around each start, then %s, is restarted so often and no more',
    (state) => {
      const { clock, now, child, change, lines } = watched();
      now.state = state;
      for (let start = 0; start < 20; start += 1) {
        now.child = child(100);
        now.lastExit = child(100);
        change('/app/own.js');
        clock.advance(QUIET_MS);
      }
      expect(now.restarts).toBe(MOST_IN_A_ROW);
      expect(lines.at(-1)).toContain('/app/own.js changes whenever the job starts');
      now.state = 'running';
      clock.advance(5_000);
      change('/app/a.js');
      clock.advance(QUIET_MS);
      expect(now.restarts).toBe(MOST_IN_A_ROW + 1);
      change('/app/own.js');
      clock.advance(QUIET_MS);
      expect(now.restarts).toBe(MOST_IN_A_ROW + 1);
    },
  );

  test('only other globs, or another folder, are watched anew; without globs nothing is', () => {
    const { watches, instance, job, requests, isWatching } = watched();
    watches.follow(instance);
    expect(requests).toEqual([{ cwd: '/app', globs: ['*.js'] }]);
    job.watch = ['*.ts'];
    watches.follow(instance);
    expect(requests).toHaveLength(2);
    job.watch = [];
    watches.follow(instance);
    expect([requests.length, isWatching()]).toEqual([2, false]);
  });
});

describe('a test that cannot make up its mind', () => {
  /** Waits for the next test and answers it; says how long the wait was. */
  function intervals(verdicts: readonly (typeof passed)[], testIntervalMs = 1_000): readonly number[] {
    const policy = { hasTest: true, testIntervalMs };
    const job = newJob(policy).post(apply(policy), passed(1));
    return verdicts.map((verdict, index) => {
      let waited = 0;
      for (; job.value.test !== 'Testing'; waited += testIntervalMs) job.wait(testIntervalMs);
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

  test('J-15 it shrinks again with each test that agrees with the last, and no verdict is no change', () => {
    expect(intervals([...flapping(5), unknown, failed, failed, failed, failed])).toEqual([
      1_000, 1_000, 1_000, 1_000, 2_000, 4_000, 4_000, 4_000, 2_000, 1_000,
    ]);
  });

  test('J-15 no interval is lengthened beyond ten minutes', () => {
    expect(intervals(flapping(7), 200_000).slice(4)).toEqual([400_000, 600_000, 600_000]);
    expect(new Set(intervals(flapping(5), 900_000))).toEqual(new Set([900_000]));
  });

  test('J-15 a trigger makes a fresh beginning', () => {
    const policy = { hasTest: true, testIntervalMs: 1_000 };
    const job = newJob(policy).post(apply(policy), passed(1), apply(policy), failed(2));
    expect(job.context.flips).toBe(1);
    expect(job.post(apply(policy)).context.flips).toBe(0);
  });
});
