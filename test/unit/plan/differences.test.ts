import { KEYS } from '../../../src/config/schema/keys.ts';
import { differences } from '../../../src/plan/differences.ts';
import { LEAST_JOB } from '../../support/least-job.ts';

const OTHER: Readonly<Record<string, unknown>> = { env: { A: '1' }, envFromFiles: { B: '1' } };
/** Fields that the same key sets as another field. */
const SHARED = new Set(['afterIs']);

test('a changed key restarts a job exactly when the list of keys says so', () => {
  const before = LEAST_JOB;
  const found = Object.keys(before)
    .filter((field) => field !== 'name' && field !== 'instances' && !SHARED.has(field))
    .map((field) => differences(before, { ...before, [field]: OTHER[field] ?? 'changed' }));
  const restarting = KEYS.filter(({ restarts }) => restarts).map(({ name }) => name);
  expect(found.flatMap(({ childKeys }) => childKeys).toSorted()).toEqual(restarting.toSorted());
  const named = found.flatMap(({ childKeys, otherKeys }) => [...childKeys, ...otherKeys]);
  const keys = KEYS.map(({ name }) => name).filter((name) => name !== 'name' && name !== 'instances');
  expect(named.toSorted()).toEqual(keys.toSorted());
});
