import { jobWith } from '../../support/config-files.ts';
import { problemsIn } from '../../support/config-text.ts';

const JOB = '[[jobs]]\nname = "a"\njob_command = "x"\n';

test('a hook is a command like any other, in one string or in a table', () => {
  expect(jobWith('on = { failed = "say \'it is down\'", running = { exe = "true" } }').on).toEqual({
    failed: { exe: 'say', args: ['it is down'] },
    running: { exe: 'true', args: [] },
  });
});

const STATES = 'waiting, testing, held, starting, running, stopping, backoff, finished, failed, stopped';

test.each([
  ['on = { faild = "x" }', '4:8: jobs[0] "a": unknown key "faild" in on: did you mean "failed"?'],
  ['on = { Running = "x" }', '4:8: jobs[0] "a": unknown key "Running" in on: did you mean "running"?'],
  ['on = { fail = "x" }', '4:8: jobs[0] "a": unknown key "fail" in on: did you mean "failed"?'],
  ['on = { done = "x" }', '4:8: jobs[0] "a": unknown key "done" in on: did you mean "finished"?'],
  ['on = { exit = "x" }', `4:8: jobs[0] "a": unknown key "exit" in on: the keys here are ${STATES}`],
  ['on = "x"', `4:6: jobs[0] "a": on must be a table of commands for any of the states ${STATES}, got "x"`],
  [
    'on = { failed = 3 }',
    '4:17: jobs[0] "a": on.failed must be a command: { exe = "…", args = ["…"] } or one string, got 3',
  ],
  ['on = { failed = { args = ["x"] } }', '4:8: jobs[0] "a": on.failed.exe is missing'],
  [
    'on = { failed = { exe = "x", arg = [] } }',
    '4:30: jobs[0] "a": unknown key "arg" in on.failed: did you mean "args"?',
  ],
  [
    'on = { failed = { exe = "x", args = "y" } }',
    '4:37: jobs[0] "a": on.failed.args must be an array of strings, got "y": write ["y"]',
  ],
])('a wrong hook is refused with its place: %s', (line, problem) => {
  expect(problemsIn(`${JOB}${line}\n`)).toEqual([problem]);
});

test('beside a wrong hook or variable the others of its table are checked as well', () => {
  expect(problemsIn(`${JOB}on = { failed = 3, running = "a | b" }\n`)).toEqual([
    expect.stringContaining('on.failed must be a command'),
    expect.stringContaining('on.running: |'),
  ]);
  expect(problemsIn(`${JOB}env = { A = 1, OVERSEER_JOB = "x" }\n`)).toEqual([
    expect.stringContaining('env.A must be a string'),
    expect.stringContaining('env.OVERSEER_JOB: '),
  ]);
  expect(problemsIn(`${JOB}env = { A = 1 }\nready = { tcp = "127.0.0.1:8\${A}" }\n`)).toEqual([
    expect.stringContaining('env.A must be a string'),
  ]);
});

test('a hook that would need a shell is refused like every such command', () => {
  expect(problemsIn(`${JOB}on = { failed = "echo down | mail me" }\n`)).toEqual([
    expect.stringMatching(/^4:28: jobs\[0\] "a": on\.failed: .*"sh".*"-c"/),
  ]);
  expect(problemsIn(`${JOB}on = { failed = { exe = "~/bin/x" } }\n`)).toEqual([
    '4:25: jobs[0] "a": on.failed.exe begins with ~, which only a shell expands: write the whole path',
  ]);
});
