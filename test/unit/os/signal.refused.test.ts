import { jest } from '@jest/globals';
import {
  mayBeSignalled,
  realSignals,
  refuseOwn,
  signalGroup,
  signalProcess,
} from '../../../src/os/signal.ts';

test('only a possible pid, and not that of overseer itself, may be signalled', () => {
  expect([2, 12_345, 2 ** 31 - 1].map(mayBeSignalled)).toEqual([true, true, true]);
  expect([1, 0, -7, 2 ** 31, 1.5, Number.NaN, process.pid].map(mayBeSignalled)).toEqual(Array(7).fill(false));
  expect(() => refuseOwn(1)).toThrow('refusing to signal 1: not a process');
  expect(() => refuseOwn(process.pid)).toThrow(`refusing to signal ${process.pid}: that is overseer itself`);
});

test.each([
  ['ESRCH', 'gone'],
  ['EPERM', 'forbidden'],
])('a signal that the system refuses with %s is %s', (code, wanted) => {
  const sent: (readonly unknown[])[] = [];
  const kill = jest.spyOn(process, 'kill').mockImplementation((target, signal) => {
    sent.push([target, signal]);
    throw Object.assign(new Error(code), { code });
  });
  try {
    expect([
      signalGroup(7, 'SIGTERM'),
      signalProcess(8, 'SIGKILL'),
      realSignals.group(9, 'SIGRTMIN+2'),
    ]).toEqual([wanted, wanted, wanted]);
    expect(sent.filter(([, signal]) => signal !== 0)).toEqual([
      [-7, 'SIGTERM'],
      [8, 'SIGKILL'],
      [-9, 36],
    ]);
  } finally {
    kill.mockRestore();
  }
});
