import { dataFolder, logOf } from '../../../data-folder.ts';
import { candidatesOf, didYouMean } from '../../../text/did-you-mean.ts';
import { askSilently } from '../../ask/ask-silently.ts';
import type { Cli, Command } from '../../cli.ts';
import type { JobStatus } from '../../../wire/messages.ts';
import { EXIT, type ExitCode } from '../../exit-codes.ts';
import { isMeant, isSelection, isTagWord, wordsFor, type Named } from '../../../plan/names.ts';
import { inodeAt } from '../../logs/log-file.ts';
import { loggedNames } from '../../logs/log-names.ts';
import { logTrouble } from '../../logs/log-trouble.ts';
import { followLogs, printLogs, type LogsWanted } from '../../logs/print-logs.ts';
import type { LineFilter } from '../../logs/merged-lines.ts';
import { sinkFor } from '../../logs/sinks.ts';
import { timeNamed } from '../../logs/time-named.ts';
import { instancesOfDaemon, instancesOfConfig, ownersOf } from '../../ask/instances-known.ts';
import { whatConfigSays } from '../../ask/unknown-jobs.ts';

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
    until: { type: 'string', stands: 'TIME', about: 'Only what was written up to then' },
    grep: { type: 'string', stands: 'REGEX', about: 'Only lines that match this regular expression' },
  },
  run: async (cli) => {
    const lines = cli.args.text('lines') ?? (cli.args.text('since') === null ? DEFAULT_LINES : null);
    if (lines !== null && !/^\d{1,15}$/.test(lines))
      return cli.wrongUsage(`-n wants a number of lines, not ${lines}`);
    const since = timeOf(cli, 'since', -Infinity);
    const until = timeOf(cli, 'until', Infinity);
    if (since === null || until === null)
      return cli.wrongUsage(
        `--${since === null ? 'since' : 'until'} wants a time such as 10m, 14:30, 2026-01-31 or ` +
          `2026-01-31T14:30, not ${cli.args.text(since === null ? 'since' : 'until')}`,
      );
    const pattern = patternOf(cli.args.text('grep'));
    if (pattern instanceof SyntaxError) return cli.wrongUsage(`--grep: ${pattern.message}`);
    const dir = dataFolder(cli.homes.data).logs;
    const asked = cli.args.words('jobs');
    if (asked.length > 0 && cli.args.flag('all')) return cli.wrongUsage('name jobs or say --all, not both');
    const silent: string[] = [];
    const running: JobStatus[] = [];
    const ownerOf = await ownersOf(cli, asked.length === 0 ? [] : loggedNames(dir), asked.some(isTagWord));
    for (const name of asked) {
      const meant = loggedNames(dir).filter((logged) => isMeant(ownerOf(logged), name));
      // A single job whose log is there. Of several jobs or copies, the daemon knows whose log is missing.
      if (meant.length === 1 && meant[0] === name) continue;
      const ofDaemon = await instancesKnown(cli, name);
      running.push(...ofDaemon);
      if (meant.length > 0) continue;
      const known = ofDaemon.length > 0 ? ofDaemon : await instancesWritten(cli, name);
      if (known.length === 0) return noSuchJob(cli, name, loggedNames(dir));
      silent.push(...known.map((each) => each.name));
    }
    if (asked.length === 0) running.push(...((await instancesOfDaemon(cli)) ?? []));
    const most = lines === null ? Infinity : Number(lines);
    const isShown = filterOf(pattern, until);
    const isConfigured = asked.length === 0 ? await configuredOnly(cli, running) : () => true;
    const wanted: LogsWanted = {
      dir,
      tail: { lines: isShown === null ? most : Infinity, since },
      names: () => namesNow(dir, asked, ownerOf).filter(isConfigured),
      ...(isShown && { filter: { isShown, most } }),
    };
    return show(cli, { asked, silent, running, until }, wanted);
  },
};

interface Asked {
  readonly asked: readonly string[];
  readonly silent: readonly string[];
  /** Instances as the daemon has them, among them all that have no log. */
  readonly running: readonly JobStatus[];
  readonly until: number;
}

