import { printableJson } from '../../../text/printable.ts';
import type { Cli, Command } from '../../cli.ts';
import { EXIT, type ExitCode } from '../../exit-codes.ts';
import { atPort, PORT_OPTION } from '../../serve/at-port.ts';

export const web: Command = {
  words: 'web',
  about: 'Serve a page that shows and steers the jobs, on this machine only, until Ctrl-C',
  note: 'Anyone who has the address can do what the page can do; with --read-only they can only look.',
  options: {
    port: PORT_OPTION,
    'read-only': { type: 'boolean', about: 'Without start, stop, restart and the trigger' },
  },
  run: (cli) => atPort(cli, (port) => serve(cli, port)),
};

async function serve(cli: Cli, port: number): Promise<ExitCode> {
  const { homes, ports } = cli;
  const { serveWeb } = await import('../../web-server.ts');
  const interrupted = cli.interruption('SIGINT', 'SIGTERM');
  const server = await serveWeb(
    { homes, ports, mayLaunch: true },
    { port, readOnly: cli.args.flag('read-only') },
  );
  await cli.out.write(
    cli.args.flag('json')
      ? `${printableJson({ url: server.url })}\n`
      : `${server.url}\nCtrl-C ends it. Keep the address to yourself: anyone who has it can do ` +
          `what the page can do.\n`,
  );
  await new Promise<void>((resolve) => interrupted.addEventListener('abort', () => resolve()));
  server.close();
  return EXIT.done;
}
