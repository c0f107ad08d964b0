import { ask } from '../../ask/ask.ts';
import type { Command } from '../../cli.ts';
import { EXIT } from '../../exit-codes.ts';
import { exposition } from '../../metrics/exposition.ts';
import { metricsWithLogs } from '../../metrics/metrics-of-daemon.ts';

export const metrics: Command = {
  words: 'metrics',
  about: 'Print the state of every job once, as text for Prometheus',
  run: (cli) => {
    return ask<'status'>(cli, {
      request: { name: 'status', jobs: [] },
      mayLaunch: false,
      render: (status) => {
        const all = metricsWithLogs(status, cli.homes.data);
        return { out: exposition(all), json: { metrics: all }, code: EXIT.done };
      },
    });
  },
};
