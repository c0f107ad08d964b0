import type { Kept } from '../../host/chart-host.ts';
import type { Instance } from '../../plan/instances.ts';

/** The hooks of an instance as they are persisted, each with the job as it was when it entered the state. */
export interface KeptHooks extends Kept {
  readonly number: string | null;
  /** Of the hook that is under way; where there is none, of the newest. */
  readonly job: Instance['job'];
  /** Of the hook that waits, where its job had another config by then. */
  readonly nextJob?: Instance['job'];
}
