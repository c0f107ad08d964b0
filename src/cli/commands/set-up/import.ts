import { basename, extname } from 'node:path';
import { baseEnvironment } from '../../../base-environment.ts';
import type { Problem } from '../../../config/config.ts';
import { IMPORT_FORMATS, type ImportFormat } from '../../../exchange/format-names.ts';
import type { Remark } from '../../../exchange/draft.ts';
import { resolveHere } from '../../../homes.ts';
import { candidatesOf, didYouMean } from '../../../text/did-you-mean.ts';
import { printable, printableJson } from '../../../text/printable.ts';
import type { Cli, Command } from '../../cli.ts';
import { EXIT, type ExitCode } from '../../exit-codes.ts';
import { renderProblems } from '../../render/problems.ts';
import { callFor } from '../../same-folders.ts';

export const importCommand: Command = {
  words: 'import [files..]',
  makesProject: true,
  about: 'Convert the config of another tool: a Procfile, supervisord, pm2, systemd, launchd, compose, cron',
  needsWords: true,
  positionals: { files: 'What to import; several files of one kind become one config' },
  options: {
    from: {
      type: 'string',
      stands: 'FORMAT',
      about: `${IMPORT_FORMATS.join(', ')}; recognised unless you name it`,
      values: IMPORT_FORMATS,
    },
    write: {
      type: 'boolean',
      about:
        'Write it into the config folder, or as the overseer.toml of --project, instead of ' +
        'printing it; never over a file',
    },
    trust: { type: 'boolean', about: 'Run a .js, .cjs or .mjs file to learn what it exports' },
  },
  run: async (cli) => {
    const files = cli.args.words('files').map((file) => resolveHere(file));
    const format = cli.args.text('from');
    if (files.length === 0)
      return cli.wrongUsage('import wants a file, such as Procfile or supervisord.conf');
    if (format !== null && !isFormat(format))
      return cli.wrongUsage(
        `there is no format ${format}${didYouMean(format, candidatesOf(IMPORT_FORMATS))}; there ` +
          `are ${IMPORT_FORMATS.join(', ')}`,
      );
    const { importFiles, problemsOf, writeImported } = await import('../../exchange.ts');
    const { home, config } = cli.homes;
    const trust = cli.args.flag('trust');
    const base = baseEnvironment(cli.env);
    const imported = importFiles(files, { format, trust, home, base, environment: cli.env });
    await cli.err.write(remarksText(imported.remarks));
    if (!imported.ok) return cli.fail({ code: imported.code, message: imported.message, exit: EXIT.failed });
    const { toml, jobs, remarks } = imported;
    const options = { home, base };
    const problems = problemsOf(toml, options);
    if (!cli.args.flag('write')) return printed(cli, { toml, jobs, remarks, problems });
    const [file = ''] = files;
    const name = `${basename(file, extname(file)).replace(/^\.+/, '') || 'imported'}.toml`.toLowerCase();
    const written =
      problems.length > 0
        ? ({ ok: false, code: 'config', problems } as const)
        : writeImported(config, name, toml, options);
    if (!written.ok && written.code === 'config') {
      await cli.err.write(renderProblems(written.problems));
      return cli.fail({
        code: 'config',
        message: 'nothing was written: the config would have these problems',
        exit: EXIT.config,
      });
    }
    if (!written.ok) return cli.fail({ code: written.code, message: written.message, exit: EXIT.failed });
    const said =
      `wrote ${printable(written.path)} (${counted(jobs.length, 'job')})\nRead it, then ` +
      `\`${callFor(cli, 'plan')}\` says what it would do.\n`;
    await cli.out.write(
      cli.args.flag('json') ? `${printableJson({ path: written.path, jobs, remarks })}\n` : said,
    );
    return EXIT.done;
  },
};

const isFormat = (word: string): word is ImportFormat => (IMPORT_FORMATS as readonly string[]).includes(word);

interface Result {
  readonly toml: string;
  readonly jobs: readonly string[];
  readonly remarks: readonly Remark[];
  readonly problems: readonly Problem[];
}

async function printed(cli: Cli, { toml, jobs, remarks, problems }: Result): Promise<ExitCode> {
  await cli.out.write(cli.args.flag('json') ? `${printableJson({ toml, jobs, remarks, problems })}\n` : toml);
  await cli.err.write(renderProblems(problems));
  return problems.length === 0 ? EXIT.done : EXIT.config;
}

/** As compilers write them, so that editors find the line. */
const remarksText = (remarks: readonly Remark[]): string =>
  remarks
    .map(
      ({ file, line, message }) =>
        `${printable(`${basename(file)}${line === null ? '' : `:${line}`}: ${message}`)}\n`,
    )
    .join('');

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
