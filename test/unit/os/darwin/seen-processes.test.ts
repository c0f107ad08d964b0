import { SeenProcesses } from '../../../../src/os/darwin/seen-processes.ts';
import type { ProcessInfo } from '../../../../src/os/os.ts';

const info = (pid: number, state = 'S'): ProcessInfo => ({
  pid,
  start: 's',
  ppid: 1,
  pgid: pid,
  sid: null,
  state,
});

test('a listing is valid for half a second from the moment of the look', () => {
  let now = 1_000;
  const seen = new SeenProcesses(() => now);
  expect(seen.recently(7)).toBeUndefined();
  expect(seen.all([info(7), info(8, 'Z')], 900)).toEqual([info(7), info(8, 'Z')]);
  expect([seen.recently(7), seen.recently(8), seen.recently(9)]).toEqual([info(7), null, undefined]);
  now = 1_400;
  expect(seen.recently(7)).toEqual(info(7));
  now = 1_401;
  expect(seen.recently(7)).toBeUndefined();
});

test('a look at some says who of them is nobody, and leaves the others as they were', () => {
  const seen = new SeenProcesses(() => 0);
  seen.all([info(7)], 0);
  expect(seen.some([8, 9], [info(9)], 0)).toEqual([info(9)]);
  expect([seen.recently(7), seen.recently(8), seen.recently(9)]).toEqual([info(7), null, info(9)]);
  seen.all([], 0);
  expect(seen.recently(7)).toBeUndefined();
});
