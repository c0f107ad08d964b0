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
    const { homes, ports } = cli;
    const { serveMcp } = await import('../../mcp-server.ts');
    await serveMcp(
      { homes, ports, mayLaunch: true },
      { readOnly: cli.args.flag('read-only'), interrupted: cli.interruption('SIGINT', 'SIGTERM') },
    );
    return EXIT.done;
  },
};
