import type { KeptLogs } from '../../src/daemon/ports.ts';

const nothing = (): void => undefined;

/** Where jobs have no logs. */
export const NO_LOGS: KeptLogs = { wake: nothing, configure: nothing, forget: nothing, end: nothing };
