import { RateLimitedLog } from '../../../src/wire/rate-limited-log.ts';
import { LIMITS } from '../../../src/wire/limits.ts';

test('complaints over the limit of a window are counted, and told with the first of the next', () => {
  const told: string[] = [];
  const complaints = new RateLimitedLog({ ...LIMITS, peerErrors: 2, peerErrorWindowMs: 100 }, (why) =>
    told.push(why),
  );
  for (const nowMs of [0, 1, 2, 99, 100, 101, 102]) complaints.add(`at ${nowMs}`, nowMs);
  expect(told).toEqual(['at 0', 'at 1', 'at 100 (and 2 more before it)', 'at 101']);
});
