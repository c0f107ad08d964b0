import type { Command } from '../../cli.ts';
import { EXIT } from '../../exit-codes.ts';

export const mcp: Command = {
  words: 'mcp',
  about: 'Serve the Model Context Protocol on stdin and stdout, for assistants',
  note: 'An assistant runs it; docs/assistants.md has the set-up for each.',
  options: {
    'read-only': { type: 'boolean', about: 'Without the tools that change something' },
  },
  run: async (cli) => {
    const { homes, ports, err } = cli;
    const tell = (text: string): void => void err.write(`overseer: ${text}\n`);
    if (process.stdin.isTTY)
      tell('an assistant runs this command and sends it JSON-RPC messages; Ctrl-D ends it');
    const { serveMcp } = await import('../../mcp-server.ts');
    const isDone = await serveMcp(
      { homes, ports, mayLaunch: true },
      {
        readOnly: cli.args.flag('read-only'),
        interrupted: cli.interruption('SIGINT', 'SIGTERM'),
        streams: { input: process.stdin, output: process.stdout },
        tell,
      },
    );
    return isDone ? EXIT.done : EXIT.failed;
  },
};
