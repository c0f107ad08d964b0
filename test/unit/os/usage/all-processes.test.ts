import { parsePs } from '../../../../src/os/usage/darwin-processes.ts';
import { linuxProcesses, parseStat } from '../../../../src/os/usage/linux-processes.ts';
import { mkdirSync, writeFileSync } from 'node:fs';
import { newFolder } from '../../../support/new-folder.ts';
import { ProcessTrees } from '../../../../src/os/usage/process-trees.ts';
import { TWO_TREES, usageOf } from '../../../support/process-tree.ts';

test('a tree is what belongs to the session of the child, and all its descendants', () => {
  const trees = new ProcessTrees(TWO_TREES);
  expect(
    trees
      .of(10)
      .map(({ pid }) => pid)
      .toSorted((a, b) => a - b),
  ).toEqual([10, 11, 12, 13]);
  expect(trees.of(99)).toEqual([]);
});

test('what a process in a session of its own has started belongs to the tree, in each generation', () => {
  const started = [usageOf(10), usageOf(11, { parent: 10 }), usageOf(12, { parent: 11, session: 11 })];
  const further = [usageOf(13, { parent: 12 }), usageOf(14, { parent: 13 })];
  const trees = new ProcessTrees([...further, ...started]);
  expect(new Set(trees.of(10).map(({ pid }) => pid))).toEqual(new Set([10, 11, 12, 13, 14]));
  expect([...trees.memoryOf([10, 13])]).toEqual([
    [10, 500],
    [13, 200],
  ]);
});

test('the memory of a tree is that of all its processes, and a child that is gone has none', () => {
  expect([...new ProcessTrees(TWO_TREES).memoryOf([10, 20, 99])]).toEqual([
    [10, 400],
    [20, 100],
  ]);
});

test('a line of /proc is read from the end of the name, whatever that holds', () => {
  const fields = ['S', 1, 10, 7, 0, -1, 0, 0, 0, 0, 0, 12, 3, 0, 0, 20, 0, 1, 0, 500, 4096, 25];
  expect(parseStat(`42 (a) b) ${fields.join(' ')}`, 4096)).toEqual({
    pid: 42,
    parent: 1,
    session: 7,
    cpuMs: 150,
    memoryBytes: 25 * 4096,
  });
});

test('the output of ps on a Mac is parsed, times with hours and days included', () => {
  expect(parsePs('  501     1   501   2048   0:01.50\n  502   501   501     10 1:02:03.00\n')).toEqual([
    usageOf(501, { session: 501, memoryBytes: 2048 * 1024, cpuMs: 1500 }),
    usageOf(502, { parent: 501, session: 501, memoryBytes: 10 * 1024, cpuMs: 3_723_000 }),
  ]);
});

test('the measured memory of this process is what Node reports', () => {
  const own = linuxProcesses().find(({ pid }) => pid === process.pid);
  const { rss } = process.memoryUsage();
  expect(own?.memoryBytes).toBeGreaterThan(rss * 0.7);
  expect(own?.memoryBytes).toBeLessThan(rss * 1.3);
});

test('what is no process, and a process that ends while it is read, are left out', () => {
  const folder = newFolder();
  for (const name of ['7', '8', '9x', 'self']) mkdirSync(`${folder}/${name}`);
  for (const name of ['7', '9x', 'self'])
    writeFileSync(`${folder}/${name}/stat`, `7 (a) S 1 7 7 ${'0 '.repeat(17)} 25`);
  expect(linuxProcesses(folder, 4096).map(({ pid }) => pid)).toEqual([7]);
});
