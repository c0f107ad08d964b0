import { ask } from '../../ask/ask.ts';
import type { Command } from '../../cli.ts';
import { EXIT } from '../../exit-codes.ts';
import { printable } from '../../../text/printable.ts';
import { signalName, signalNear } from '../../argv/signal-name.ts';
import { whichJobs } from '../../argv/which-jobs.ts';

/** The usual signals, for completion; the system knows more. */
const SIGNALS = ['HUP', 'INT', 'QUIT', 'USR1', 'USR2', 'TERM', 'KILL', 'STOP', 'CONT', 'WINCH'];

const WHICH = 'which signal to which job? As in `overseer signal HUP web`';

export const signal: Command = {
  words: 'signal [signal] [jobs..]',
  about: 'Send a signal to the whole process group of jobs, as `overseer signal HUP web`',
  needsWords: true,
  positionals: {
    signal: 'HUP, SIGHUP, 1 or RTMIN+1, as for kill',
    jobs: "The jobs, or patterns such as 'web*' or tag:NAME",
  },
  values: { signal: SIGNALS },
  options: { all: { type: 'boolean', about: 'Every job that runs' } },
  run: (cli) => {
    const word = cli.args.text('signal');
    const which = whichJobs(cli, WHICH);
    if (word === null || !which.ok) return cli.wrongUsage(word === null || which.ok ? WHICH : which.wrong);
    const name = signalName(word);
    if (name === null)
      return cli.wrongUsage(`there is no signal ${word}${signalNear(word)}; \`kill -l\` lists them`);
    const { jobs } = which;
    return ask<'signal'>(cli, {
      request: { name: 'signal', signal: name, jobs },
      mayLaunch: false,
      render: (answer) => ({ out: signalledText(name, answer.signalled), json: answer, code: EXIT.done }),
    });
  },
};

function signalledText(name: string, signalled: readonly string[]): string {
  return signalled.length === 0
    ? 'nothing is running there\n'
    : `sent ${name.slice('SIG'.length).replace(/\+0$/, '')} to ${signalled.map(printable).join(', ')}\n`;
}
