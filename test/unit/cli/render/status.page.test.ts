import { renderStatus } from '../../../../src/cli/render/status.ts';
import { byInstanceName } from '../../../../src/plan/names.ts';
import type { JobState } from '../../../../src/plan/job-state.ts';
import type { JobStatus, Status } from '../../../../src/wire/messages.ts';

const CONTEXT = { columns: Infinity, color: false, now: 0 };
const DAEMON = { pid: 1, port: 2, version: '0', startedAt: '2026-01-01T00:00:00.000Z' };

const job = (name: string, state: JobState, lastRunFailed = false): JobStatus => ({
  name,
  job: name.replace(/@\d+$/, ''),
  state,
  pid: null,
  startedAt: null,
  restarts: 0,
  test: null,
  lastExit: lastRunFailed ? { code: 2, signal: null, at: DAEMON.startedAt } : null,
  lastRunFailed,
  stoppedByHand: false,
  nextStartAt: null,
  reason: null,
  description: null,
  tags: [],
  ages: { up: null, lastExit: null, test: null },
});
const status = (...jobs: readonly JobStatus[]): Status => ({ daemon: DAEMON, jobs });
const lines = (text: string): readonly string[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => line.replaceAll(/ +/g, ' '));

const JOBS = status(
  job('a', 'running'),
  job('b', 'running'),
  job('c', 'failed'),
  job('d', 'waiting', true),
  job('e', 'running'),
);

test('a table that fits is sorted by name', () => {
  expect(lines(renderStatus(JOBS, CONTEXT, { rows: 6, isCut: true }))).toEqual([
    'NAME STATE',
    'a running',
    'b running',
    'c failed',
    'd waiting (exit 2)',
    'e running',
  ]);
});

test('a table that does not fit shows jobs in trouble first and counts the hidden ones', () => {
  expect(lines(renderStatus(JOBS, CONTEXT, { rows: 4, isCut: true }))).toEqual([
    'NAME STATE',
    'c failed',
    'd waiting (exit 2)',
    '… and 3 more: 3 running',
  ]);
  expect(lines(renderStatus(JOBS, CONTEXT, { rows: 4, isCut: false })).at(-1)).toBe(
    '5 jobs: 1 failed, 1 waiting, 3 running',
  );
});

test('copies stand in the order of their numbers', () => {
  const names = ['web@10', 'web-x', 'web@2', 'web', 'web@1a', 'web@1'];
  expect(names.toSorted(byInstanceName)).toEqual(['web', 'web-x', 'web@1', 'web@2', 'web@10', 'web@1a']);
});
