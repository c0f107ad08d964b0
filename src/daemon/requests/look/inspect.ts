import type { JobInstance } from '../../../fleet/job-instance.ts';
import { MOST_INSPECTED, type InspectedChart } from '../../feeds/inspections.ts';
import type { Asker, Outcome, RequestContext, RequestNamed } from '../context.ts';
import { withJobs } from '../context.ts';

/** Sends the charts of the daemon and of the named jobs, then each step that they take. */
export function inspect(
  context: RequestContext,
  { jobs: names }: RequestNamed<'inspect'>,
  peer: Asker,
): Outcome | Promise<Outcome> {
  const { fleet, inspections, chart } = context;
  fleet.resume();
  return withJobs(context, { names, all: names.length === 0 }, (jobs) =>
    jobs.length > MOST_INSPECTED
      ? tooMany(jobs.length)
      : inspections.follow([chart(), ...jobs.map(chartOf)], names, peer),
  );
}

const chartOf = ({ name, job, snapshot }: JobInstance): InspectedChart => ({
  machine: 'job',
  id: name,
  job: job.name,
  tags: job.tags,
  snapshot,
});

const tooMany = (count: number): Outcome => ({
  refusal: {
    code: 'bad-request',
    message: `${count} jobs are more than the ${MOST_INSPECTED} that can be inspected at once; name some`,
  },
});
