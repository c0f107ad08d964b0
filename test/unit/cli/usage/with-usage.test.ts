import { withUsage } from '../../../../src/cli/usage/with-usage.ts';
import { DAEMON, job } from '../../../support/sample-replies.ts';

test('the process tree of each job that runs is measured, and no other', async () => {
  const jobs = [
    job({ name: 'here', pid: process.pid }),
    job({ name: 'down' }),
    job({ name: 'gone', pid: 2 ** 22 + 1 }),
  ];
  const measured = await withUsage({ daemon: DAEMON, jobs });
  expect(measured.daemon).toBe(DAEMON);
  expect(measured.jobs.map(({ name, usage }) => [name, usage === undefined])).toEqual([
    ['here', false],
    ['down', true],
    ['gone', true],
  ]);
  expect(measured.jobs[0]?.usage?.memoryBytes).toBeGreaterThan(1_000_000);
});
