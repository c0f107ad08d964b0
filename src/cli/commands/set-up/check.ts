import type { Command } from '../../cli.ts';
import { EXIT } from '../../exit-codes.ts';
import { missingConfig } from '../../argv/named-config.ts';
import { printableJson } from '../../../text/printable.ts';
import { renderProblems } from '../../render/problems.ts';

export const check: Command = {
  words: 'check [files..]',
  about: 'Look for mistakes in the config; needs no daemon',
  positionals: { files: 'These instead of the config folder' },
  run: async (cli) => {
    const named = cli.args.words('files');
    const missing = named.length === 0 ? missingConfig(cli) : null;
    if (missing !== null) return cli.fail(missing);
    const { checkConfig } = await import('../../offline.ts');
    const reading = checkConfig(cli.homes, named);
    const problems = reading.ok ? [] : reading.problems;
    const jobs = reading.ok ? reading.config.jobs.length : 0;
    if (cli.args.flag('json')) {
      const bare = problems.map(({ file, line, column, message }) => ({ file, line, column, message }));
      await cli.out.write(
        `${printableJson({ ok: reading.ok, files: reading.files, jobs, problems: bare })}\n`,
      );
    } else if (reading.ok) {
      await cli.out.write(`ok: ${counted(jobs, 'job')} in ${counted(reading.files.length, 'file')}\n`);
    }
    await cli.err.write(renderProblems(problems));
    return reading.ok ? EXIT.done : EXIT.config;
  },
};

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
