import type { Fleet } from '../../fleet/fleet.ts';
import type { JobState } from '../../plan/job-state.ts';
import { isJobState, JOB_STATES } from '../../plan/job-state.ts';
import type { Waited } from '../../wire/messages.ts';
import type { Asker, Outcome, RequestContext, RequestNamed } from './context.ts';
import { withJobs } from './context.ts';
import { progressOf } from './progress.ts';

/** States that a job leaves only when somebody changes its config or starts it by hand. */
const LASTING: readonly JobState[] = ['failed', 'finished', 'stopped'];

/** Waits until all named jobs are in one state. */
export function wait(
  context: RequestContext,
  { jobs: names, state }: RequestNamed<'wait'>,
  peer: Asker,
): Outcome | Promise<Outcome> {
  context.fleet.resume();
  if (!isJobState(state))
    return {
      refusal: {
        code: 'bad-request',
        message: `there is no state ${state}; the states are ${JOB_STATES.join(', ')}`,
      },
    };
  return withJobs(context, { names, all: false }, (jobs) =>
    waitFor(context.fleet, { names: jobs.map(({ name }) => name), state }, peer),
  );
}

interface Goal {
  /** Names of instances. */
  readonly names: readonly string[];
  readonly state: JobState;
}

/** Waits until all instances are in the state at the same time, or one of them can no longer get there by itself. */
async function waitFor(fleet: Fleet, { names, state }: Goal, peer: Asker): Promise<Waited> {
  const now = (): { readonly job: string; readonly state: JobState | null }[] =>
    names.map((job) => ({ job, state: fleet.get(job)?.state ?? null }));
  const stuck = (): Waited['stuck'] =>
    now().filter((job) => job.state !== state && (job.state === null || LASTING.includes(job.state)));
  let reported = '';
  const isOver = (): boolean => {
    const pending = now().flatMap((job) =>
      job.state === null || job.state === state ? [] : [{ job: job.job, state: job.state }],
    );
    if (pending.length === 0 || stuck().length > 0) return true;
    const text = JSON.stringify(pending);
    if (text !== reported) peer.reply({ kind: 'progress', progress: progressOf(names.length, pending) });
    reported = text;
    return false;
  };
  await fleet.until(isOver, (leave) => peer.onGone(leave));
  const left = stuck();
  return {
    ok: left.length === 0,
    stuck: left,
    jobs: names.flatMap((name) => fleet.get(name)?.status() ?? []),
  };
}
