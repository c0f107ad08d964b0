import { eventName, eventWords, moveWords } from '../../../../src/cli/render/transition-text.ts';
import { renderDied } from '../../../../src/cli/render/shutdown-report.ts';
import { renderNextSteps, renderProblems } from '../../../../src/cli/render/problems.ts';

test.each([
  ['xstate.init', 'begin', 'begin'],
  ['Apply', 'trigger', 'Apply'],
  ['ChildExited', 'ended', 'ChildExited'],
  ['xstate.after.backoff.job.child', 'backoff is over', 'after backoff'],
  ['xstate.after.unknownDelay.job', 'unknownDelay', 'after unknownDelay'],
  ['DIE', 'DIE', 'DIE'],
])('the event %s is "%s" for people and "%s" for scripts', (event, words, name) => {
  expect([eventWords(event), eventName(event)]).toEqual([words, name]);
});

test('a move is shown by the regions that changed', () => {
  expect([
    moveWords('want.Yes child.Backoff', 'want.Yes child.Starting'),
    moveWords('', 'want.Yes child.Down'),
    moveWords('want.Yes child.Down', 'want.Yes'),
    moveWords('a b', 'a b'),
  ]).toEqual(['child.Backoff → child.Starting', 'want.Yes child.Down', 'child.Down', '']);
});

test('the end of the daemon says how many jobs were stopped and how many left', () => {
  const names = (count: number): readonly string[] => Array.from({ length: count }, (_, at) => `${at}`);
  const died = (stopped: number, kept: number): string =>
    renderDied({ stopped: names(stopped), kept: names(kept) } as never);
  expect([died(0, 0), died(1, 0), died(2, 1), died(0, 3)]).toEqual([
    'the daemon has ended\n',
    'the daemon has ended, 1 job stopped\n',
    'the daemon has ended, 2 jobs stopped, 1 job left running\n',
    'the daemon has ended, 3 jobs left running\n',
  ]);
});

test('problems are told one a line, safe to print', () => {
  const problem = { file: 'a.toml', line: 3, column: 5, message: 'unknown key \u001b[2J' };
  expect(renderProblems([problem, { ...problem, line: 4 }])).toBe(
    'a.toml:3:5: unknown key \\e[2J\na.toml:4:5: unknown key \\e[2J\n',
  );
  expect(renderProblems([])).toBe('');
});

test('five jobs that did not come up are named, and the others counted', () => {
  const jobs = (count: number) => Array.from({ length: count }, (_, at) => ({ job: `web${at}` }) as never);
  expect(renderNextSteps(jobs(1))).toBe(
    'web0 did not come up: `overseer why web0` says why, `overseer logs web0` what it printed\n',
  );
  const late = { job: 'late', facts: [{ kind: 'notStarted', why: 'was not ready within 60 s' }] } as never;
  expect(renderNextSteps([late])).toContain('`overseer logs late` what it printed');
  expect(renderNextSteps(jobs(5)).split('\n').length).toBe(6);
  expect(renderNextSteps(jobs(7)).split('\n').slice(4)).toEqual([
    expect.stringContaining('web4 did not come up'),
    'and 2 more: `overseer status` lists them',
    '',
  ]);
  expect(renderNextSteps([])).toBe('');
});
