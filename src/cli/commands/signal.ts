import { ask } from '../ask.ts';
import type { Command } from '../cli.ts';
import { EXIT } from '../exit-codes.ts';
import { printable } from '../render/printable.ts';

export const signal: Command = {
  words: 'signal [signal] [jobs..]',
  about: 'Send a signal to the whole process group of jobs, as `overseer signal HUP web`',
  positionals: { signal: 'HUP or SIGHUP', jobs: 'The jobs' },
  run: (cli) => {
    const name = cli.args.text('signal');
    const jobs = cli.args.words('jobs');
    if (name === null || jobs.length === 0) return cli.wrongUsage('which signal to which job? As in `overseer signal HUP web`');
    return ask<'signal'>(cli, {
      request: { name: 'signal', signal: name, jobs },
      mayLaunch: false,
      tell: (answer) => ({ out: tellSignalled(name, answer.signalled), json: answer, code: EXIT.done }),
    });
  },
};

function tellSignalled(name: string, signalled: readonly string[]): string {
  return signalled.length === 0 ? 'nothing is running there\n' : `sent ${printable(name)} to ${signalled.map(printable).join(', ')}\n`;
}
