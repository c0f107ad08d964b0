import type { BriefStatus, JobCounts, Status } from '../../../wire/messages.ts';
import type { Outcome, RequestContext, RequestNamed } from '../context.ts';
import { withJobs } from '../context.ts';

export function status(
  context: RequestContext,
  { jobs: names, counts = false, brief = false }: RequestNamed<'status'>,
): Outcome | Promise<Outcome> {
  const { fleet, daemon, tallies } = context;
  fleet.resume();
  const countsOf = (name: string): JobCounts => ({ ...tallies.of(name), hooks: fleet.hookCountsOf(name) });
  return withJobs<BriefStatus | Status>(context, { names, all: names.length === 0 }, (jobs) => {
    if (brief) return { daemon: daemon(), jobs: fleet.briefStatusesOf(jobs) };
    const statuses = fleet.statusesOf(jobs);
    const counted = (): Status['jobs'] => statuses.map((job) => ({ ...job, counts: countsOf(job.name) }));
    return { daemon: daemon(), jobs: counts ? counted() : statuses };
  });
}
