import type { JobEffect } from '../../machines/job.ts';

/**
 * The world around one job, as far as its chart can tell, and what people have asked for, as the invariants
 * remember it.
 */
export interface JobWorld {
  /** The newest process group: asked for, waiting at its gate, running, or without its leader. */
  readonly group: 'none' | 'queued' | 'gated' | 'live' | 'leaderless';
  readonly isStopAsked: boolean;
  readonly isTesting: boolean;
  readonly isAwaitingDue: boolean;
  readonly isChecked: boolean;
  /** Failed checks in a row of this child, by the check that its config asks for now. */
  readonly failedChecks: number;
  readonly isHeldByHand: boolean;
  readonly isDying: boolean;
  /** A disabled job was started by hand, and nothing has ended that since. */
  readonly isStartedByHand: boolean;
}

export const EMPTY_WORLD: JobWorld = {
  group: 'none',
  isStopAsked: false,
  isTesting: false,
  isAwaitingDue: false,
  isChecked: false,
  failedChecks: 0,
  isHeldByHand: false,
  isDying: false,
  isStartedByHand: false,
};

/** The world after an effect. Throws when the chart asks for what must never be asked for. */
export function performed(world: JobWorld, effect: JobEffect): JobWorld {
  switch (effect) {
    case 'spawnChild':
      if (world.group !== 'none') throw new Error(`a second child is asked for while one is ${world.group}`);
      if (world.isHeldByHand) throw new Error('a child is asked for of a job that was stopped by hand');
      if (world.isDying) throw new Error('a child is asked for while the daemon dies');
      return { ...world, group: 'queued', isStopAsked: false };
    case 'releaseChild':
      if (world.group !== 'gated') throw new Error(`a child that is ${world.group} is let run`);
      if (world.isStopAsked) throw new Error('a child that is being stopped is let run');
      return { ...world, group: 'live' };
    case 'stopGroup':
    case 'killGroup':
      return { ...world, isStopAsked: true, isChecked: false, failedChecks: 0 };
    case 'runTest':
      if (world.isTesting) throw new Error('two tests at once');
      return { ...world, isTesting: true };
    case 'cancelTest':
      return { ...world, isTesting: false };
    case 'awaitDue':
      return { ...world, isAwaitingDue: true };
    case 'cancelDue':
      return { ...world, isAwaitingDue: false };
    case 'forgetJob':
      if (world.group !== 'none') throw new Error(`a job is forgotten while its child is ${world.group}`);
      return world;
    case 'checkHealth':
      if (world.group !== 'live') throw new Error(`a child that is ${world.group} is checked`);
      return { ...world, isChecked: true };
    case 'endTest':
    case 'probeChild':
      return world;
    default:
      return effect satisfies never;
  }
}
