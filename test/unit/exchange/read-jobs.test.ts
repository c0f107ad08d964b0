import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readJobs } from '../../../src/exchange/read-jobs.ts';
import { newFolder } from '../../support/new-folder.ts';

test('each job has what it says itself, and else the defaults; of env each variable', () => {
  const dir = newFolder();
  const write = (name: string, text: string): string => {
    writeFileSync(join(dir, name), text);
    return join(dir, name);
  };
  const files = [
    write('1.toml', '[[jobs]]\nname = "a"\njob_command = "x"\nnice = 1\nenv = { A = "own", B = "own" }\n'),
    write('2.toml', '[defaults]\nnice = 5\ntags = ["t"]\nenv = { A = "all", C = "all" }\n'),
    write('3.toml', '[[jobs]]\nname = "b"\njob_command = "y"\ntags = []\n'),
  ];
  expect(readJobs(files).map(({ name, keys }) => [name, Object.fromEntries(keys)])).toEqual([
    ['a', { job_command: 'x', nice: 1, tags: ['t'], env: { A: 'own', B: 'own', C: 'all' } }],
    ['b', { job_command: 'y', nice: 5, tags: [], env: { A: 'all', C: 'all' } }],
  ]);
  expect(readJobs([write('4.toml', '# none\n')])).toEqual([]);
});
