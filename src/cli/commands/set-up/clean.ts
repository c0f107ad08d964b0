import { dataFolder } from '../../../data-folder.ts';
import { systemWords } from '../../../text/system-messages.ts';
import { printable, printableJson } from '../../../text/printable.ts';
import { sizeText } from '../../../text/size-text.ts';
import { askSilently } from '../../ask/ask-silently.ts';
import { instancesOfConfig } from '../../ask/instances-known.ts';
import { soundConfig } from '../../ask/sound-config.ts';
import { leftBehind, removeLeft, type LeftBehind } from '../../clean/left-behind.ts';
import type { Cli, Command } from '../../cli.ts';
import { EXIT, type ExitCode } from '../../exit-codes.ts';
import { isConfirmed } from '../../terminal/confirm.ts';
import { tableLines } from '../../terminal/table.ts';

export const clean: Command = {
  words: 'clean',
  about: 'List what removed jobs left behind (logs, exit codes, histories), and delete it if you say so',
  note: 'Nothing of a job that the config names, or that the daemon knows, is touched.',
  options: { yes: { type: 'boolean', about: 'Delete without asking', alias: 'y' } },
  run: async (cli) => {
    const status = await askSilently(cli, { name: 'status', jobs: [] });
    if (status === null)
      return cli.fail({
        code: 'no-daemon',
        message: 'no daemon is running that could say which jobs there are; `overseer` starts one',
        exit: EXIT.noDaemon,
      });
    const reading = await soundConfig(cli, ', so it is not known which jobs it names');
    if (!reading.ok) return reading.code;
    const names = [...status.jobs, ...(await instancesOfConfig(cli))].map(({ name }) => name);
    return offer(cli, leftBehind(dataFolder(cli.homes.data), isAmong(names)));
  },
};

const isAmong = (names: readonly string[]): ((name: string) => boolean) => {
  const all = new Set(names);
  return (name) => all.has(name);
};

async function offer(cli: Cli, left: readonly LeftBehind[]): Promise<ExitCode> {
  const { args, out } = cli;
  const isJson = args.flag('json');
  if (!isJson) await out.write(listOf(cli, left));
  if (left.length === 0 || (isJson && !args.flag('yes'))) return done(cli, left, false);
  if (!args.flag('yes') && (!out.isTerminal || !process.stdin.isTTY))
    return cli.wrongUsage('nothing was deleted: without a terminal say --yes');
  if (!args.flag('yes') && !(await isConfirmed('Delete this? [y/N] '))) return EXIT.done;
  try {
    for (const each of left) removeLeft(each);
  } catch (error) {
    return cli.fail({
      code: 'unwritable',
      message: `not everything could be deleted: ${systemWords(error as Error)}`,
      exit: EXIT.failed,
    });
  }
  if (!isJson) await out.write('deleted\n');
  return done(cli, left, true);
}

async function done(cli: Cli, left: readonly LeftBehind[], isDeleted: boolean): Promise<ExitCode> {
  if (cli.args.flag('json'))
    await cli.out.write(`${printableJson({ ok: true, deleted: isDeleted, left })}\n`);
  return EXIT.done;
}

function listOf({ outContext }: Cli, left: readonly LeftBehind[]): string {
  if (left.length === 0) return 'nothing is left of removed jobs\n';
  const rows = left.map(({ job, bytes, paths }) => [
    { text: printable(job) },
    { text: sizeText(bytes, 1000) },
    { text: `${paths.length} file${paths.length === 1 ? '' : 's'}`, paint: 'dim' as const },
  ]);
  const all = left.reduce((sum, { bytes }) => sum + bytes, 0);
  const sum = `${sizeText(all, 1000)} left by ${left.length} removed ${left.length === 1 ? 'job' : 'jobs'}`;
  return `${[...tableLines(rows, [], outContext), '', sum].join('\n')}\n`;
}
