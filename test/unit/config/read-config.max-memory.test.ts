import { problemsIn } from '../../support/config-text.ts';

const JOB = '[[jobs]]\nname = "a"\njob_command = "x"\n';
const SIZE = 'max_memory must be a size such as "10MB", "512kB" or "1GiB", or a number of bytes';

test.each([
  [
    'max_memory = "lots"',
    '4:14: jobs[0] "a": max_memory must be a size such as "300MB" or "1GiB", got "lots"',
  ],
  ['max_memory = "300"', '4:14: jobs[0] "a": max_memory must be a size such as "300MB" or "1GiB", got "300"'],
  ['max_memory = "0MB"', '4:14: jobs[0] "a": max_memory must be a size such as "300MB" or "1GiB", got "0MB"'],
  ['max_memory = 0', `4:14: jobs[0] "a": ${SIZE}, got 0`],
  ['max_memory = 1.5', `4:14: jobs[0] "a": ${SIZE}, got 1.5`],
  ['max_memory = true', `4:14: jobs[0] "a": ${SIZE}, got true`],
  ['memory_limit = "1GiB"', '4:1: jobs[0] "a": unknown key "memory_limit": did you mean "max_memory"?'],
])('a wrong limit of memory is refused with its place: %s', (line, problem) => {
  expect(problemsIn(`${JOB}${line}\n`)).toEqual([problem]);
});
