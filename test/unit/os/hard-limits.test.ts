import { execFileSync } from 'node:child_process';
import { hardLimits, limitCommands } from '../../../src/os/hard-limits.ts';

test('limits are set in a shell, in one order, and the unset ones are left alone', () => {
  expect(limitCommands({ as: 'unlimited', nofile: 64, nproc: 9, core: 0 })).toEqual([
    'ulimit -Sn 64',
    'ulimit -Su 9 || ulimit -Sp 9',
    'ulimit -Sc 0',
    'ulimit -Sv unlimited',
  ]);
  expect(limitCommands({})).toEqual([]);
});

test('a shell obeys each of the commands', () => {
  const set = limitCommands({ nofile: 64, core: 0, stack: 1024, fsize: 7, cpu: 99, data: 500_000 });
  const asked = ['n', 'c', 's', 'f', 't', 'd'].map((letter) => `ulimit -S${letter}`);
  const out = execFileSync('/bin/sh', ['-c', [...set, ...asked].join('\n')], { encoding: 'utf8' });
  expect(out.trim().split('\n')).toEqual(['64', '0', '1024', '7', '99', '500000']);
});

test('the hard limits are those of this process, in numbers, without unlimited ones', () => {
  const limits = hardLimits();
  const nofile = execFileSync('/bin/sh', ['-c', 'ulimit -Hn'], { encoding: 'utf8' }).trim();
  expect(limits.nofile ?? 'unlimited').toEqual(nofile === 'unlimited' ? nofile : Number(nofile));
  for (const value of Object.values(limits)) expect(Number.isInteger(value)).toBe(true);
  expect(hardLimits()).toBe(limits);
});
