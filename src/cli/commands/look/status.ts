import { askSilently } from '../../ask/ask-silently.ts';
import { ask, type Rendered } from '../../ask/ask.ts';
import type { Cli, Command } from '../../cli.ts';
import { statusCode, statusPage } from '../../render/status-page.ts';
import { statusJson, type MeasuredStatus } from '../../render/status.ts';
import type { Status } from '../../../wire/messages.ts';

export const status: Command = {
  words: 'status [jobs..]',
  aliases: ['ls'],
  about: 'Show the jobs; of one job also by the exit code (0 running, 3 not running, 4 no such job)',
  positionals: { jobs: "Only these, or patterns such as 'web*' or tag:NAME" },
  jsonOfFailure: (code, message) => ({ daemon: null, jobs: [], error: { code, message } }),
  options: {
    all: { type: 'boolean', about: 'Every job, as when none is named' },
    usage: { type: 'boolean', about: 'Measure the processor time and memory of each process tree' },
    watch: { type: 'boolean', about: 'Draw the table anew when something changes, until Ctrl-C', alias: 'w' },
  },
  run: async (cli) => {
    const jobs = cli.args.words('jobs');
    if (jobs.length > 0 && cli.args.flag('all')) return cli.wrongUsage('name jobs or say --all, not both');
    if (cli.args.flag('watch')) {
      if (!cli.out.isTerminal || cli.args.flag('json'))
        return cli.wrongUsage(
          '--watch draws on a terminal; `overseer events -f` tells each change in a line',
        );
      return (await import('./watch-status.ts')).watchStatus(cli, jobs);
    }
    return ask<'status'>(cli, {
      request: { name: 'status', jobs },
      mayLaunch: false,
      render: async (answer) => renderOutcome(cli, await measured(cli, answer), jobs.length),
      jsonOfFailure: async (code, message) => {
        const daemon =
          code === 'no-such-job'
            ? ((await askSilently(cli, { name: 'status', jobs: [] }))?.daemon ?? null)
            : null;
        return { ok: false, daemon, jobs: [], error: { code, message } };
      },
    });
  },
};

/** The answer with what each job uses, where that is asked for. */
async function measured(cli: Cli, status: Status): Promise<MeasuredStatus> {
  if (!cli.args.flag('usage')) return status;
  const { withUsage } = await import('../../usage/with-usage.ts');
  return withUsage(status);
}

function renderOutcome(cli: Cli, answer: MeasuredStatus, asked: number): Rendered {
  const code = statusCode(answer, asked);
  return cli.args.flag('json')
    ? { out: '', json: statusJson(answer), code }
    : { out: statusPage(answer, cli.out, cli.outContext), json: null, code };
}
