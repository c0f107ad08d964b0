import type { JobSnapshot } from '../../../../machines/job.ts';
import { isSameRecord } from '../../../../src/fleet/persisted/same-record.ts';

const snapshot = (value: object, context: object): JobSnapshot => ({ value, context }) as never;

test('a record is the same where its states and all that it holds are equal', () => {
  const one = snapshot({ want: 'Yes' }, { run: 1, child: { pid: 7 } });
  expect([
    isSameRecord(one, snapshot({ want: 'Yes' }, { run: 1, child: { pid: 7 } })),
    isSameRecord(one, snapshot({ want: 'No' }, { run: 1, child: { pid: 7 } })),
    isSameRecord(one, snapshot({ want: 'Yes' }, { run: 2, child: { pid: 7 } })),
    isSameRecord(one, snapshot({ want: 'Yes' }, { run: 1, child: { pid: 8 } })),
    isSameRecord(one, snapshot({ want: 'Yes' }, { run: 1, child: null })),
    isSameRecord(one, one),
  ]).toEqual([true, false, false, false, false, true]);
});
