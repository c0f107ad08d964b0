import { KEYS } from '../../../src/config/schema/keys.ts';
import { differences, childSpec } from '../../../src/plan/differences.ts';
import { LEAST_JOB } from '../../support/least-job.ts';
import { type Job } from '../../../src/config/config.ts';

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

const job: Job = { ...LEAST_JOB, command: { exe: 'node', args: ['server.js'] }, cwd: '/home/ann' };

test('the order of keys in a table makes no difference', () => {
  expect(childSpec({ ...job, env: { A: '1', B: '2' } })).toBe(childSpec({ ...job, env: { B: '2', A: '1' } }));
});

test('a field that came later changes what the child sees only where it is set', () => {
  const before = childSpec(job);
  expect(childSpec({ ...job, limits: {}, nice: null, stdin: false })).toBe(before);
  const set: readonly Partial<Job>[] = [{ limits: { nofile: 5 } }, { nice: 0 }, { nice: 5 }, { stdin: true }];
  const specs = set.map((each) => childSpec({ ...job, ...each }));
  expect(new Set([before, ...specs]).size).toBe(set.length + 1);
  expect(specs.map((spec) => spec.slice(before.length))).toEqual([
    '\nlimits {"nofile":5}',
    '\nnice 0',
    '\nnice 5',
    '\nstdin true',
  ]);
});

test('values of neighbouring fields of a child are never confused', () => {
  const specs = ['a', 'b'].map((cwd) => childSpec({ ...job, cwd, env: { A: cwd === 'a' ? 'b' : 'a' } }));
  expect(specs[0]).not.toBe(specs[1]);
  expect(childSpec(job).split('\n').length).toBeGreaterThan(3);
});

test('the same job has no differences, and a list in another order is another list', () => {
  expect(differences(job, job)).toEqual({ childKeys: [], otherKeys: [] });
  expect(differences(job, { ...job })).toEqual({ childKeys: [], otherKeys: [] });
  const [one, other] = [
    ['a', 'b'],
    ['b', 'a'],
  ].map((after) => ({ ...job, after }));
  expect(differences(one!, other!)).toEqual({ childKeys: [], otherKeys: ['after'] });
  // Two fields of one key.
  expect(differences(job, { ...job, after: ['a'], afterIs: { a: 'finished' } }).otherKeys).toEqual(['after']);
});

test('T-230 exactly what the child sees counts as a change of the child', () => {
  const child: Partial<Job> = {
    command: { exe: 'x', args: [] },
    cwd: '/x',
    env: { A: '1' },
    envFromFiles: { B: '1' },
    umask: 18,
  };
  for (const [key, value] of Object.entries(child))
    expect([key, childSpec({ ...job, [key]: value }) === childSpec(job)]).toEqual([key, false]);
  const other: Partial<Job> = {
    restart: 'never',
    startMs: 5,
    maxRestarts: 1,
    stopTimeoutMs: 5,
    description: 'x',
    after: ['db'],
    test: { exe: 'x', args: [] },
  };
  for (const [key, value] of Object.entries(other))
    expect([key, childSpec({ ...job, [key]: value }) === childSpec(job)]).toEqual([key, true]);
  expect(differences(job, { ...job, ...child, ...other })).toEqual({
    childKeys: ['job_command', 'cwd', 'env', 'env_file', 'umask'],
    otherKeys: [
      'test_command',
      'restart',
      'start_seconds',
      'max_restarts',
      'stop_timeout',
      'after',
      'description',
    ],
  });
});
