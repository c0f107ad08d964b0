import fc from 'fast-check';
import type { ProcessInfo } from '../../../../src/os/os.ts';
import { ProcessTable } from '../../../../src/job/processes/process-table.ts';

const info = (pid: number, ppid: number, pgid: number, sid: number | null): ProcessInfo => ({
  pid,
  ppid,
  pgid,
  sid,
  start: `s${pid}`,
  state: 'S',
});

const TABLE = new ProcessTable([
  info(10, 1, 10, 10),
  info(11, 10, 10, 10),
  info(12, 11, 12, 10),
  info(13, 12, 13, 13),
  info(20, 1, 20, 20),
  info(21, 20, 20, null),
]);
const pids = (infos: readonly ProcessInfo[]): readonly number[] =>
  infos.map(({ pid }) => pid).toSorted((a, b) => a - b);

test('the relatives of a child are its group, its session and their descendants', () => {
  expect(pids(TABLE.kin(10, new Map()))).toEqual([10, 11, 12, 13]);
  expect(pids(TABLE.kin(12, new Map()))).toEqual([12, 13]);
  expect(pids(TABLE.kin(20, new Map()))).toEqual([20, 21]);
  expect(pids(TABLE.kin(99, new Map()))).toEqual([]);
});

test('those known from before count only with the start that they had', () => {
  expect(pids(TABLE.kin(null, new Map([[12, 's12']])))).toEqual([12, 13]);
  expect(pids(TABLE.kin(null, new Map([[12, 'another']])))).toEqual([]);
  expect(
    pids(
      TABLE.kin(
        20,
        new Map([
          [13, 's13'],
          [99, 's99'],
        ]),
      ),
    ),
  ).toEqual([13, 20, 21]);
});

test('a process and a group are found by their numbers', () => {
  expect([TABLE.get(12)?.pid, TABLE.get(99), pids(TABLE.group(10)), TABLE.group(99)]).toEqual([
    12,
    undefined,
    [10, 11],
    [],
  ]);
});

test('the descendants of some are all whose line of parents leads to them', () => {
  const forest = fc.uniqueArray(fc.tuple(fc.integer({ min: 2, max: 30 }), fc.integer({ min: 1, max: 30 })), {
    selector: ([pid]) => pid,
  });
  fc.assert(
    fc.property(forest, fc.integer({ min: 2, max: 30 }), (pairs, root) => {
      const parents = new Map(pairs);
      const descends = (pid: number, seen: readonly number[] = []): boolean => {
        if (pid === root) return true;
        const parent = parents.get(pid);
        return parent !== undefined && !seen.includes(pid) && descends(parent, [...seen, pid]);
      };
      const table = new ProcessTable(pairs.map(([pid, ppid]) => info(pid, ppid, pid, null)));
      const from = table.get(root);
      expect(pids(table.withDescendants(from === undefined ? [] : [from]))).toEqual(
        from === undefined
          ? []
          : [...parents.keys()].filter((pid) => descends(pid)).toSorted((a, b) => a - b),
      );
    }),
  );
});
