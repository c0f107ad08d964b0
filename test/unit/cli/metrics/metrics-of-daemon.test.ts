import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Metric } from '../../../../src/cli/metrics/exposition.ts';
import { measuredMetrics } from '../../../../src/cli/metrics/metrics-of-daemon.ts';
import { newFolder } from '../../../support/new-folder.ts';
import { DAEMON, job } from '../../../support/sample-replies.ts';

test('the daemon, each child and each log are measured, and nothing of a job that is down', async () => {
  const data = newFolder();
  mkdirSync(join(data, 'logs'));
  writeFileSync(join(data, 'logs', 'web.log'), 'x'.repeat(321));
  const jobs = [job({ name: 'web', pid: process.pid }), job({ name: 'down', job: 'down', state: 'stopped' })];
  const metrics = await measuredMetrics({ daemon: { ...DAEMON, pid: process.ppid }, jobs }, data);
  const named = (name: string): Metric['samples'] =>
    metrics.find((metric) => metric.name === `overseer_${name}`)?.samples ?? [];
  expect([named('daemon_memory_bytes'), named('job_memory_bytes'), named('job_log_bytes')]).toEqual([
    [{ labels: {}, value: expect.any(Number) }],
    [{ labels: { name: 'web' }, value: expect.any(Number) }],
    [{ labels: { name: 'web' }, value: 321 }],
  ]);
  expect(named('job_memory_bytes')[0]?.value).toBeGreaterThan(1_000_000);
});
