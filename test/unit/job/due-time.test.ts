import { nextTime, parseSchedule } from '../../../src/config/values/schedule.ts';
import { DueTime, type PersistedDue } from '../../../src/job/due-time.ts';
import { FakeClock } from '../../support/fake-clock.ts';

const NOW = Date.UTC(2026, 0, 1);
const SCHEDULE = '17 3 * * *';

function resumed(kept: PersistedDue): number | null {
  const due = new DueTime({
    clock: {
      wall: () => NOW,
      monotonic: () => 0,
      sinceBoot: () => 0,
      after: () => ({ clear: () => undefined }),
    },
    store: { read: () => kept, write: () => undefined },
    schedule: () => kept.schedule,
    onDue: () => undefined,
  });
  due.begin(kept.run);
  return due.at;
}

const read = parseSchedule(SCHEDULE);
const DAY_MS = 86_400_000;
const right = read.ok ? (nextTime(read.value, NOW) ?? 0) : 0;

test('a kept time of a schedule is waited for, a missed one is due, another zone’s is recomputed', () => {
  const kept = (dueAt: number): PersistedDue => ({ schedule: SCHEDULE, run: 1, dueAt });
  expect(resumed(kept(right))).toBe(right);
  expect([NOW - 1_000, NOW].map((missed) => resumed(kept(missed)))).toEqual([NOW - 1_000, NOW]);
  expect(resumed(kept(right + 5 * 3_600_000))).toBe(right);
  expect(resumed(kept(right + 30 * 60_000))).toBe(right);
  // The clock was set back meanwhile: by a day, which is waited for, or by two.
  expect(resumed(kept(right + DAY_MS))).toBe(right + DAY_MS);
  expect(resumed(kept(right + 2 * DAY_MS))).toBe(right);
});

/** Midnight after the first of January where the tests run. */
const NEXT_DAY = new Date(2026, 0, 2).toISOString();

/** Time that somebody sets, as well as time that passes. */
class SetClock extends FakeClock {
  setBy = 0;

  override wall(): number {
    return super.wall() + this.setBy;
  }
}

const iso = (time: number | null): string => (time === null ? 'never' : new Date(time).toISOString());

describe('waiting for a time', () => {
  /** A scheduled job on a clock of its own. Wall time begins with 2026, at midnight. */
  function waiting(schedule: string | null, kept: PersistedDue | null = null) {
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

  test('a schedule is due at its time, and `every` counts from the last start', () => {
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

  test('a daemon that comes back resumes the wait, and is due at once for missed times', () => {
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

  test.each(['every 7m', '@daily'])('a job with %s that has just been started waits in full', (schedule) => {
    const { clock, due } = waiting(schedule);
    clock.advance(60_000);
    due.noteStart(clock.wall());
    due.begin(1);
    expect(iso(due.at)).toBe(schedule === '@daily' ? NEXT_DAY : '2026-01-01T00:08:00.000Z');
  });

  test('a job that has never been started, or only in the future, is due an interval from now on', () => {
    const [never, future] = [waiting('every 7m'), waiting('every 7m')];
    future.due.noteStart(Date.UTC(2026, 0, 1, 1));
    for (const { due } of [never, future]) due.begin(1);
    expect([iso(never.due.at), iso(future.due.at)]).toEqual(Array(2).fill('2026-01-01T00:07:00.000Z'));
  });

  test.each([null, 'nonsense', 'every nothing'])(
    'a job whose schedule is %j waits for nothing',
    (schedule) => {
      const { clock, job, due } = waiting(schedule);
      due.begin(1);
      due.end({ resumes: true });
      expect([due.at, job.kept, job.dues, clock.pending]).toEqual([null, null, [], 0]);
    },
  );

  test('a wait is persisted once, and ends at its second', () => {
    const { clock, job, due } = waiting('every 70s');
    due.begin(1);
    const { kept } = job;
    clock.advance(69_999);
    expect([job.dues, job.kept === kept]).toEqual([[], true]);
    clock.advance(1);
    expect(job.dues).toEqual(['2026-01-01T00:01:10.000Z']);
  });

  test('a clock that is set back by half an interval does not make the wait longer than one', () => {
    const { clock, due } = waiting('every 10m');
    due.begin(1);
    clock.setBy = -300_000;
    clock.advance(30_000);
    expect(iso(due.at)).toBe('2026-01-01T00:05:30.000Z');
  });

  test('a clock that is set forward is noticed within a minute, and the job is due once', () => {
    const { clock, job, due } = waiting('@daily');
    due.begin(1);
    clock.setBy = 3 * 86_400_000;
    clock.advance(60_000);
    expect(job.dues).toHaveLength(1);
  });

  test('a clock that is set back by years delays no job for years; a small step changes nothing', () => {
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
