import type { Outcome, RequestContext, RequestNamed } from './context.ts';
import { withJobs } from './context.ts';

export function status(
  context: RequestContext,
  { jobs: names }: RequestNamed<'status'>,
): Outcome | Promise<Outcome> {
  const { fleet, daemon } = context;
  fleet.resume();
  return withJobs(context, { names, all: names.length === 0 }, (jobs) => ({
    daemon: daemon(),
    jobs: fleet.statusesOf(jobs),
  }));
}
