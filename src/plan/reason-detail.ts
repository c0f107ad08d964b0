import type { Reason } from './change.ts';
import type { Asked } from './decide.ts';

/** One clause that says what is behind a reason; empty where the reason says it all. `test` is how the newest test ended, if any has. */
export function reasonDetail(reason: Reason, asked: Asked | null, test: string | null): string {
  switch (reason) {
    case 'changed':
      return asked === null ? '' : `${[...asked.childKeys, ...asked.otherKeys].join(', ')} changed`;
    case 'test-passed':
    case 'test-failed':
    case 'test-unknown':
      return test === null ? '' : `test ${test}`;
    case 'by-hand':
      return 'stopped by hand';
    case 'new':
    case 'removed':
    case 'not-running':
    case 'unchanged':
      return '';
    default:
      return reason satisfies never;
  }
}
