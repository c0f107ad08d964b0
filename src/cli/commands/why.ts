import { ask } from '../ask.ts';
import type { Command } from '../cli.ts';
import { EXIT } from '../exit-codes.ts';
import { renderWhy } from '../render/why.ts';

export const why: Command = {
  words: 'why [job]',
  about: 'Say why a job is in its state, and what comes next',
  positionals: { job: 'One job instance' },
  run: (cli) => {
    const job = cli.args.text('job');
    if (job === null) return cli.wrongUsage('which job?');
    return ask<'why'>(cli, {
      request: { name: 'why', job },
      mayLaunch: false,
      tell: (answer) => ({ out: renderWhy(answer, cli.outLook), json: answer, code: EXIT.done }),
    });
  },
};
