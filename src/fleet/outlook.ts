import type { Culprit, Outlook } from '../wire/messages.ts';
import { DependencyAnswers } from './dependency-answers.ts';
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
 * Tells why an instance that is down will not come up by itself; null where it is up, has ended, or may yet
 * come up. Holds until something moves.
 */
export function outlooks(fleet: FleetPart): (instance: JobInstance) => Outlook | null {
  const culprits = new DependencyAnswers<JobInstance, readonly Culprit[]>({
    keyOf: ({ name }) => name,
    needs: (instance) => hopesOf(fleet, instance).map(({ other }) => other),
    answer: (instance, of) => {
      const all = unmetOf(fleet, instance).flatMap((each) => culpritIn(each) ?? of(each.other) ?? []);
      return [...new Map(all.map((each) => [each.name, each])).values()];
    },
  });
  return (instance) => {
    if (isMoving(fleet, instance)) return null;
    if (isHeldForGood(instance)) return { kind: 'held' };
    const by = culprits.of(instance);
    return by.length === 0 ? null : { kind: 'blocked', by };
  };
}

/** A restart, or a test that is running, may yet change how an instance is. */
const isMoving = (fleet: FleetPart, instance: JobInstance): boolean =>
  instance.isTesting || fleet.isQueuedToStop(instance);

/** Its test says no, and nothing runs the test again by itself. */
const isHeldForGood = ({ state, snapshot }: JobInstance): boolean => {
  const { testIntervalMs, hasSchedule } = snapshot.context.policy;
  return state === 'held' && testIntervalMs === null && !hasSchedule;
};

/** What an instance waits for and is not under way. */
const unmetOf = (fleet: FleetPart, instance: JobInstance): readonly Unmet[] =>
  instance.state === 'waiting' ? fleet.unmet(instance).filter(({ other }) => !isMoving(fleet, other)) : [];

/** The unmet dependencies that wait for others themselves, or may still come up. */
const hopesOf = (fleet: FleetPart, instance: JobInstance): readonly Unmet[] =>
  unmetOf(fleet, instance).filter((each) => culpritIn(each) === null);

/** Null for an instance that is not at the far end of what others wait for in vain. */
function culpritIn({ other, is }: Unmet): Culprit | null {
  const { name, state, snapshot } = other;
  const { lastExit, startError } = snapshot.context;
  const exit = lastExit === null ? null : { code: lastExit.code, signal: lastExit.signal };
  const isCulprit =
    state === 'failed' ||
    state === 'stopped' ||
    (state === 'finished' && is === 'running') ||
    isHeldForGood(other);
  return isCulprit ? { name, state, exit, startError } : null;
}
