import { dataFolder, logOf } from '../../data-folder.ts';
import { sizeOfRegular } from '../../files/regular-file.ts';
import type { Status } from '../../wire/messages.ts';
import { measureUsage } from '../usage/measure.ts';
import type { Metric } from './exposition.ts';
import { metricsOf } from './job-metrics.ts';

export interface MetricsRequest {
  readonly name: 'status';
  readonly jobs: readonly string[];
  readonly counts?: boolean;
}

/** The request whose answer the metrics are made of. */
export const METRICS_REQUEST: MetricsRequest = { name: 'status', jobs: [], counts: true };

/** The same for a daemon of an earlier version, which refuses what it does not know. */
export const WITHOUT_COUNTS: MetricsRequest = { name: 'status', jobs: [] };

/** The metrics of a daemon that answered, with what is measured from outside: processes and logs. */
export async function measuredMetrics(status: Status, data: string): Promise<readonly Metric[]> {
  const { logs } = dataFolder(data);
  const ofJobs = status.jobs.flatMap(({ pid }) => (pid === null ? [] : [pid]));
  return metricsOf(status, {
    logBytes: (name) => sizeOfRegular(logOf(logs, name)),
    usages: await measureUsage([status.daemon.pid, ...ofJobs], new Set([status.daemon.pid])),
  });
}
