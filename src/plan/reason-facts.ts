import type { Unhealthy } from '../../machines/job.ts';
import type { ChangeFact, Reason } from './change.ts';
import type { ConfigDiff } from './decide.ts';

export interface ReasonContext {
  readonly asked: ConfigDiff | null;
  /** The outcome of the newest test. */
  readonly test: string | null;
  /** Of the last run that was stopped for its health. */
  readonly unhealthy: Unhealthy | null;
}

/** Facts that explain a reason; empty when the reason says everything. */
export function reasonFacts(
  reason: Reason,
  { asked, test, unhealthy }: ReasonContext,
): readonly ChangeFact[] {
  switch (reason) {
    case 'changed':
      return asked === null ? [] : [{ kind: 'keysChanged', keys: [...asked.childKeys, ...asked.otherKeys] }];
    case 'test-passed':
    case 'test-failed':
    case 'test-unknown':
      return test === null ? [] : [{ kind: 'tested', detail: test }];
    case 'by-hand':
      return [{ kind: 'stoppedByHand' }];
    case 'not-running':
      return healthFacts(unhealthy);
    case 'new':
    case 'removed':
    case 'unchanged':
      return [];
    default:
      return reason satisfies never;
  }
}

/** Why a run was stopped that had not ended by itself; empty where none was. */
export function healthFacts(unhealthy: Unhealthy | null): readonly ChangeFact[] {
  switch (unhealthy?.by) {
    case undefined:
      return [];
    case 'alive':
      return [{ kind: 'unhealthy', why: unhealthy.detail }];
    case 'memory':
      return [{ kind: 'overMemory', bytes: unhealthy.bytes, maxBytes: unhealthy.maxBytes }];
    default:
      return unhealthy satisfies never;
  }
}
