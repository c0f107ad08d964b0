import type { JobInstance } from '../../../fleet/job-instance.ts';
import { isSelection } from '../../../plan/names.ts';
import type { Refusal } from '../../../wire/messages.ts';
import type { Outcome, RequestContext, RequestNamed } from '../context.ts';
import { withJobs } from '../context.ts';

/**
 * Tells where the standard input of jobs is. The client writes to it by itself: a daemon that ends meanwhile
 * takes no byte along.
 */
export function stdin(context: RequestContext, { jobs: names }: RequestNamed<'stdin'>): Outcome {
  const { fleet, world } = context;
  fleet.resume();
  return withJobs<Outcome>(context, { names, all: false }, (jobs) => {
    // A pattern or a tag selects only jobs that can read; a job that is named must be able to.
    const named = names.filter((each) => !isSelection(each)).flatMap((each) => fleet.named(each));
    const able = jobs.filter(canRead);
    const deaf = (able.length === 0 ? jobs : named).find((each) => !canRead(each));
    if (deaf !== undefined) return { refusal: refusalOf(deaf) };
    return { inputs: able.map(({ name }) => ({ job: name, path: world.stdin(name) })) };
  });
}

const isRunning = ({ snapshot }: JobInstance): boolean => snapshot.context.child !== null;
const canRead = (instance: JobInstance): boolean => instance.job.stdin && isRunning(instance);

function refusalOf(instance: JobInstance): Refusal {
  const { name, job, state } = instance;
  if (!job.stdin)
    return {
      code: 'no-stdin',
      message:
        `the standard input of ${name} is empty: write \`stdin = true\` for it in the config, ` +
        'then run `overseer`',
    };
  const cure = ['stopped', 'finished', 'failed'].includes(state)
    ? `\`overseer start ${name}\` starts it`
    : `\`overseer why ${name}\` says why`;
  return { code: 'not-running', message: `${name} is ${state}, so it reads nothing; ${cure}` };
}
