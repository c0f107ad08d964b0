import { ask } from '../../ask/ask.ts';
import type { Cli, Command, Option } from '../../cli.ts';
import type { ExitCode } from '../../exit-codes.ts';
import { noReport, reportQuestion } from '../../ask/report-question.ts';

const ALL: Option = { type: 'boolean', about: 'Every job' };
const NO_WAIT: Option = { type: 'boolean', about: 'Return as soon as everything is spawned' };

const ROLLING: Option = {
  type: 'boolean',
  about: 'One copy of a job at a time, the next when it is running',
};

const OPTIONS = {
  start: { all: ALL, 'no-wait': NO_WAIT },
  stop: { all: ALL },
  restart: { all: ALL, 'no-wait': NO_WAIT, rolling: ROLLING },
} as const;

/** The common part of `start`, `stop` and `restart`: they name jobs or say `--all`. */
function byHand(name: 'start' | 'stop' | 'restart', about: string, verb: string): Command {
  return {
    words: `${name} [jobs..]`,
    about,
    needsWords: true,
    positionals: { jobs: "The jobs, single instances of them, or patterns such as 'web*' or tag:NAME" },
    jsonOfFailure: noReport,
    options: OPTIONS[name],
    run: (cli) => {
      const jobs = cli.args.words('jobs');
      const all = cli.args.flag('all');
      if (jobs.length > 0 && all) return cli.wrongUsage('name jobs or say --all, not both');
      if (jobs.length === 0 && !all)
        return cli.wrongUsage(`which job? Name it, or say \`overseer ${name} --all\``);
      return askByHand(cli, { name, jobs, all }, verb);
    },
  };
}

function askByHand(
  cli: Cli,
  {
    name,
    jobs,
    all,
  }: { readonly name: 'start' | 'stop' | 'restart'; readonly jobs: readonly string[]; readonly all: boolean },
  verb: string,
): Promise<ExitCode> {
  if (name === 'stop')
    return ask<'stop'>(
      cli,
      reportQuestion<'stop'>(cli, { request: { name, jobs, all }, mayLaunch: false, verb }),
    );
  const wait = !cli.args.flag('no-wait');
  if (name === 'restart') {
    const rolling = cli.args.flag('rolling') ? { rolling: true } : {};
    const request = { name, jobs, all, wait, ...rolling };
    return ask<'restart'>(cli, reportQuestion<'restart'>(cli, { request, mayLaunch: false, verb }));
  }
  const request = { name, jobs, all, wait };
  return ask<'start'>(cli, reportQuestion<'start'>(cli, { request, mayLaunch: mayStartDaemon(cli), verb }));
}

/** Only `start` starts a daemon, and only where the config has jobs. */
const mayStartDaemon = ({ homes, ports }: Cli): boolean => ports.hasConfig(homes);

export const start = byHand('start', 'Start jobs by hand; ends an earlier stop by hand', 'starting');
export const stop = byHand('stop', 'Stop jobs by hand; they stay stopped until `start`', 'stopping');
export const restart = byHand('restart', 'Stop jobs and start them again', 'restarting');
