import { nextTime, parseSchedule } from '../../../src/config/values/schedule.ts';
import { DueTime, type PersistedDue } from '../../../src/job/due-time.ts';

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
const right = read.ok ? (nextTime(read.value, NOW) ?? 0) : 0;

test('a kept time of the schedule is waited for, a missed one is due, one of another time zone is reckoned anew', () => {
  const kept = (dueAt: number): PersistedDue => ({ schedule: SCHEDULE, run: 1, dueAt });
  expect(resumed(kept(right))).toBe(right);
  expect(resumed(kept(NOW - 1_000))).toBe(NOW - 1_000);
  expect(resumed(kept(right + 5 * 3_600_000))).toBe(right);
  expect(resumed(kept(right + 30 * 60_000))).toBe(right);
});
