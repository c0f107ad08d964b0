import { dataFolder } from '../../data-folder.ts';
import { ask } from '../ask/ask.ts';
import type { Command } from '../cli.ts';
import { EXIT } from '../exit-codes.ts';
import { lastLines } from '../logs/last-lines.ts';
import { renderWhy, whyJson } from '../render/why.ts';

/** How many of the last lines of the log are shown. */
const LINES_SHOWN = 10;

export const why: Command = {
  words: 'why [job]',
  about: 'Say why a job is in its state, and what comes next',
  positionals: { job: "The job, an instance of it, or a pattern such as 'web*' or tag:NAME" },
  run: (cli) => {
    const job = cli.args.text('job');
    if (job === null) return cli.wrongUsage('which job?');
    return ask<'why'>(cli, {
      request: { name: 'why', job },
      mayLaunch: false,
      render: ({ jobs }) => {
        const { logs } = dataFolder(cli.homes.data);
        const shown = jobs.map((each) => ({
          why: each,
          printed: lastLines(logs, each.status.name, LINES_SHOWN),
        }));
        const json = shown.map(({ why: each, printed }) => whyJson(each, printed));
        return {
          out: shown.map(({ why: each, printed }) => renderWhy(each, cli.outContext, printed)).join('\n'),
          json: json.length === 1 ? json[0] : json,
          code: EXIT.done,
        };
      },
    });
  },
};
