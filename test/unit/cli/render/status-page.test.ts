import { renderStatus } from '../../../../src/cli/render/status.ts';
import { statusCode, statusPage } from '../../../../src/cli/render/status-page.ts';
import type { JobState } from '../../../../src/plan/job-state.ts';
import { before, job, plain } from '../../../support/sample-replies.ts';

const jobs = Array.from({ length: 5 }, (_, at) => job({ name: `job${at}` }));
const linesOn = (rows: number, isTerminal = true): number =>
  statusPage({ jobs }, { isTerminal, rows }, plain(80)).trimEnd().split('\n').length;

test('the table of status counts the states where the prompt would push its heading away', () => {
  // A heading, five jobs, and the prompt.
  expect([linesOn(7), linesOn(6)]).toEqual([6, 7]);
});

test('the table of status that is not for a terminal has no last line, however long it is', () => {
  expect(linesOn(3, false)).toBe(6);
});

test('status of one word is 0 only where all of its jobs run, and of any others always', () => {
  const code = (asked: number, ...states: readonly JobState[]): number =>
    statusCode({ jobs: states.map((state) => job({ state })) }, asked);
  expect([code(1, 'running'), code(1, 'running', 'running')]).toEqual([0, 0]);
  expect([code(1, 'failed'), code(1, 'running', 'held'), code(1)]).toEqual([3, 3, 3]);
  expect([code(0, 'failed'), code(2, 'failed', 'held')]).toEqual([0, 0]);
});

test('a job that has ended is not shown as up, though it is known when it was started', () => {
  const ended = job({ state: 'finished', pid: null, startedAt: before(5_000) });
  expect(statusPage({ jobs: [ended] }, { isTerminal: false, rows: 24 }, plain(80))).toBe(
    'NAME  STATE\nweb   finished\n',
  );
});

test('on the lowest of terminals a cut table still shows one job', () => {
  const lines = renderStatus({ jobs }, plain(80), { rows: 1, isCut: true }).trimEnd().split('\n');
  expect(lines).toEqual(['NAME  STATE', 'job0  running', '… and 4 more: 4 running']);
});

test('a name that a terminal would obey is printed with its escapes in the table of status', () => {
  expect(renderStatus({ jobs: [job({ name: 'a\u001b[2J' })] }, plain(80))).toContain('a\\e[2J');
});
