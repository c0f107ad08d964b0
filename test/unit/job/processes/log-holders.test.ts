import { CannotAsk } from '../../../../src/os/system-error.ts';
import { LogHolders } from '../../../../src/job/processes/log-holders.ts';

type Writers = ReadonlyMap<string, readonly number[]>;

function system() {
  let now = 0;
  const asked: { readonly logs: readonly string[]; readonly answer: (found: Writers | CannotAsk) => void }[] =
    [];
  const holders = new LogHolders(
    {
      later: {
        writers: (logs: readonly string[], answer: (found: Writers | CannotAsk) => void) =>
          asked.push({ logs, answer }),
      } as never,
    },
    () => now,
  );
  const find = (log: string, since: number): readonly number[] | string => {
    try {
      return holders.find(log, since);
    } catch (error) {
      return (error as Error).message;
    }
  };
  return { holders, asked, find, at: (ms: number) => (now = ms) };
}
const NOT_YET = 'the system has been asked and has not answered yet';

test('the writers of a log are known once, by a look that began late enough', () => {
  const { holders, asked, find, at } = system();
  at(10);
  expect([holders.moment, find('/a', 10)]).toEqual([10, NOT_YET]);
  at(20);
  asked[0]?.answer(new Map([['/a', [7, 8]]]));
  expect(find('/a', 10)).toEqual([7, 8]);
  expect([find('/a', 10), asked.length]).toEqual([NOT_YET, 2]);
  // This look began at 20.
  asked[1]?.answer(new Map());
  expect([find('/a', 21), asked.length]).toEqual([NOT_YET, 3]);
});

test('logs that are asked for while a look is under way are looked for together by the next', () => {
  const { asked, find } = system();
  find('/a', 0);
  find('/b', 0);
  find('/c', 0);
  expect(asked.map(({ logs }) => logs)).toEqual([['/a']]);
  asked[0]?.answer(new Map());
  expect(find('/b', 0)).toBe(NOT_YET);
  expect(asked.map(({ logs }) => logs)).toEqual([['/a'], ['/b', '/c']]);
  asked[1]?.answer(new Map([['/c', [9]]]));
  expect([find('/a', 0), find('/b', 0), find('/c', 0)]).toEqual([[], [], [9]]);
});

test('where the writers cannot be had, nobody writes', () => {
  const { asked, find } = system();
  find('/a', 0);
  asked[0]?.answer(new CannotAsk('no descriptor'));
  expect(find('/a', 0)).toEqual([]);
});
