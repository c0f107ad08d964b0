import type { Job } from '../../../../src/config/config.ts';
import { degraded, interrupted, noSuchJob, unwritten } from '../../../../src/daemon/requests/refusals.ts';
import { LEAST_JOB } from '../../../support/least-job.ts';

const known = (...names: readonly string[]) => names.map((name) => ({ name, job: { ...LEAST_JOB, name } }));
const message = (unknown: readonly string[], all: ReturnType<typeof known>): string =>
  noSuchJob(unknown, all).message;

test('a job that does not exist is refused with the name that may be meant', () => {
  expect(noSuchJob(['wbe'], known('web', 'db'))).toEqual({
    code: 'no-such-job',
    message: 'no such job: wbe (did you mean "web"?)',
    jobs: ['wbe'],
  });
  const copy: { readonly name: string; readonly job: Job } = {
    name: 'worker@1',
    job: { ...LEAST_JOB, name: 'worker', tags: ['night'] },
  };
  expect([message(['workr'], [copy]), message(['worker@2'], [copy]), message(['tag:nigt'], [copy])]).toEqual([
    'no such job: workr (did you mean "worker"?)',
    'no such job: worker@2 (did you mean "worker@1"?)',
    'no such job: tag:nigt (did you mean "tag:night"?)',
  ]);
});

test('where no name is near, or several are unknown, ten of the known ones are named', () => {
  const many = Array.from({ length: 11 }, (_, at) => `job-${at}`);
  expect([message(['x'], known('web', 'db')), message(['wbe', 'x'], known('web', 'web'))]).toEqual([
    'no such job: x (known are web, db)',
    'no such job: wbe, x (known are web)',
  ]);
  expect(message(['quite-else'], known(...many))).toBe(
    `no such job: quite-else (known are ${many.slice(0, 10).join(', ')}, …)`,
  );
  expect(message(['quite-else'], known(...many.slice(1)))).not.toContain('…');
});

test('where no job is known, it is said how they become known', () => {
  expect(noSuchJob(['web'], [])).toEqual({
    code: 'no-such-job',
    message: 'no job is known yet: `overseer` reads the config and starts its jobs',
  });
});

test('a refusal because of the state says whether something was done, and where to look', () => {
  const told = [degraded(), interrupted(), unwritten()].map(({ refusal }) => refusal);
  expect(told.map(({ code }) => code)).toEqual(['degraded', 'degraded', 'degraded']);
  expect(told[0]?.message).toMatch(/^the state cannot be written \(overseerd\.log .*nothing is changed/);
  expect(told[1]?.message).toMatch(/^the daemon began to shut down before this was done/);
  expect(told[2]?.message).toMatch(/^it is done, but could not be written down \(overseerd\.log/);
});
