import type { ChangeFact, Reason } from './change.ts';
import type { ConfigDiff } from './decide.ts';

/**
 * Facts that explain a reason; empty when the reason says everything. `test` is the outcome of the newest
 * test.
 */
export function reasonFacts(
  reason: Reason,
  asked: ConfigDiff | null,
  test: string | null,
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
    case 'new':
    case 'removed':
    case 'not-running':
    case 'unchanged':
      return [];
    default:
      return reason satisfies never;
  }
}
