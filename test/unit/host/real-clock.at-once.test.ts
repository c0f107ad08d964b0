import { jest } from '@jest/globals';
import { realClock } from '../../../src/host/real-clock.ts';

test('T-1502 a delay of nothing waits for no timer, and can be cleared', async () => {
  const setTimer = jest.spyOn(globalThis, 'setTimeout');
  const called: string[] = [];
  realClock.after(0, () => called.push('cleared')).clear();
  await new Promise<void>((resolve) => {
    realClock.after(0, () => {
      called.push('at once');
      resolve();
    });
    called.push('later than the call');
  });
  expect([called, setTimer.mock.calls.length]).toEqual([['later than the call', 'at once'], 0]);
  setTimer.mockRestore();
});
