import type { Outcome, RequestContext, RequestNamed } from '../context.ts';
import { withJobs } from '../context.ts';

export function status(
  context: RequestContext,
  { jobs: names, counts }: RequestNamed<'status'>,
): Outcome | Promise<Outcome> {
  const { fleet, daemon, tallies } = context;
  fleet.resume();
  return withJobs(context, { names, all: names.length === 0 }, (jobs) => ({
    daemon: daemon(),
    jobs:
      counts === true
        ? fleet.statusesOf(jobs).map((job) => ({ ...job, counts: tallies.of(job.name) }))
        : fleet.statusesOf(jobs),
  }));
}
