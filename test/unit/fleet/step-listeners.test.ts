import { shownPid } from '../../../src/fleet/shown-pid.ts';
import { MovedNames, StepListeners, type Moved } from '../../../src/fleet/step-listeners.ts';

const names = (moved: Moved): readonly string[] | null => (moved === null ? null : [...moved]);

test('those that moved are noted until somebody has looked, and all may have', () => {
  const moved = new MovedNames();
  moved.note('web');
  moved.note('db');
  moved.note('web');
  expect(names(moved.noted)).toEqual(['web', 'db']);
  moved.clear();
  expect(names(moved.noted)).toEqual([]);
  moved.noteAll();
  moved.note('web');
  expect(names(moved.noted)).toBeNull();
  moved.clear();
  moved.note('db');
  expect(names(moved.noted)).toEqual(['db']);
});

test('a waiter checks all instances first, then those that moved, until its condition holds', async () => {
  const listeners = new StepListeners();
  const looks: (readonly string[] | null)[] = [];
  let holds = false;
  let isOver = false;
  const waiting = listeners
    .until(
      (moved) => {
        looks.push(names(moved));
        return holds;
      },
      () => undefined,
    )
    .then(() => (isOver = true));
  listeners.note('web');
  listeners.call();
  listeners.call();
  listeners.callForAll();
  await Promise.resolve();
  expect([looks, isOver]).toEqual([[null, ['web'], [], null], false]);
  holds = true;
  listeners.call();
  await waiting;
  listeners.note('web');
  listeners.call();
  expect(looks.length).toBe(5);
});

test('nothing is checked for a waiter that has left', async () => {
  const listeners = new StepListeners();
  let looks = 0;
  let leave = (): void => undefined;
  const waiting = listeners.until(
    () => {
      looks += 1;
      return false;
    },
    (gone) => (leave = gone),
  );
  leave();
  await waiting;
  listeners.call();
  listeners.callForAll();
  expect(looks).toBe(1);
});

test('users see the pid of the program, not that of the shell beside it', () => {
  expect([
    shownPid({ pid: 70, program: 71 }),
    shownPid({ pid: 70 }),
    shownPid(null),
    shownPid(undefined),
  ]).toEqual([71, 70, null, null]);
});
