import { problemsIn, readText } from '../../support/config-text.ts';

const JOB = '[[jobs]]\nname = "a"\njob_command = "x"\n';

test.each([
  ['"no"', '4:11: jobs[0] "a": enabled must be true or false, got "no"'],
  ['0', '4:11: jobs[0] "a": enabled must be true or false, got 0'],
  ['[true]', '4:11: jobs[0] "a": enabled must be true or false, got an array'],
])('a value of enabled that is neither true nor false is refused: %s', (value, problem) => {
  expect(problemsIn(`${JOB}enabled = ${value}\n`)).toEqual([problem]);
});

test('other words for enabled are answered with enabled', () => {
  expect(problemsIn(`${JOB}autostart = false\n`)).toEqual([
    '4:1: jobs[0] "a": unknown key "autostart": did you mean "enabled"?',
  ]);
});

test('[defaults] may disable every job that does not say otherwise', () => {
  const reading = readText(
    `[defaults]\nenabled = false\n${JOB}[[jobs]]\nname = "b"\njob_command = "x"\nenabled = true\n`,
  );
  expect(reading.ok && reading.config.jobs.map(({ enabled }) => enabled)).toEqual([false, true]);
});
