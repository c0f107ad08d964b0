import { dataFolder } from '../../data-folder.ts';
import { candidatesOf, didYouMean } from '../../text/did-you-mean.ts';
import { askSilently } from '../ask/ask-silently.ts';
import type { Cli, Command } from '../cli.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { isMeant, isSelection, isTagWord, type Named } from '../../plan/names.ts';
import { loggedNames } from '../logs/log-names.ts';
import { followLogs, printLogs, type LogsWanted } from '../logs/print-logs.ts';
import { sinkFor } from '../logs/sinks.ts';
import { timeNamed } from '../logs/time-named.ts';
import { instancesOfConfig, ownersOf } from '../ask/instances-known.ts';
import { whatConfigSays } from '../ask/unknown-jobs.ts';

const DEFAULT_LINES = '20';

export const logs: Command = {
  words: 'logs [jobs..]',
  printsLines: true,
  aliases: ['tail'],
  about: 'Show the last lines that jobs printed; needs no daemon',
  positionals: { jobs: "Only these, or patterns such as 'web*' or tag:NAME" },
  options: {
    all: { type: 'boolean', about: 'Every job, as when none is named' },
    follow: { type: 'boolean', about: 'Go on with what they print from now on', alias: 'f' },
    lines: {
      type: 'string',
      stands: 'N',
      about: `How many lines of each job (${DEFAULT_LINES})`,
      alias: 'n',
    },
    timestamps: { type: 'boolean', about: 'Say when each line was written', alias: 't' },
    since: {
      type: 'string',
      stands: 'TIME',
      about: 'Only what was written since: 10m ago, 14:30, 2026-01-31 or 2026-01-31T14:30',
    },
  },
  run: async (cli) => {
    const lines = cli.args.text('lines') ?? (cli.args.text('since') === null ? DEFAULT_LINES : null);
    if (lines !== null && !/^\d{1,15}$/.test(lines))
      return cli.wrongUsage(`-n wants a number of lines, not ${lines}`);
    const since = sinceOf(cli);
    if (since === null)
      return cli.wrongUsage(
        `--since wants a time such as 10m, 14:30, 2026-01-31 or 2026-01-31T14:30, not ${cli.args.text('since')}`,
      );
    const dir = dataFolder(cli.homes.data).logs;
    const asked = cli.args.words('jobs');
    if (asked.length > 0 && cli.args.flag('all')) return cli.wrongUsage('name jobs or say --all, not both');
    const silent: string[] = [];
    const ownerOf = await ownersOf(cli, asked.length === 0 ? [] : loggedNames(dir), asked.some(isTagWord));
    const isLogged = (word: string): boolean =>
      loggedNames(dir).some((logged) => isMeant(ownerOf(logged), word));
    for (const name of asked.filter((word) => !isLogged(word))) {
      const running = await instancesKnown(cli, name);
      const known = running.length > 0 ? running : await instancesWritten(cli, name);
      if (known.length === 0) return noSuchJob(cli, name, loggedNames(dir));
      silent.push(...known);
    }
    return show(cli, asked, silent, {
      dir,
      tail: { lines: lines === null ? Infinity : Number(lines), since },
      names: () => namesNow(dir, asked, ownerOf),
    });
  },
};

async function show(
  cli: Cli,
  asked: readonly string[],
  silent: readonly string[],
  wanted: LogsWanted,
): Promise<ExitCode> {
  const names = [...wanted.names(), ...silent];
  const isSingle = asked.length === 1 && names.length === 1 && !asked.some(isSelection);
  const { out, outContext: context, args } = cli;
  const sink = sinkFor({
    out,
    context,
    names,
    json: args.flag('json'),
    isSingle,
    withTimes: args.flag('timestamps'),
  });
  if (cli.args.flag('follow'))
    await followLogs(wanted, sink, { clock: cli.ports.clock, interrupted: cli.interruption() });
  else await printLogs(wanted, sink);
  return EXIT.done;
}

/** Everything when no time is named; null for what is none. */
function sinceOf({ args, outContext }: Cli): number | null {
  const since = args.text('since');
  return since === null ? -Infinity : timeNamed(since, outContext.now);
}

function namesNow(
  dir: string,
  asked: readonly string[],
  ownerOf: (name: string) => Named,
): readonly string[] {
  const logged = loggedNames(dir);
  return asked.length === 0
    ? logged
    : logged.filter((name) => asked.some((word) => isMeant(ownerOf(name), word)));
}

/** Those that the config asks for, so that a job which has never run has an empty log. */
async function instancesWritten(cli: Cli, word: string): Promise<readonly string[]> {
  return (await instancesOfConfig(cli)).filter((each) => isMeant(each, word)).map(({ name }) => name);
}

/** The instances that the daemon knows by a name; none where there is no daemon. */
async function instancesKnown(cli: Cli, name: string): Promise<readonly string[]> {
  const status = await askSilently(cli, { name: 'status', jobs: [name] });
  return status?.jobs.map((job) => job.name) ?? [];
}

async function noSuchJob(cli: Cli, name: string, logged: readonly string[]): Promise<ExitCode> {
  const { reason } = await whatConfigSays(cli.homes, [name]);
  const written = (await instancesOfConfig(cli)).map((each) => each.name);
  const nearest = didYouMean(name, candidatesOf([...logged, ...written]));
  const message = reason ?? `no such job and no log of one: ${name}${nearest}`;
  return cli.fail({ code: 'no-such-job', message, exit: EXIT.noSuchJob });
}
