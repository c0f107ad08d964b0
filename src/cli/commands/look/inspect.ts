import type { Inspection } from '../../../wire/messages.ts';
import { ask } from '../../ask/ask.ts';
import type { Cli, Command } from '../../cli.ts';
import { EXIT, type ExitCode } from '../../exit-codes.ts';
import { atPort, PORT_OPTION } from '../../serve/at-port.ts';
import type { InspectorServer } from '../../inspector.ts';
import { printableJson } from '../../../text/printable.ts';

export const inspect: Command = {
  words: 'inspect [jobs..]',
  about: 'Show the running charts live in a browser, until Ctrl-C',
  positionals: { jobs: "Only these, or patterns such as 'web*' or tag:NAME, and the daemon" },
  options: {
    stately: {
      type: 'boolean',
      about: 'Open the Stately inspector, which the browser loads from stately.ai',
    },
    local: {
      type: 'boolean',
      about: 'A page of our own that loads nothing from outside, as without options',
    },
    port: PORT_OPTION,
  },
  run: (cli) =>
    cli.args.flag('stately') && cli.args.flag('local')
      ? cli.wrongUsage('say --stately or --local, not both')
      : atPort(cli, (port) => serve(cli, port)),
};

async function serve(cli: Cli, port: number): Promise<ExitCode> {
  const { startInspector, STATELY_PAGE } = await import('../../inspector.ts');
  return follow(cli, await startInspector({ port }), cli.args.flag('stately') ? STATELY_PAGE : '');
}

async function follow(cli: Cli, server: InspectorServer, page: string): Promise<ExitCode> {
  const url = `${server.url}${page}`;
  let isSaid = false;
  let why = 'Nobody inspects the charts any more. Run overseer inspect again for a new page.';
  const onInspection = (inspection: Inspection): void => {
    server.take(inspection);
    // Print the address only when there is something to see.
    if (!isSaid)
      void cli.out.write(
        cli.args.flag('json') ? `${printableJson({ url })}\n` : whereToLook(url, page !== ''),
      );
    isSaid = true;
  };
  try {
    return await ask<'inspect'>(cli, {
      request: { name: 'inspect', jobs: cli.args.words('jobs') },
      mayLaunch: false,
      onInspection,
      render: () => {
        why = 'The daemon has ended. Run overseer to start it, then overseer inspect for a new page.';
        return { out: '', err: 'the daemon has ended\n', json: '', code: EXIT.done };
      },
      breakOff: { signal: cli.interruption(), render: () => ({ out: '', json: '', code: EXIT.done }) },
    });
  } finally {
    server.end(why);
  }
}

function whereToLook(url: string, isStately: boolean): string {
  const note = isStately
    ? 'Your browser loads the Stately inspector from stately.ai and hands it the charts and their context.\n'
    : '';
  return `${url}\n${note}Ctrl-C ends it. Anyone who has the address sees the charts.\n`;
}
