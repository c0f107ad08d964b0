import { dataFolder, logOf } from '../../data-folder.ts';
import { sizeOfRegular } from '../../files/regular-file.ts';
import type { Status } from '../../wire/messages.ts';
import type { Metric } from './exposition.ts';
import { metricsOf } from './job-metrics.ts';

/** The metrics of a daemon that answered, with the sizes of the logs in its data folder. */
export function metricsWithLogs(status: Status, data: string): readonly Metric[] {
  const { logs } = dataFolder(data);
  return metricsOf(status, (name) => sizeOfRegular(logOf(logs, name)));
}
