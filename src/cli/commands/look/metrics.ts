import { ask } from '../../ask/ask.ts';
import type { Command } from '../../cli.ts';
import { EXIT } from '../../exit-codes.ts';
import { exposition } from '../../metrics/exposition.ts';
import { askSilently } from '../../ask/ask-silently.ts';
import { measuredMetrics, METRICS_REQUEST, WITHOUT_COUNTS } from '../../metrics/metrics-of-daemon.ts';

export const metrics: Command = {
  words: 'metrics',
  about: 'Print the state of every job once, as text for Prometheus',
  run: async (cli) => {
    // Asked silently: an earlier daemon refuses it, and what it answers without counts is enough then.
    const counted = await askSilently<'status'>(cli, METRICS_REQUEST);
    return ask<'status'>(cli, {
      request: WITHOUT_COUNTS,
      mayLaunch: false,
      render: async (status) => {
        const all = await measuredMetrics(counted ?? status, cli.homes.data);
        return { out: exposition(all), json: { metrics: all }, code: EXIT.done };
      },
    });
  },
};
