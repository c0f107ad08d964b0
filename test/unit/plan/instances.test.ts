import type { Job } from '../../../src/config/config.ts';
import { instancesOf } from '../../../src/plan/instances.ts';
import { LEAST_JOB } from '../../support/least-job.ts';

const job: Job = { ...LEAST_JOB, command: { exe: 'node', args: ['server.js'] }, cwd: '/home/ann' };

test('instances are numbered from 1, even a single one', () => {
  const jobs = [
    job,
    { ...job, name: 'one', instances: 1 },
    { ...job, name: 'api', instances: 2 },
    { ...job, name: 'none', instances: 0 },
  ];
  expect(instancesOf({ jobs }).map(({ name, number }) => [name, number])).toEqual([
    ['web', null],
    ['one@1', '1'],
    ['api@1', '1'],
    ['api@2', '2'],
  ]);
});
