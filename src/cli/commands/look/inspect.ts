import type { ChangeOfJob } from '../../../wire/messages.ts';
import { askSilently } from '../../ask/ask-silently.ts';
import type { Cli, Command } from '../../cli.ts';
import type { ExitCode } from '../../exit-codes.ts';
import { atPort, PORT_OPTION } from '../../serve/at-port.ts';
import { followInspections } from './follow-inspections.ts';

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
  const historyOf = async (job: string): Promise<readonly ChangeOfJob[]> => {
    const answer = await askSilently(cli, { name: 'why', job });
    return answer?.jobs.find(({ status }) => status.name === job)?.history ?? [];
  };
  const server = await startInspector({ port, historyOf });
  try {
    return await followInspections(cli, server, cli.args.flag('stately') ? STATELY_PAGE : '');
  } finally {
    server.end('Nobody inspects the charts any more. Run overseer inspect again for a new page.');
  }
}
