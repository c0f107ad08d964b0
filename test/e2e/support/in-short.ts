import type { Change } from '../../../src/plan/change.ts';

export const inShort = (changes: readonly Change[]): readonly string[] =>
  changes.map(({ job: name, action, reason, state }) => `${name} ${action} ${reason} ${state}`);
