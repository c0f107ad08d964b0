import type { JobInstance } from './job-instance.ts';
import type { Dependency } from './roster.ts';
import type { CopyStanding } from './turns/roll.ts';

/** What of the fleet decides whether an instance will stay as it is. */
interface FleetPart {
  unmet(instance: JobInstance): readonly Dependency[];
  isQueuedToStop(instance: JobInstance): boolean;
}

/** Whether the instance has reached a state that a trigger need not wait for. */
export function isSettled(fleet: FleetPart, instance: JobInstance): boolean {
  return !fleet.isQueuedToStop(instance) && isAtRest(fleet, instance);
}

/** The same, whatever is queued for it. */
function isAtRest(fleet: FleetPart, instance: JobInstance): boolean {
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
      return instance.snapshot.context.policy.hasSchedule || waitsInVain(fleet, instance);
    case 'testing':
    case 'starting':
    case 'stopping':
      return false;
    default:
      return instance.state satisfies never;
  }
}

/** How a roll sees a copy of its job, or a job that the copies come after. */
export function standingOf(fleet: FleetPart, instance: JobInstance): CopyStanding {
  if (!isAtRest(fleet, instance)) return 'coming';
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

function waitsInVain(fleet: FleetPart, instance: JobInstance): boolean {
  return fleet.unmet(instance).some(({ other, is }) => {
    const mayYetFinish = is === 'finished' && other.state === 'running' && !other.neverFinishes;
    return !mayYetFinish && isSettled(fleet, other);
  });
}
