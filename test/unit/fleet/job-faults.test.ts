import { JobFaults } from '../../../src/fleet/job-faults.ts';
import { FakeClock } from '../../support/fake-clock.ts';

function noting(): { readonly faults: JobFaults; readonly clock: FakeClock; readonly lines: string[] } {
  const clock = new FakeClock();
  const lines: string[] = [];
  return { faults: new JobFaults(clock, (line) => lines.push(line.split('\n')[0] ?? '')), clock, lines };
}

test('a bug is logged once a minute, however often it comes', () => {
  const { faults, clock, lines } = noting();
  for (let times = 0; times < 100; times += 1) {
    faults.note(new Error('planted'));
    clock.advance(1_000);
  }
  expect([lines, faults.last?.count]).toEqual([['bug: Error: planted', 'bug: Error: planted'], 100]);
});

test('a refusal of the system is no bug', () => {
  const { faults, lines } = noting();
  faults.note(Object.assign(new Error('EACCES: permission denied, stat'), { syscall: 'stat' }));
  expect([lines, faults.last?.isRefusal]).toEqual([['fault: EACCES: permission denied, stat'], true]);
});

test('a job is taken up anew later and later while it fails, and soon again after a quiet time', () => {
  const { faults, clock } = noting();
  const waits = Array.from({ length: 7 }, () => faults.nextRecoveryMs());
  clock.advance(61_000);
  expect([waits, faults.nextRecoveryMs()]).toEqual([
    [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000],
    1_000,
  ]);
});
