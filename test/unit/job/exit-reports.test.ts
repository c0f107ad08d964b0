import type { JobEvent } from '../../../machines/job.ts';
import { ExitReports } from '../../../src/job/exit-reports.ts';
import { FakeClock } from '../../support/fake-clock.ts';

let clock: FakeClock;
let posted: JobEvent[];
let reports: ExitReports;
beforeEach(() => {
  clock = new FakeClock(Date.UTC(2026, 10, 29));
  posted = [];
  reports = new ExitReports({ clock, post: (event) => posted.push(event) });
});

test('an exit is posted with its time, and is known until the next', () => {
  reports.post(2, { code: 3, signal: null });
  const at = '2026-11-29T00:00:00.000Z';
  expect(posted).toEqual([{ type: 'ChildExited', run: 2, code: 3, signal: null, at }]);
  expect([reports.exitOf(2), reports.exitOf(1), reports.newestRun]).toEqual([
    { code: 3, signal: null },
    null,
    2,
  ]);
  reports.post(3, { code: null, signal: 'SIGTERM' });
  expect([reports.exitOf(2), reports.exitOf(3)]).toEqual([null, { code: null, signal: 'SIGTERM' }]);
});

test('the end of an older run makes it no newer one', () => {
  reports.settle(5);
  reports.post(4, { code: 0, signal: null });
  expect(reports.newestRun).toBe(5);
});

test('an exit is lost after five seconds and three polls, not before either', () => {
  const polls = (run: number, ...waits: readonly number[]): readonly boolean[] =>
    waits.map((ms) => {
      clock.advance(ms);
      return reports.isLost(run);
    });
  expect(polls(1, 0, 2_000, 2_999, 1)).toEqual([false, false, false, true]);
  // A daemon that was suspended has not looked for a while.
  expect(polls(2, 0, 60_000, 1)).toEqual([false, false, true]);
  // Another run is counted anew.
  expect(polls(3, 10_000, 0, 0)).toEqual([false, false, false]);
});
