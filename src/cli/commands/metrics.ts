import { dataFolder, logOf } from '../../data-folder.ts';
import { sizeOfRegular } from '../../files/regular-file.ts';
import { ask } from '../ask/ask.ts';
import type { Command } from '../cli.ts';
import { EXIT } from '../exit-codes.ts';
import { exposition } from '../metrics/exposition.ts';
import { metricsOf } from '../metrics/job-metrics.ts';

export const metrics: Command = {
  words: 'metrics',
  about: 'Print the state of every job once, as text for Prometheus',
  run: (cli) => {
    const { logs } = dataFolder(cli.homes.data);
    return ask<'status'>(cli, {
      request: { name: 'status', jobs: [] },
      mayLaunch: false,
      render: (status) => {
        const all = metricsOf(status, (name) => sizeOfRegular(logOf(logs, name)));
        return { out: exposition(all), json: { metrics: all }, code: EXIT.done };
      },
    });
  },
};
