import { isDeepStrictEqual } from 'node:util';
import { jobMachine } from '../../machines/job.ts';
import { transitionsTaken } from '../../src/host/transitions-taken.ts';
import { Bench, delayNameOf, readsBack } from './bench.ts';
import type { JobModel, JobState } from './job-model.ts';
import { timersOf } from './job-model.ts';
import type { Edge } from './model.ts';

type JobBench = Bench<typeof jobMachine>;

/** Timers that act without leaving their state. They run once per visit, which the model does not know. */
const ONCE: readonly string[] = ['testTimeout', 'stableTime'];

/** Takes a walk on the real host and compares each of its steps with the machine's own. */
export function replay(job: JobModel, walk: readonly Edge<JobState>[]): void {
  const bench = new Bench(jobMachine).begin(job.input);
  let state = job.begun();
  expectSame(bench, state);
  for (const { label, to } of walk) {
    take(bench, job, label);
    state = job.step(state, label);
    expectSame(bench, state);
    expectSameArrows(bench, state);
    if (job.key(state) !== to) throw new Error(`${label} led to ${job.key(state)}, in the model to ${to}`);
  }
}

function take(bench: JobBench, job: JobModel, label: string): void {
  if (label === 'Restored') bench.restore();
  if (!label.startsWith('xstate.after.')) bench.post(job.event(label, bench.snapshot));
  else if (!bench.fireTimer(label)) takeAgain(bench, label);
}

/** A timer that ran already in this visit is set anew when another daemon takes the job up. */
function takeAgain(bench: JobBench, type: string): void {
  if (!ONCE.includes(delayNameOf(type))) throw new Error(`${type} is not set`);
  if (!bench.restore().fireTimer(type)) throw new Error(`${type} is not set after a restart`);
}

/** Checks that an inspector gets the transitions that the last step took. */
function expectSameArrows(bench: JobBench, { taken }: JobState): void {
  const step = bench.steps.at(-1);
  const told = step === undefined ? [] : transitionsTaken(step);
  if (!isDeepStrictEqual(told, taken))
    throw new Error(`an inspector gets ${told.join(', ')}, but these were taken: ${taken.join(', ')}`);
}

function expectSame(bench: JobBench, { snapshot, effects }: JobState): void {
  const real = [bench.value, bench.context, bench.effects()];
  const model = [snapshot.value, snapshot.context, effects];
  if (!isDeepStrictEqual(real, model))
    throw new Error(`the host is ${JSON.stringify(real)}, the model ${JSON.stringify(model)}`);
  if (!readsBack(jobMachine, bench.snapshot))
    throw new Error(`${JSON.stringify(real)} reads back to something else`);
  const unset = timersOf(snapshot)
    .map(delayNameOf)
    .filter((delay) => !bench.isTiming(delay) && !ONCE.includes(delay));
  if (unset.length > 0) throw new Error(`${unset.join(', ')} not set in ${JSON.stringify(real)}`);
}
