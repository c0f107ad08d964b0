import type { Inspection } from '../../wire/messages.ts';
import { ask } from '../ask/ask.ts';
import type { Cli, Command } from '../cli.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { InspectorServer } from '../inspector.ts';
import { systemWords } from '../../text/system-messages.ts';
import { printableJson } from '../../text/printable.ts';

export const inspect: Command = {
  words: 'inspect [jobs..]',
  about: 'Show the running charts live in a browser, until Ctrl-C',
  positionals: { jobs: "Only these, or patterns such as 'web*' or tag:NAME, and the daemon" },
  options: {
    local: {
      type: 'boolean',
      about: 'With a page of our own that loads nothing from outside, not the Stately inspector',
    },
    port: { type: 'string', stands: 'N', about: 'Serve the page at this port (any that is free)' },
  },
  run: async (cli) => {
    const port = cli.args.text('port') ?? '0';
    if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535)
      return cli.wrongUsage(`--port wants a number up to 65535, not ${port}`);
    const { startInspector } = await import('../inspector.ts');
    const local = cli.args.flag('local');
    try {
      return await follow(cli, await startInspector({ port: Number(port), local }), local);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).syscall !== 'listen') throw error;
      return cli.fail({
        code: 'port',
        message: `cannot serve a page at port ${port}: ${systemWords(error as Error)}`,
        exit: EXIT.failed,
      });
    }
  },
};

async function follow(cli: Cli, server: InspectorServer, local: boolean): Promise<ExitCode> {
  let isSaid = false;
  let why = 'Nobody inspects the charts any more. Run overseer inspect again for a new page.';
  const onInspection = (inspection: Inspection): void => {
    server.take(inspection);
    // Not before there is something to see.
    if (!isSaid)
      void cli.out.write(
        cli.args.flag('json') ? `${printableJson({ url: server.url })}\n` : whereToLook(server.url, local),
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

function whereToLook(url: string, local: boolean): string {
  const ending = 'Ctrl-C ends it. Whoever has the address sees the charts.\n';
  if (local) return `${url}\n${ending}`;
  return `${url}\n  the Stately inspector: your browser loads it from stately.ai and hands it the charts and their context\n${url}local\n  the same charts, with nothing from outside\n${ending}`;
}
