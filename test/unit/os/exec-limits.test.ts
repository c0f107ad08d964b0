import { execFileSync, spawnSync } from 'node:child_process';
import { execLimits, execLimitsOn } from '../../../src/os/exec-limits.ts';

test('arguments of exactly the limits are taken by the system, and longer ones are not', () => {
  if (process.platform !== 'linux') return;
  const { each } = execLimits();
  const taken = (length: number): string | null => {
    const { error } = spawnSync('/bin/true', ['x'.repeat(length)], { env: {} });
    return error === undefined ? null : ((error as NodeJS.ErrnoException).code ?? '');
  };
  expect([taken(each - 1), taken(each)]).toEqual([null, 'E2BIG']);
});

test('all arguments together may take what getconf tells', () => {
  if (process.platform !== 'linux') return;
  const told = Number(execFileSync('getconf', ['ARG_MAX'], { encoding: 'utf8' }));
  // The C library knows of no upper limit, the kernel has one of 6 MiB.
  expect(execLimits().all).toBe(Math.min(told, 6 * 1024 * 1024));
  expect(execLimits()).toBe(execLimits());
});

test.each<[NodeJS.Platform, number, number, number]>([
  ['linux', 8 * 1024 * 1024, 131_072, 2 * 1024 * 1024],
  ['linux', 100, 131_072, 131_072],
  ['linux', Infinity, 131_072, 6 * 1024 * 1024],
  ['darwin', 100, 1024 * 1024, 1024 * 1024],
])(
  'on %s, with a stack of %d bytes, one argument may have %d bytes and all of them %d',
  (platform, stack, each, all) => {
    expect(execLimitsOn(platform, stack)).toEqual({ each, all });
  },
);
