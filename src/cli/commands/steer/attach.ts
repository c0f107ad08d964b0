import { dataFolder } from '../../../data-folder.ts';
import { ask } from '../../ask/ask.ts';
import type { Cli, Command } from '../../cli.ts';
import { EXIT, type ExitCode } from '../../exit-codes.ts';
import { followLogs } from '../../logs/print-logs.ts';
import { sinkFor } from '../../logs/sinks.ts';
import { sendBytes } from '../../stdin/send-bytes.ts';
import { typedAtTerminal, typedElsewhere, type Typing } from '../../stdin/typed.ts';
import type { StdinOfJob } from '../../../wire/messages.ts';

const DEFAULT_LINES = '20';

export const attach: Command = {
  words: 'attach [job]',
  about: 'Follow the log of a job that has `stdin = true`, and send what you type to it',
  note: 'Ctrl-] leaves, and so do Ctrl-C and Ctrl-D; the job runs on.',
  positionals: { job: 'The job' },
  options: {
    lines: {
      type: 'string',
      stands: 'N',
      about: `How many lines to show first (${DEFAULT_LINES})`,
      alias: 'n',
    },
  },
  run: async (cli) => {
    const job = cli.args.text('job');
    if (job === null) return cli.wrongUsage('attach to which job? As in `overseer attach repl`');
    const lines = cli.args.text('lines') ?? DEFAULT_LINES;
    if (!/^\d{1,15}$/.test(lines)) return cli.wrongUsage(`-n wants a number of lines, not ${lines}`);
    let inputs: readonly StdinOfJob[] = [];
    const code = await ask<'stdin'>(cli, {
      request: { name: 'stdin', jobs: [job] },
      mayLaunch: false,
      render: (answer) => {
        ({ inputs } = answer);
        return { out: '', json: '', code: EXIT.done };
      },
    });
    const [input, other] = inputs;
    if (input === undefined) return code;
    if (other !== undefined)
      return cli.wrongUsage(
        `${job} means ${inputs.length} jobs: name one, as in \`overseer attach ${input.job}\``,
      );
    return attached(cli, input, Number(lines));
  },
};

async function attached(cli: Cli, input: StdinOfJob, lines: number): Promise<ExitCode> {
  const { out, err, outContext: context, ports, homes } = cli;
  const ended = cli.interruption('SIGINT', 'SIGTERM', 'SIGHUP');
  const left = new AbortController();
  const interrupted = AbortSignal.any([ended, left.signal]);
  const isAtTerminal = process.stdin.isTTY && out.isTerminal;
  const typing: Typing = {
    out,
    onBytes: (bytes) => sendTyped(cli, input, { bytes, interrupted }),
    onLeave: () => left.abort(),
  };
  if (isAtTerminal) await err.write(`attached to ${input.job}; Ctrl-] leaves\n`);
  const typed = isAtTerminal ? typedAtTerminal(typing) : typedElsewhere(typing);
  try {
    const sink = sinkFor({
      out: typed.out,
      context,
      names: [input.job],
      json: cli.args.flag('json'),
      isSingle: true,
      withTimes: false,
    });
    const wanted = {
      dir: dataFolder(homes.data).logs,
      tail: { lines, since: -Infinity },
      names: () => [input.job],
    };
    await followLogs(wanted, sink, { clock: ports.clock, interrupted });
  } finally {
    typed.end();
  }
  if (isAtTerminal) await out.write('\n');
  return EXIT.done;
}

/** What cannot be sent is said, and does not end the following. */
async function sendTyped(
  { err }: Cli,
  input: StdinOfJob,
  { bytes, interrupted }: { readonly bytes: Buffer; readonly interrupted: AbortSignal },
): Promise<void> {
  const goesOn = (): boolean => {
    void err.write(`overseer: ${input.job} does not read its standard input: what you type waits\n`);
    return true;
  };
  const problem = await sendBytes(input, bytes, { goesOn, interrupted });
  if (problem !== null && !interrupted.aborted) await err.write(`overseer: ${problem}\n`);
}
