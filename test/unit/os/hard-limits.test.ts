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
  // dash has `-p` for the number of processes, and bash `-u`.
  const asked = {
    nofile: 'ulimit -Hn',
    nproc: 'ulimit -Hu || ulimit -Hp',
    core: 'ulimit -Hc',
    stack: 'ulimit -Hs',
    fsize: 'ulimit -Hf',
    cpu: 'ulimit -Ht',
    memlock: 'ulimit -Hl',
    data: 'ulimit -Hd',
    as: 'ulimit -Hv',
  };
  const wanted = Object.entries(asked).flatMap(([name, command]) => {
    const said = execFileSync('/bin/sh', ['-c', `{ ${command}; } 2> /dev/null`], { encoding: 'utf8' }).trim();
    return said === 'unlimited' ? [] : [[name, Number(said)]];
  });
  expect(hardLimits()).toEqual(Object.fromEntries(wanted));
  expect(Object.keys(hardLimits()).length).toBeGreaterThan(0);
  expect(hardLimits()).toBe(hardLimits());
});
