import type { Kept } from '../../host/chart-host.ts';
import type { Instance } from '../../plan/instances.ts';

/**
 * The persisted hooks of an instance. Each has the config of its job from the moment when the job entered the
 * state.
 */
export interface KeptHooks extends Kept {
  readonly number: string | null;
  /** Of the hook that is under way; where there is none, of the newest. */
  readonly job: Instance['job'];
  /** Of the hook that waits, where its job had another config by then. */
  readonly nextJob?: Instance['job'];
}
