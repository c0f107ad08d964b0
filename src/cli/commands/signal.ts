import { ask } from '../ask.ts';
import type { Command } from '../cli.ts';
import { EXIT } from '../exit-codes.ts';
import { printable } from '../render/printable.ts';
import { whichJobs } from '../which-jobs.ts';

/** Those that people send; the system knows more. */
const SIGNALS = ['HUP', 'INT', 'QUIT', 'USR1', 'USR2', 'TERM', 'KILL', 'STOP', 'CONT', 'WINCH'];

const WHICH = 'which signal to which job? As in `overseer signal HUP web`';

export const signal: Command = {
  words: 'signal [signal] [jobs..]',
  about: 'Send a signal to the whole process group of jobs, as `overseer signal HUP web`',
  positionals: { signal: 'HUP or SIGHUP', jobs: "The jobs, or patterns such as 'web*'" },
  values: { signal: SIGNALS },
  options: { all: { type: 'boolean', about: 'Every job that runs' } },
  run: (cli) => {
    const name = cli.args.text('signal');
    const which = whichJobs(cli, WHICH);
    if (name === null || !which.ok) return cli.wrongUsage(name === null || which.ok ? WHICH : which.wrong);
    const { jobs } = which;
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
