import { systemWords } from '../../text/system-messages.ts';
import type { Cli } from '../cli.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';

const MAX_PORT = 65_535;

/** The option of every command that serves a page. */
export const PORT_OPTION = {
  type: 'string',
  stands: 'N',
  about: 'Serve the page at this port (any that is free)',
} as const;

/**
 * Serves a page at the port of `--port`; 0 lets the kernel choose. A text that is no port, and a port that is
 * taken, are refused with a sentence.
 */
export async function atPort(cli: Cli, serve: (port: number) => Promise<ExitCode>): Promise<ExitCode> {
  const port = cli.args.text('port') ?? '0';
  if (!/^\d{1,5}$/.test(port) || Number(port) > MAX_PORT)
    return cli.wrongUsage(`--port wants a number from 0 to ${MAX_PORT}, not ${port}`);
  try {
    return await serve(Number(port));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall !== 'listen') throw error;
    return cli.fail({
      code: 'port',
      message: `cannot serve a page at port ${port}: ${systemWords(error as Error)}`,
      exit: EXIT.failed,
    });
  }
}
