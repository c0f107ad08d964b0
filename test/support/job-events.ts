import type { JobEvent } from '../../machines/job.ts';

export const TESTED = { hasTest: true } as const;

export const DUE: JobEvent = { type: 'Due' };

export const DIE: JobEvent = { type: 'Die' };

export const STOP: JobEvent = { type: 'Stop' };

export const START: JobEvent = { type: 'Start' };

export const RESTART: JobEvent = { type: 'Restart' };

export const REMOVE: JobEvent = { type: 'Remove' };

export const RESTORED: JobEvent = { type: 'Restored' };

export const BY_HAND = { No: 'ByHand' };

export const BY_TEST = { No: 'ByTest' };

export const BY_DIE = { No: 'ByDie' };

export const STOPPING = { Ending: 'Stopping' };

export const SPAWNING = { Up: { Starting: 'Spawning' } };

export const ZERO = { failures: 0, backoffs: 0, backoffMs: 0, mayRestartAtOnce: true };
