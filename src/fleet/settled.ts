import { DependencyAnswers } from './dependency-answers.ts';
import type { JobInstance } from './job-instance.ts';
import type { Dependency } from './roster.ts';
import type { CopyStanding } from './turns/roll.ts';

/** What of the fleet decides whether an instance will stay as it is. */
interface FleetPart {
  unmet(instance: JobInstance): readonly Dependency[];
  isQueuedToStop(instance: JobInstance): boolean;
}

/** Answers whether an instance has reached a state that a trigger need not wait for. */
export function settledAnswers(fleet: FleetPart): DependencyAnswers<JobInstance, boolean> {
  return new DependencyAnswers<JobInstance, boolean>({
    keyOf: ({ name }) => name,
    needs: (instance) => (waitsForOthers(instance) ? fleet.unmet(instance).map(({ other }) => other) : []),
    answer: (instance, of) =>
      !fleet.isQueuedToStop(instance) && isAtRest(fleet, instance, (other) => of(other) === true),
  });
}

const waitsForOthers = ({ state, snapshot }: JobInstance): boolean =>
  state === 'waiting' && !snapshot.context.policy.hasSchedule;

/** The same, whatever is queued for it. */
function isAtRest(
  fleet: FleetPart,
  instance: JobInstance,
  isSettled: (other: JobInstance) => boolean,
): boolean {
  if (instance.isTesting) return false;
  switch (instance.state) {
    case 'running':
    case 'held':
    case 'finished':
    case 'failed':
    case 'stopped':
      return true;
    case 'backoff':
      return instance.snapshot.context.backoffMs > 0;
    case 'waiting':
      return (
        !waitsForOthers(instance) ||
        fleet.unmet(instance).some((each) => isInVain(each) && isSettled(each.other))
      );
    case 'testing':
    case 'starting':
    case 'stopping':
      return false;
    default:
      return instance.state satisfies never;
  }
}

/** How a roll sees a copy of its job, or a job that the copies come after. */
export function standingOf(
  fleet: FleetPart & { isSettled(other: JobInstance): boolean },
  instance: JobInstance,
): CopyStanding {
  // It serves nobody, and only a request that is kept at once brings it back.
  if (instance.isEnding && instance.isStoppedByHand) return 'down';
  if (!isAtRest(fleet, instance, (other) => fleet.isSettled(other))) return 'coming';
  switch (instance.state) {
    case 'running':
    case 'finished':
    case 'held':
      return 'up';
    case 'waiting':
      return instance.snapshot.context.policy.hasSchedule ? 'up' : 'down';
    case 'backoff':
    case 'failed':
    case 'starting':
    case 'stopped':
    case 'stopping':
    case 'testing':
      return 'down';
    default:
      return instance.state satisfies never;
  }
}

/** Unless the dependency is a run that may yet finish. */
const isInVain = ({ other, is }: Dependency): boolean =>
  is !== 'finished' || other.state !== 'running' || other.neverFinishes;
