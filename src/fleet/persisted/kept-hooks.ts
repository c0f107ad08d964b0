import type { Kept } from '../../host/chart-host.ts';
import type { Instance } from '../../plan/instances.ts';

/** The hooks of an instance as they are persisted: with the job as it was when it entered the state. */
export interface KeptHooks extends Kept {
  readonly number: string | null;
  readonly job: Instance['job'];
}
