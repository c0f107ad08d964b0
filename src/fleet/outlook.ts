import type { Culprit, Outlook } from '../wire/messages.ts';
import type { CountsAs, JobInstance } from './job-instance.ts';

interface Unmet {
  readonly other: JobInstance;
  readonly is: CountsAs;
}

/** What of the fleet decides whether an instance may yet come up. */
interface FleetPart {
  unmet(instance: JobInstance): readonly Unmet[];
  isQueuedToStop(instance: JobInstance): boolean;
}

/**
 * Why an instance that is down will not come up by itself; null where it is up, has ended, or may yet come
 * up.
 */
export function outlookOf(fleet: FleetPart, instance: JobInstance): Outlook | null {
  if (isMoving(fleet, instance)) return null;
  if (isHeldForGood(instance)) return { kind: 'held' };
  const by = culpritsOf(fleet, instance, new Set());
  return by.length === 0 ? null : { kind: 'blocked', by };
}

/** A restart, or a test that is running, may yet change how an instance is. */
const isMoving = (fleet: FleetPart, instance: JobInstance): boolean =>
  instance.isTesting || fleet.isQueuedToStop(instance);

/** Its test says no, and nothing runs the test again by itself. */
const isHeldForGood = ({ state, snapshot }: JobInstance): boolean => {
  const { testIntervalMs, hasSchedule } = snapshot.context.policy;
  return state === 'held' && testIntervalMs === null && !hasSchedule;
};

/** The instances at the far end of what an instance waits for in vain, each once. */
function culpritsOf(fleet: FleetPart, instance: JobInstance, seen: ReadonlySet<string>): readonly Culprit[] {
  if (instance.state !== 'waiting' || seen.has(instance.name)) return [];
  const within = new Set([...seen, instance.name]);
  const found = fleet.unmet(instance).flatMap((each) => culpritsIn(fleet, each, within));
  return [...new Map(found.map((each) => [each.name, each])).values()];
}

function culpritsIn(fleet: FleetPart, { other, is }: Unmet, seen: ReadonlySet<string>): readonly Culprit[] {
  if (isMoving(fleet, other)) return [];
  const { name, state, snapshot } = other;
  const { lastExit, startError } = snapshot.context;
  const exit = lastExit === null ? null : { code: lastExit.code, signal: lastExit.signal };
  const isCulprit =
    state === 'failed' ||
    state === 'stopped' ||
    (state === 'finished' && is === 'running') ||
    isHeldForGood(other);
  return isCulprit ? [{ name, state, exit, startError }] : culpritsOf(fleet, other, seen);
}
