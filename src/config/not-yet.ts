import type { KeyName } from './schema/keys.ts';

/** Keys that can be read and checked, but that the running program does not act on yet: setting one is a problem. */
export const NOT_YET: readonly KeyName[] = [];
