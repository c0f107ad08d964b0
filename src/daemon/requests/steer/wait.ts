import type { Fleet } from '../../../fleet/fleet.ts';
import { obstacles, type Obstacle } from '../../../fleet/reach.ts';
import type { JobState } from '../../../plan/job-state.ts';
import { isJobState, JOB_STATES } from '../../../plan/job-state.ts';
import type { Blocked, Waited } from '../../../wire/messages.ts';
import type { Asker, Outcome, RequestContext, RequestNamed } from '../context.ts';
import { withJobs } from '../context.ts';
import { PendingNames, progressOf } from './progress.ts';

/** Waits until each named job is in one of the states, which stand in one word with commas between them. */
export function wait(
  context: RequestContext,
  { jobs: names, state }: RequestNamed<'wait'>,
  peer: Asker,
): Outcome | Promise<Outcome> {
  context.fleet.resume();
  const words = state.split(',');
  const unknown = words.find((word) => !isJobState(word));
  if (unknown !== undefined)
    return {
      refusal: {
        code: 'bad-request',
        message: `there is no state ${unknown}; the states are ${JOB_STATES.join(', ')}`,
      },
    };
  return withJobs(context, { names, all: false }, (jobs) =>
    waitFor(context.fleet, { names: jobs.map(({ name }) => name), states: words.filter(isJobState) }, peer),
  );
}

interface Goal {
  /** Names of instances. */
  readonly names: readonly string[];
  readonly states: readonly JobState[];
}

/**
 * Waits until all instances are in one of the states at the same time, or one of them can no longer get there
 * by itself.
 */
async function waitFor(fleet: Fleet, goal: Goal, peer: Asker): Promise<Waited> {
  const { names, states } = goal;
  const isThere = (name: string): boolean => {
    const instance = fleet.get(name);
    return instance === undefined || states.includes(instance.state);
  };
  const pending = new PendingNames(names, {
    isPending: (name) => !isThere(name),
    mayComeBack: () => true,
    waits: {
      waitingFor: (name) => fleet.waitingFor(name).map((each) => each.name),
      outlook: (name) => stuckIn(fleet, { names: [name], states: ['running'] }).length > 0,
    },
  });
  let reported = '';
  const report = (): void => {
    const progress = progressOf(names.length, pending.size, (count) =>
      pending.first(count).flatMap((name) => fleet.get(name) ?? []),
    );
    const text = JSON.stringify(progress);
    if (text !== reported) peer.reply({ kind: 'progress', progress });
    reported = text;
  };
  await fleet.until(
    (moved) => {
      const looked = pending.look(moved);
      if (pending.size === 0 || stuckIn(fleet, { names: looked, states }).length > 0) return true;
      report();
      return false;
    },
    (leave) => peer.onGone(leave),
  );
  const stuck = stuckIn(fleet, goal);
  return {
    ok: stuck.length === 0,
    stuck,
    jobs: names.flatMap((name) => fleet.get(name)?.status() ?? []),
  };
}

function stuckIn(fleet: Fleet, { names, states }: Goal): Waited['stuck'] {
  const obstacleTo = obstacles(fleet);
  return names.flatMap((job): Waited['stuck'] => {
    const instance = fleet.get(job);
    if (instance === undefined) return [{ job, state: null, because: [] }];
    const obstacle = obstacleTo(instance, states);
    return obstacle === null ? [] : [{ job, state: instance.state, because: chainOf(obstacle) }];
  });
}

/** The job itself first, then each that the one before waits for in vain. */
function chainOf({ waitsFor, ...blocked }: Obstacle): readonly Blocked[] {
  return [blocked, ...(waitsFor === null ? [] : chainOf(waitsFor))];
}
