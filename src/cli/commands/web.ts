import { printableJson } from '../../text/printable.ts';
import { systemWords } from '../../text/system-messages.ts';
import type { Command } from '../cli.ts';
import { EXIT } from '../exit-codes.ts';

const MAX_PORT = 65_535;

export const web: Command = {
  words: 'web',
  about: 'Serve a page that shows and steers the jobs, on this machine only, until Ctrl-C',
  note: 'Anyone who has the address can do what the page can do; with --read-only they can only look.',
  options: {
    port: { type: 'string', stands: 'N', about: 'At this port instead of any that is free' },
    'read-only': { type: 'boolean', about: 'Without start, stop, restart and the trigger' },
  },
  run: async (cli) => {
    const port = cli.args.text('port') ?? '0';
    if (!/^\d{1,5}$/.test(port) || Number(port) > MAX_PORT)
      return cli.wrongUsage(`--port wants a number from 0 to ${MAX_PORT}, not ${port}`);
    const { homes, ports } = cli;
    const { serveWeb } = await import('../web-server.ts');
    const interrupted = cli.interruption('SIGINT', 'SIGTERM');
    try {
      const server = await serveWeb(
        { homes, ports, mayLaunch: true },
        { port: Number(port), readOnly: cli.args.flag('read-only') },
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
