import { dataFolder } from '../../../data-folder.ts';
import { ask } from '../../ask/ask.ts';
import type { Cli, Command } from '../../cli.ts';
import { EXIT, type ExitCode } from '../../exit-codes.ts';
import { lastLines } from '../../logs/last-lines.ts';
import { renderWhy, whyJson } from '../../render/why.ts';
import { printableJson } from '../../../text/printable.ts';
import type { Why } from '../../../wire/messages.ts';

export const why: Command = {
  words: 'why [jobs..]',
  about: 'Say why a job is in its state, and what comes next',
  needsWords: true,
  positionals: { jobs: "The jobs, single instances of them, or patterns such as 'web*' or tag:NAME" },
  run: async (cli) => {
    const words = [...new Set(cli.args.words('jobs'))];
    if (words.length === 0) return cli.wrongUsage('which job?');
    const found = new Map<string, Why>();
    const questions = words.map((job) => (): Promise<ExitCode> => askWhy(cli, job, found));
    for (const question of questions) {
      const code = await question();
      if (code !== EXIT.done) return code;
    }
    const { logs } = dataFolder(cli.homes.data);
    const shown = [...found].map(([name, each]) => ({
      why: each,
      printed: lastLines(logs, name),
    }));
    if (cli.args.flag('json')) {
      const json = shown.map(({ why: each, printed }) => whyJson(each, printed));
      await cli.out.write(`${printableJson(json.length === 1 ? json[0] : json)}\n`);
    } else
      await cli.report.write(
        shown.map(({ why: each, printed }) => renderWhy(each, cli.outContext, printed)).join('\n'),
      );
    return EXIT.done;
  },
};

/** Adds what the daemon says of these jobs; a refusal is printed. */
function askWhy(cli: Cli, job: string, found: Map<string, Why>): Promise<ExitCode> {
  return ask<'why'>(cli, {
    request: { name: 'why', job },
    mayLaunch: false,
    render: ({ jobs }) => {
      for (const each of jobs) found.set(each.status.name, each);
      return { out: '', json: '', code: EXIT.done };
    },
  });
}
