import { ask } from '../../ask/ask.ts';
import type { Command } from '../../cli.ts';
import { EXIT } from '../../exit-codes.ts';
import { renderDied } from '../../render/shutdown-report.ts';

export const die: Command = {
  words: 'die',
  aliases: ['shutdown'],
  about: 'Stop every job, then the daemon; the next `overseer` starts them again',
  options: { 'keep-jobs': { type: 'boolean', about: 'Leave the jobs running; the next daemon adopts them' } },
  run: (cli) =>
    ask<'DIE'>(cli, {
      request: { name: 'DIE', keepJobs: cli.args.flag('keep-jobs') },
      mayLaunch: false,
      verb: 'stopping',
      render: (died) => ({ out: renderDied(died), json: died, code: EXIT.done }),
    }),
};
