import { jobWith } from '../../support/config-files.ts';
import { problemsIn } from '../../support/config-text.ts';

const JOB = '[[jobs]]\nname = "a"\njob_command = "x"\n';

test('rolling is off unless the config says so', () => {
  expect([jobWith('').rolling, jobWith('instances = 2\nrolling = true').rolling]).toEqual([false, true]);
});

test.each([
  ['rolling = "yes"', '4:11: jobs[0] "a": rolling must be true or false, got "yes"'],
  ['rolling = 1', '4:11: jobs[0] "a": rolling must be true or false, got 1'],
  ['roling = true', '4:1: jobs[0] "a": unknown key "roling": did you mean "rolling"?'],
  ['rolling_update = true', '4:1: jobs[0] "a": unknown key "rolling_update": did you mean "rolling"?'],
])('a wrong value is refused with its place: %s', (line, problem) => {
  expect(problemsIn(`${JOB}${line}\n`)).toEqual([problem]);
});
