import type { JobInstance } from '../../../fleet/job-instance.ts';
import { isSelection } from '../../../plan/names.ts';
import type { Outcome, RequestContext, RequestNamed } from '../context.ts';
import { withJobs } from '../context.ts';
import { signalNamed } from './signal-named.ts';

/** Sends a signal to the process group of each named job. */
export function signal(context: RequestContext, request: RequestNamed<'signal'>): Outcome | Promise<Outcome> {
  context.fleet.resume();
  return withJobs(context, { names: request.jobs, all: false }, (jobs) => signalJobs(context, request, jobs));
}

function signalJobs(
  { fleet }: RequestContext,
  { signal: name, jobs: names }: RequestNamed<'signal'>,
  jobs: readonly JobInstance[],
): Outcome {
  const signalName = signalNamed(name);
  if (signalName === null)
    return {
      refusal: { code: 'bad-request', message: `there is no signal ${name}; \`kill -l\` lists them` },
    };
  // A pattern or a tag selects only the jobs that run; a name must be that of a running job.
  const named = names.filter((each) => !isSelection(each)).flatMap((each) => fleet.named(each));
  const down = named.filter((job) => job.snapshot.context.child === null);
  if (down.length > 0)
    return {
      refusal: {
        code: 'not-running',
        message: `${down.map((job) => job.name).join(', ')}: not running, so nothing was signalled`,
      },
    };
  const signalled = jobs.filter(
    ({ snapshot, world }) =>
      snapshot.context.child !== null &&
      world.processes.signal(snapshot.context.child, signalName) === 'sent',
  );
  return { signalled: signalled.map((job) => job.name) };
}
