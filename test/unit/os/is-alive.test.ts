import { jest } from '@jest/globals';
import { groupIsKnown, isAlive, pidIsKnown } from '../../../src/os/is-alive.ts';
import { end, start } from '../../support/own-processes.ts';

test('only a zombie and a process that is being removed count as ended', () => {
  expect(['S', 'R', 'D', 'T', 'Z', 'X', 'x', '?'].map((state) => isAlive({ state }))).toEqual([
    true,
    true,
    true,
    true,
    false,
    false,
    false,
    true,
  ]);
});

test('a process and its group are known while they live, and another user’s as well', async () => {
  const { child, pid } = start('sleep', ['1000']);
  expect([pidIsKnown(pid), groupIsKnown(pid), pidIsKnown(1)]).toEqual([true, true, true]);
  await end(child);
  expect([pidIsKnown(pid), groupIsKnown(pid)]).toEqual([false, false]);
});

test.each([1, 0, -5, 2.5, Number.NaN])('%p is no group to ask for', (pgid) => {
  expect(() => groupIsKnown(pgid)).toThrow(`not a process group to ask for: ${pgid}`);
});

test.each([
  ['EPERM', true],
  ['ESRCH', false],
])('whether a process is known that cannot be signalled because of %s: %p', (code, isKnown) => {
  const kill = jest.spyOn(process, 'kill').mockImplementation(() => {
    throw Object.assign(new Error(code), { code });
  });
  try {
    expect([pidIsKnown(7), groupIsKnown(7)]).toEqual([isKnown, isKnown]);
  } finally {
    kill.mockRestore();
  }
});
