import type { JobInstance } from '../job-instance.ts';

/** Copies of a job that are replaced one at a time. */
export interface Roll {
  /** Those that are to run: all that the request is about. */
  readonly members: readonly string[];
  /** What a copy comes after, with the config that it gets. */
  readonly dependencies: (copy: JobInstance) => readonly JobInstance[];
}

/** Whether a copy is up, may yet come up, or will not by itself. */
export type CopyStanding = 'up' | 'coming' | 'down';

/** A member of a roll as it is now, or a job that the copies come after. */
export interface Member {
  readonly name: string;
  readonly standing: CopyStanding;
  /** It waits for its turn in a roll too. */
  readonly isQueued: boolean;
  /** It is being replaced, or restarted for another reason. */
  readonly isReplaced: boolean;
  /** Somebody takes it down for good. */
  readonly isTakenDown: boolean;
}

/** Whether a copy that waits is replaced now, waits on, or stays as it is because of another one. */
export type Turn =
  | { readonly is: 'now' | 'later' }
  /** `by` did not come up. */
  | { readonly is: 'never'; readonly by: string };

/**
 * The turn of one copy. Nothing about the course of a roll is remembered: what the copies do tells how far it
 * has come. A copy that serves is taken down only while every other one is up. One that is down starts at
 * once, and one on its way up is replaced first, whatever became of the others.
 */
export function turnOf(
  copy: { readonly standing: CopyStanding },
  others: readonly Member[],
  dependencies: readonly Member[],
): Turn {
  if (copy.standing === 'down') return { is: 'now' };
  if (copy.standing === 'coming') return { is: others.some(isUnderWay) ? 'later' : 'now' };
  const culprit = others.find(isDown) ?? dependencies.find(isDown);
  if (culprit !== undefined) return { is: 'never', by: culprit.name };
  const mustWait = [...others, ...dependencies].some(
    (each) => isUnderWay(each) || (each.isQueued && each.standing !== 'up'),
  );
  return { is: mustWait || dependencies.some(({ isQueued }) => isQueued) ? 'later' : 'now' };
}

const isUnderWay = ({ isQueued, isReplaced, standing }: Member): boolean =>
  !isQueued && (isReplaced || standing === 'coming');

/** After it no copy is taken down: that would be one more that is down, or would not come back. */
const isDown = ({ isQueued, isReplaced, isTakenDown, standing }: Member): boolean =>
  !isQueued && !isReplaced && (isTakenDown || standing === 'down');
