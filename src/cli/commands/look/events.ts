import type { Transition } from '../../../wire/messages.ts';
import { ask } from '../../ask/ask.ts';
import type { Cli, Command } from '../../cli.ts';
import { EXIT, type ExitCode } from '../../exit-codes.ts';
import { EventLines, eventJson } from '../../render/events.ts';
import { printableJson } from '../../../text/printable.ts';

const NOTHING_MORE = { out: '', json: '', code: EXIT.done } as const;

export const events: Command = {
  words: 'events [jobs..]',
  printsLines: true,
  about: 'Show the last changes of state and why they came, or with -f each one as it happens',
  positionals: { jobs: "Only these, or patterns such as 'web*' or tag:NAME" },
  options: {
    follow: { type: 'boolean', about: 'Show what happens from now on', alias: 'f' },
    verbose: {
      type: 'boolean',
      about: 'Also what changes no state: tests with the same result, the requests of the daemon',
    },
  },
  run: (cli) => {
    const jobs = cli.args.words('jobs');
    if (cli.args.flag('follow')) return follow(cli, jobs);
    return ask<'events'>(cli, {
      request: { name: 'events', jobs, follow: false, verbose: cli.args.flag('verbose') },
      mayLaunch: false,
      render: ({ events: last }) => ({
        out: linesOf(cli, last),
        json: last.map(jsonLine).join(''),
        code: EXIT.done,
      }),
    });
  },
};

function follow(cli: Cli, jobs: readonly string[]): Promise<ExitCode> {
  const lines = new EventLines(cli.outContext);
  const left = new AbortController();
  return ask<'events'>(cli, {
    request: { name: 'events', jobs, follow: true, verbose: cli.args.flag('verbose') },
    mayLaunch: false,
    onEvent: (event) =>
      (cli.args.flag('json') ? cli.out.write(jsonLine(event)) : cli.report.write(lines.line(event))).then(
        (isRead) => isRead || left.abort(),
      ),
    breakOff: { signal: AbortSignal.any([cli.interruption(), left.signal]), render: () => NOTHING_MORE },
    render: () => NOTHING_MORE,
  });
}

function linesOf({ outContext }: Cli, last: readonly Transition[]): string {
  const lines = new EventLines(outContext, last);
  return last.map((event) => lines.line(event)).join('');
}

const jsonLine = (event: Transition): string => `${printableJson(eventJson(event), 0)}\n`;
