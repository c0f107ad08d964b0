import { initialTransition } from 'xstate';
import { jobMachine } from '../../../../machines/job.ts';
import { PersistedState } from '../../../../src/fleet/persisted/persisted-state.ts';
import { ChartHost } from '../../../../src/host/chart-host.ts';
import { policyOf } from '../../../../src/plan/policy.ts';
import type { Store } from '../../../../src/state/store.ts';
import { LEAST_JOB } from '../../../support/least-job.ts';

const [{ value, context }] = initialTransition(jobMachine, {
  name: 'web',
  policy: policyOf(LEAST_JOB),
  spec: 'x',
});
const CONFIG = JSON.parse(JSON.stringify({ number: null, job: LEAST_JOB })) as object;
const STATE = JSON.parse(JSON.stringify({ value, context })) as object;
const WRONG: readonly unknown[] = [
  null,
  5,
  'nonsense',
  [],
  {},
  true,
  -1,
  { nonsense: 'nonsense' },
  [null],
  '',
];

/** Every path in a record, the record itself included. */
function pathsIn(record: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof record !== 'object' || record === null) return [path];
  return [path, ...Object.entries(record).flatMap(([key, each]) => pathsIn(each, [...path, key]))];
}

function withValue(record: unknown, [key, ...rest]: readonly string[], to: unknown): unknown {
  if (key === undefined) return to;
  if (Array.isArray(record))
    return record.map((each, index) => (String(index) === key ? withValue(each, rest, to) : each));
  const fields = record as Readonly<Record<string, unknown>>;
  return { ...fields, [key]: withValue(fields[key], rest, to) };
}

function restored(config: unknown, state: unknown) {
  const lines: string[] = [];
  const entries = new Map<string, unknown>([
    ['config:web', config],
    ['state:web', state],
    ['folder', 'here'],
  ]);
  const keys = [...entries.keys()];
  const store: Store = {
    entries: () => entries,
    put: () => undefined,
    delete: () => undefined,
    sync: () => Promise.resolve(),
    bytes: 0,
    close: () => undefined,
  };
  const clock = {
    wall: () => 0,
    monotonic: () => 0,
    sinceBoot: () => 0,
    after: () => ({ clear: () => undefined }),
  };
  const kept = new PersistedState({
    store,
    folder: { id: '1', isCopy: false, record: 'here', boot: 'b' },
    clock,
    log: { line: (text) => lines.push(text) },
  });
  return { instances: kept.instances(), lines, keys, clock };
}

test('the records that these tests damage are valid before', () => {
  expect(restored(CONFIG, STATE)).toMatchObject({ lines: [], instances: [{ instance: { name: 'web' } }] });
});

test('a record of another shape is left out with a word, or does no harm when its chart goes on', () => {
  let leftOut = 0;
  for (const [which, record] of [
    ['config', CONFIG],
    ['state', STATE],
  ] as const)
    for (const path of pathsIn(record))
      for (const wrong of WRONG) {
        const changed = withValue(record, path, wrong);
        const { instances, lines, clock } =
          which === 'config' ? restored(changed, STATE) : restored(CONFIG, changed);
        leftOut += lines.length;
        expect(instances.length + lines.length).toBe(1);
        for (const { kept } of instances) {
          const host = new ChartHost({
            machine: jobMachine,
            clock,
            keep: () => undefined,
            perform: () => undefined,
          });
          host.restore(kept);
          host.post({ type: 'Restored' });
        }
      }
  expect(leftOut).toBeGreaterThan(300);
});
