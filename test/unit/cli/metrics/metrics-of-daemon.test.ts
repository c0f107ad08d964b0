import { spawn } from 'node:child_process';
import { once } from 'node:events';
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

test('the daemon is measured without the children that it has', async () => {
  const daemon = spawn('sh', ['-c', `"$0" -e 'console.log(); process.stdin.resume()'; :`, process.execPath]);
  try {
    await once(daemon.stdout, 'data');
    const status = { daemon: { ...DAEMON, pid: daemon.pid ?? 0 }, jobs: [] };
    const metrics = await measuredMetrics(status, newFolder());
    const memory = metrics.find(({ name }) => name === 'overseer_daemon_memory_bytes')?.samples[0]?.value;
    // A shell has a few megabytes, and the Node.js that it has started ten times as many.
    expect([memory !== undefined, (memory ?? 0) < 20_000_000]).toEqual([true, true]);
  } finally {
    daemon.stdin.end();
    await once(daemon, 'close');
  }
});
