import type { Fleet } from '../../fleet/fleet.ts';
import type { JobSetting } from './step-detail.ts';

/** What of the world around a job belongs to its newest step; nothing of one that is gone. */
export function settingOf(fleet: Fleet, name: string): JobSetting {
  const instance = fleet.get(name);
  if (instance === undefined) return { unmet: [], nextStartAt: null };
  return {
    unmet: instance.state === 'waiting' ? fleet.unmet(instance).map(({ other }) => other) : [],
    nextStartAt: instance.nextStartAt,
  };
}