async function show(
  cli: Cli,
  { asked, silent, running, until }: Asked,
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
    isShown: wanted.filter?.isShown,
  });
  // After that time there is nothing more to come.
  if (args.flag('follow') && until > context.now) {
    await sayTroubles(cli, wanted, running);
    await followLogs(wanted, sink, { clock: cli.ports.clock, interrupted: endOf(cli, until) });
    return EXIT.done;
  }
  await printLogs(wanted, sink);
  return sayTroubles(cli, wanted, running);
}

/** Says of each log that cannot be shown why not. */
async function sayTroubles(
  cli: Cli,
  { dir, names }: LogsWanted,
  running: readonly JobStatus[],
): Promise<ExitCode> {
  let code: ExitCode = EXIT.done;
  for (const name of names()) {
    const message = logTrouble(logOf(dir, name));
    if (message !== null) code = await cli.fail({ code: 'log', message, exit: EXIT.failed });
  }
  // `running` is older than this look: the log of a job that starts meanwhile exists before its process.
  const lost = running.filter(({ name, pid }) => pid !== null && inodeAt(logOf(dir, name)) === null);
  for (const name of new Set(lost.map((each) => each.name))) {
    const message =
      `the log of ${name} was deleted: what it prints is lost until \`overseer restart ${name}\` begins ` +
      'a new log';
    code = await cli.fail({ code: 'log', message, exit: EXIT.failed });
  }
  return code;
}

/** `otherwise` without the option; null for a text that is no time. */
function timeOf({ args, outContext }: Cli, option: 'since' | 'until', otherwise: number): number | null {
  const named = args.text(option);
  return named === null ? otherwise : timeNamed(named, outContext.now);
}

/** The regular expression, or the error of a text that is none; null without `--grep`. */
function patternOf(text: string | null): RegExp | SyntaxError | null {
  if (text === null) return null;
  try {
    return new RegExp(text);
  } catch (error) {
    return error as SyntaxError;
  }
}

/** Null where every line is shown. */
function filterOf(pattern: RegExp | null, until: number): LineFilter | null {
  if (pattern === null && until === Infinity) return null;
  return (line, time) =>
    (pattern === null || pattern.test(line.toString('utf8'))) && (until === Infinity || time().at <= until);
}

/** Ctrl-C, or the time up to which lines are shown. */
function endOf(cli: Cli, until: number): AbortSignal {
  if (until === Infinity) return cli.interruption();
  const over = new AbortController();
  cli.ports.clock.after(until - cli.outContext.now, () => over.abort());
  return AbortSignal.any([cli.interruption(), over.signal]);
}

/**
 * Logs of jobs that the config no longer names are shown only if they are named. If neither config nor daemon
 * knows any job, all logs are shown.
 */
async function configuredOnly(cli: Cli, running: readonly JobStatus[]): Promise<(name: string) => boolean> {
  const known = [...running, ...(await instancesOfConfig(cli))];
  const names = new Set(known.map(({ name }) => name));
  const gone = new Set(loggedNames(dataFolder(cli.homes.data).logs).filter((name) => !names.has(name)));
  // A job that appears while its log is followed is shown.
  return (name) => names.size === 0 || !gone.has(name);
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

/** Includes instances that have never run: their log is empty. */
async function instancesWritten(cli: Cli, word: string): Promise<readonly Named[]> {
  return (await instancesOfConfig(cli)).filter((each) => isMeant(each, word));
}

/** The instances that the daemon knows by a name; none where there is no daemon. */
async function instancesKnown(cli: Cli, name: string): Promise<readonly JobStatus[]> {
  return (await askSilently(cli, { name: 'status', jobs: [name] }))?.jobs ?? [];
}

async function noSuchJob(cli: Cli, name: string, logged: readonly string[]): Promise<ExitCode> {
  const { reason } = await whatConfigSays(cli.homes, [name]);
  const written = (await instancesOfConfig(cli)).flatMap(wordsFor);
  const nearest = didYouMean(name, candidatesOf([...logged, ...written]));
  const message = reason ?? `no such job and no log of one: ${name}${nearest}`;
  return cli.fail({ code: 'no-such-job', message, exit: EXIT.noSuchJob });
}
