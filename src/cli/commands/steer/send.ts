import { ask, type Rendered } from '../../ask/ask.ts';
import type { Command } from '../../cli.ts';
import { EXIT } from '../../exit-codes.ts';
import { sendBytes } from '../../stdin/send-bytes.ts';
import type { StdinOfJob } from '../../../wire/messages.ts';
import { printable } from '../../../text/printable.ts';

export const send: Command = {
  words: 'send [job] [text..]',
  about: 'Write one line to the standard input of a job that has `stdin = true`',
  note: 'The words are joined with blanks; a line break follows. Words that begin with - come after --.',
  positionals: {
    job: "The job, or a pattern such as 'web*' or tag:NAME",
    text: 'The line',
  },
  values: { text: [] },
  run: (cli) => {
    const job = cli.args.text('job');
    const words = cli.args.all('text');
    if (job === null || words.length === 0)
      return cli.wrongUsage(
        "which line to which job? As in `overseer send repl help`; an empty line is `''`",
      );
    return ask<'stdin'>(cli, {
      request: { name: 'stdin', jobs: [job] },
      mayLaunch: false,
      render: ({ inputs }) => sentTo(inputs, Buffer.from(`${words.join(' ')}\n`)),
    });
  },
};

async function sentTo(inputs: readonly StdinOfJob[], line: Buffer): Promise<Rendered> {
  const ends = await Promise.all(
    inputs.map(async (input) => ({ job: input.job, problem: await sendBytes(input, line) })),
  );
  const sent = ends.flatMap(({ job, problem }) => (problem === null ? [job] : []));
  const problems = ends.flatMap(({ problem }) => problem ?? []);
  return {
    out: sent.length === 0 ? '' : `sent to ${sent.map(printable).join(', ')}\n`,
    err: problems.map((problem) => `overseer: ${printable(problem)}\n`).join(''),
    json: { sent, problems },
    code: problems.length === 0 ? EXIT.done : EXIT.failed,
  };
}
