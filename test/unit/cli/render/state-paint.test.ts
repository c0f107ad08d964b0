import { paintOf, paintOfJob } from '../../../../src/cli/render/state-paint.ts';
import { JOB_STATES } from '../../../../src/plan/job-state.ts';

test('green is fine, yellow busy, blue waiting, red a problem, and what is at rest is dim', () => {
  expect(Object.fromEntries(JOB_STATES.map((state) => [state, paintOf(state)]))).toEqual({
    waiting: 'blue',
    testing: 'yellow',
    held: 'blue',
    starting: 'yellow',
    running: 'green',
    stopping: 'yellow',
    backoff: 'red',
    finished: 'dim',
    failed: 'red',
    stopped: 'dim',
  });
});

test('only a job that ended by itself and has something left is red while it is stopping', () => {
  const paint = (pid: number | null, lastRunFailed: boolean): string =>
    paintOfJob({ state: 'stopping', pid, lastRunFailed });
  expect([paint(null, true), paint(7, true), paint(null, false)]).toEqual(['red', 'yellow', 'yellow']);
});
