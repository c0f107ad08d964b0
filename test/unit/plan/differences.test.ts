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
