import type { Job } from '../config/config.ts';
import type { Kept } from '../host/chart-host.ts';
import type { Instance } from '../plan/instances.ts';
import type { Store } from '../state/store.ts';
import type { JobInstance } from './job-instance.ts';

/** An instance as the last daemon left it. */
export interface KeptInstance {
  readonly instance: Instance;
  readonly kept: Kept;
}

const CONFIG_PREFIX = 'config:';
const STATE_PREFIX = 'state:';

/** Keeps an instance's config: written when it changes. */
export function keepConfig(store: Store, { name, number, job }: Pick<JobInstance, 'name' | 'number' | 'job'>): void {
  store.put(`${CONFIG_PREFIX}${name}`, { number, job });
}

/** Keeps where an instance's chart is: written at each step that changes it. */
export function keepState(store: Store, name: string, kept: Kept): void {
  store.put(`${STATE_PREFIX}${name}`, { value: kept.value, context: kept.context });
}

export function forgetInstance(store: Store, name: string): void {
  store.delete(`${STATE_PREFIX}${name}`);
  store.delete(`${CONFIG_PREFIX}${name}`);
}

/** Every instance that was kept whole. */
export function keptInstances(store: Store): KeptInstance[] {
  const entries = store.entries();
  return [...entries].flatMap(([key, value]) => {
    if (!key.startsWith(CONFIG_PREFIX)) return [];
    const name = key.slice(CONFIG_PREFIX.length);
    const kept = entries.get(`${STATE_PREFIX}${name}`) as Kept | undefined;
    const { number, job } = value as { readonly number: string | null; readonly job: Job };
    return kept === undefined ? [] : [{ instance: { name, number, job }, kept }];
  });
}
