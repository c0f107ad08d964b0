import { ask } from '../../ask/ask.ts';
import type { Command } from '../../cli.ts';
import { EXIT } from '../../exit-codes.ts';

export const top: Command = {
  words: 'top',
  about: 'Show and steer the jobs on a full screen of the terminal, until q',
  note: 'On the screen ? lists the keys.',
  options: {
    'read-only': { type: 'boolean', about: 'Without start, stop, restart and the trigger' },
  },
  run: async (cli) => {
    const { homes, ports, args, out, outContext } = cli;
    if (args.flag('json') || !out.isTerminal || !process.stdin.isTTY || cli.env['TERM'] === 'dumb')
      return cli.wrongUsage(
        'top draws on a terminal; `overseer status` prints the jobs, with --usage what they use',
      );
    // Where no daemon runs this says so, as every command does.
    const code = await ask<'status'>(cli, {
      request: { name: 'status', jobs: [] },
      mayLaunch: false,
      render: () => ({ out: '', json: '', code: EXIT.done }),
    });
    if (code !== EXIT.done) return code;
    const { showTop } = await import('../../top/show-top.ts');
    await showTop(
      { homes, ports, mayLaunch: true },
      { isReadOnly: args.flag('read-only'), color: outContext.color },
    );
    return EXIT.done;
  },
};
