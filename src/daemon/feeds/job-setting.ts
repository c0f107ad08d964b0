import type { Fleet } from '../../fleet/fleet.ts';
import type { JobInstance } from '../../fleet/job-instance.ts';
import type { JobSetting } from './step-detail.ts';

/** The surroundings of a job at its newest step; empty for a job that is gone. */
export function settingOf(fleet: Fleet, name: string): JobSetting {
  const instance = fleet.get(name);
  if (instance === undefined) return { unmet: [], nextStartAt: null };
  return {
    unmet: instance.state === 'waiting' ? unmetBy(fleet, instance) : [],
    nextStartAt: instance.nextStartAt,
  };
}

function unmetBy(fleet: Fleet, instance: JobInstance): JobSetting['unmet'] {
  const down = fleet.unmet(instance).map(({ other: { name, state } }) => ({ name, state }));
  const leaving = fleet.leaving(instance).filter(({ name }) => !down.some((each) => each.name === name));
  return [...down, ...leaving.map(({ name }) => ({ name, state: 'about to stop' as const }))];
}
