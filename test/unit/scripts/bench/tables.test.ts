import { goalsTable, growthTable, peersTable } from '../../../../scripts/bench/tables.mjs';
import { resultsOf, row } from './results.ts';

describe('the table beside other process managers', () => {
  const results = resultsOf([
    row('overseer', 'status', 1_000, [30, 40, 50]),
    row('floor', 'status', 1_000, [20]),
    row('runit', 'status', 1_000, [10]),
    row('overseer', 'status', 100, [1]),
    row('overseer', 'stop', 1_000, [1_234]),
    row('runit', 'load', 1_000, [5]),
  ]);

  test('it has medians, and the ratio of those of overseer and the floor', () =>
    expect(cellsOf(peersTable(results, 1_000))).toEqual([
      ['', 'overseer', '× floor', 'floor', 'runit'],
      ['status, ms', '40', '2.00', '20', '10'],
      ['stop all, ms', '1,234', '', '', ''],
    ]));

  test('a peer without a figure has no column, and nobody has one for rows that overseer lacks', () => {
    const alone = resultsOf([row('overseer', 'stop', 10, [3]), row('runit', 'load', 10, [5])]);
    expect(cellsOf(peersTable(alone, 10))).toEqual([
      ['', 'overseer', '× floor'],
      ['stop all, ms', '3', ''],
    ]);
  });

  test('a number of jobs that has a row of its own is shown once', () => {
    const restarts = resultsOf([row('overseer', 'restart', 100, [3])]);
    expect(cellsOf(peersTable(restarts, 100)).slice(1)).toEqual([
      ['restart after `kill -9`, ms', '3 (most 3)', ''],
    ]);
  });

  test('what does not depend on the number of jobs can be left out', () => {
    const also = resultsOf([...results.rows, row('overseer', 'log', 1, [900])]);
    expect(peersTable(also, 1_000)).toContain('1 GiB of log');
    expect(peersTable(also, 1_000, { isAll: false })).not.toContain('1 GiB of log');
  });

  test('a smaller log than that of a full run is named by its size', () => {
    const trial = resultsOf([row('overseer', 'log', 1, [9])], { mib: 64 });
    expect(cellsOf(peersTable(trial, 10))[1]?.[0]).toBe('64 MiB of log, ms');
  });

  test('few restarts have a largest one, a hundred have a 99th percentile', () => {
    const hundred = Array.from({ length: 100 }, (_, at) => at + 1);
    const restarts = resultsOf([
      row('overseer', 'restart', 1_000, hundred),
      row('runit', 'restart', 1_000, [4, 2, 3]),
    ]);
    const [, cells] = cellsOf(peersTable(restarts, 1_000));
    expect(cells).toEqual(['restart after `kill -9`, ms', '50.5 (p99 99)', '', '3 (most 4)']);
  });

  test('every line is as long as the first one', () => {
    const lengths = peersTable(results, 1_000)
      .split('\n')
      .map((line) => line.length);
    expect(new Set(lengths).size).toBe(1);
  });
});

test('the growth table has a column for each number of jobs and the exponent from 100 on', () => {
  const results = resultsOf([
    row('overseer', 'stop', 10, [7]),
    row('overseer', 'stop', 10_000, [500]),
    row('overseer', 'stop', 100, [5]),
    row('overseer', 'stop', 1, [1]),
    row('runit', 'stop', 20, [1]),
  ]);
  const [head, ...body] = cellsOf(growthTable(results));
  expect(head).toEqual(['jobs', '10', '100', '10,000', 'exponent']);
  expect(body.find(([title]) => title === 'Stop all, ms')).toEqual(['Stop all, ms', '7', '5', '500', '1.00']);
});

describe('the table of goals', () => {
  const goals = (...rows: readonly ReturnType<typeof row>[]): string[][] =>
    cellsOf(goalsTable(resultsOf(rows))).slice(1);

  test('a goal that is a multiple of the floor compares medians', () => {
    expect(goals(row('overseer', 'status', 1, [28]), row('floor', 'status', 1, [20]))).toEqual([
      ['`status`, 1 job', '1.4 × the floor', '1.40 × (28 and 20 ms)', 'yes'],
    ]);
    expect(goals(row('overseer', 'status', 1, [29]), row('floor', 'status', 1, [20]))[0]?.[3]).toBe('no');
  });

  test('a goal without a measured floor is left out', () =>
    expect(goals(row('overseer', 'status', 1, [28]))).toEqual([]));

  test('a restart has to reach both its median and its 99th percentile', () => {
    const restarts = (slow: number): string[][] =>
      goals(row('overseer', 'restart', 100, [...Array.from({ length: 9 }, () => 3), slow]));
    expect(restarts(10)).toEqual([
      ['restart after `kill -9`, 100 jobs', '4, p99 10 ms', '3, p99 10 ms', 'yes'],
    ]);
    expect(restarts(11)[0]?.[3]).toBe('no');
  });

  test('each goal has the least program beside it, and how many times that overseer takes', () => {
    const [stop] = goals(row('overseer', 'stop', 1_000, [600]), row('least', 'stop', 1_000, [400]));
    expect(stop?.slice(1)).toEqual(['300 ms', '600 ms', 'no', '400 ms, 1.50 ×']);
    const [idle] = goals(row('overseer', 'wake-ups', 1_000, [2]), row('least', 'wake-ups', 1_000, [0]));
    expect(idle?.at(-1)).toBe('0');
    const alone = row('overseer', 'log', 1, [1]);
    const both = goals(row('overseer', 'stop', 1_000, [1]), row('least', 'stop', 1_000, [1]), alone, {
      ...alone,
      peer: 'floor',
    });
    expect(both.map((cells) => cells.at(-1))).toEqual(['1 ms, 1.00 ×', '']);
  });

  test('no wake-up is a goal that a single one misses', () => {
    expect(goals(row('overseer', 'wake-ups', 1_000, [0]))[0]?.slice(1)).toEqual(['0', '0', 'yes']);
    expect(goals(row('overseer', 'wake-ups', 1_000, [1]))[0]?.[3]).toBe('no');
  });
});

/** The cells of a table in Markdown, without the line below its head. */
function cellsOf(table: string): string[][] {
  const lines = table.split('\n').filter((_, at) => at !== 1);
  return lines.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}
