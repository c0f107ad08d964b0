import { jest } from '@jest/globals';
import { groupIsKnown, pidIsKnown } from '../../../src/os/is-alive.ts';
import { withoutStack } from '../../../src/os/without-stack.ts';

const NOBODY = 2 ** 30;

test('T-1503 an expected refusal of the system notes no stack, and later errors do', () => {
  const thrown: Error[] = [];
  const limit = Error.stackTraceLimit;
  expect(withoutStack(() => 7)).toBe(7);
  try {
    withoutStack(() => {
      throw new Error('refused');
    });
  } catch (error) {
    thrown.push(error as Error);
  }
  expect(thrown.map(({ message, stack = '' }) => [message, stack.includes('\n    at ')])).toEqual([
    ['refused', false],
  ]);
  expect([new Error('later').stack?.includes('\n    at '), Error.stackTraceLimit]).toEqual([true, limit]);
});

test('a number that nobody has is known neither as a process nor as a group, without a stack', () => {
  const limits: number[] = [];
  const kill = process.kill.bind(process);
  const asked = jest.spyOn(process, 'kill').mockImplementation((...words) => {
    limits.push(Error.stackTraceLimit);
    return kill(...words);
  });
  const known = [pidIsKnown(NOBODY), groupIsKnown(NOBODY), pidIsKnown(process.pid)];
  asked.mockRestore();
  expect([known, limits]).toEqual([
    [false, false, true],
    [0, 0, 0],
  ]);
});
