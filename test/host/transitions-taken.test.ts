import { daemonMachine } from '../../machines/daemon.ts';
import { jobMachine } from '../../machines/job.ts';
import { arrowsOf } from '../../src/cli/charts.ts';
import { transitionsOf } from '../../src/chart/graph.ts';
import { transitionsTaken } from '../../src/host/transitions-taken.ts';
import { activeStates, type StateValueTree } from '../../src/plan/active-states.ts';
import { arrowsTaken } from '../../src/plan/taken-arrows.ts';
import { Bench } from '../support/bench.ts';
import { RESTART, START, STOP } from '../support/job-events.ts';
import { exited, gone, newJob, runningJob, spawned } from '../support/job-script.ts';

type JobBench = ReturnType<typeof newJob>;

/** The arrows that light up in a picture of the job's chart, step by step, each by its two states. */
function lights(job: JobBench, { simple }: { readonly simple: boolean }): readonly string[] {
  const arrows = arrowsOf('job', { simple });
  return job.steps.map((step) => {
    const lit = step.before === null ? [] : activeStates(step.before.value as StateValueTree, 'job');
    const ids = arrowsTaken(arrows, lit, transitionsTaken(step));
    return ids.map((id) => id.replaceAll(/job\.(?:child\.)?/g, '')).join(' ');
  });
}

/** Only of the steps that come from here on. */
function lightsOf(job: JobBench, story: (job: JobBench) => void, simple: boolean): readonly string[] {
  const before = job.steps.length;
  story(job);
  return lights(job, { simple })
    .slice(before)
    .filter((line) => line !== '');
}

const crash = (job: JobBench): void =>
  void job.post(exited(1, 1), gone(1)).wait(60_000).post(spawned(2)).wait(60_000);

test('a crash lights the way through Ending and Backoff back to Running in the picture', () => {
  expect(lightsOf(runningJob(), crash, true)).toEqual([
    'Up.Running..Ending',
    'Ending..AtRest.Backoff',
    'AtRest.Backoff..Waiting Waiting..Up.Starting',
    'Up.Starting..Up.Running',
  ]);
});

test('each arrow of a crash in the whole picture is one that the chart has', () => {
  const drawn = new Set(
    Object.values(arrowsOf('job', { simple: false })).map(({ from, to }) => `${from}..${to}`),
  );
  const job = runningJob();
  crash(job);
  const lit = job.steps.flatMap((step) =>
    arrowsTaken(
      arrowsOf('job', { simple: false }),
      step.before === null ? [] : activeStates(step.before.value as StateValueTree, 'job'),
      transitionsTaken(step),
    ),
  );
  expect(lit.length).toBeGreaterThan(5);
  expect(lit.filter((id) => !drawn.has(id))).toEqual([]);
});

test('the start of a job without a test lights the arrow of the start, not one of a test', () => {
  const job = runningJob().post(STOP, exited(1, 0), gone(1));
  const [first = ''] = lightsOf(job, () => job.post(START), false);
  expect(first).toContain('want.No');
  expect(first).not.toContain('test');
  expect(transitionsTaken(job.steps.at(-1)!).join(' ')).not.toContain('TestPassed');
});

test('a restart by hand lights the way out and the whole way back', () => {
  const restart = (job: JobBench): void => void job.post(RESTART, exited(1, 0), gone(1));
  expect(lightsOf(runningJob(), restart, true)).toEqual([
    'Up.Running..Ending',
    expect.stringMatching(/^Ending\.\.AtRest\.Down AtRest\.Down\.\.Waiting Waiting\.\.Up\.Starting$/),
  ]);
});

test('nothing lights up for a step that only notes something and leaves no state', () => {
  const job = runningJob();
  expect(lightsOf(job, () => job.post({ type: 'AlivePassed', run: 1 }), false)).toEqual([]);
});

test('the first step of a chart takes no transition', () => {
  const [first] = new Bench(daemonMachine).begin().steps;
  expect(transitionsTaken(first!)).toEqual([]);
});

test('every transition is named as in the pictures', () => {
  const known = new Set(transitionsOf(jobMachine as never).map(({ id }) => id));
  const job = runningJob({ hasTest: true });
  crash(job);
  const taken = job.steps.flatMap((step) => transitionsTaken(step));
  expect(taken.filter((id) => !known.has(id))).toEqual([]);
});
