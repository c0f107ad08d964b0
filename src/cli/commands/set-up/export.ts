import { baseEnvironment } from '../../../base-environment.ts';
import type { ExportRemark } from '../../../exchange/export-jobs.ts';
import { CONTAINER_FORMATS, EXPORT_FORMATS, type ExportFormat } from '../../../exchange/format-names.ts';
import { resolveHere } from '../../../homes.ts';
import { candidatesOf, didYouMean } from '../../../text/did-you-mean.ts';
import { printable, printableJson } from '../../../text/printable.ts';
import { soundConfig } from '../../ask/sound-config.ts';
import type { Command } from '../../cli.ts';
import { EXIT } from '../../exit-codes.ts';

export const exportCommand: Command = {
  words: 'export',
  about:
    'Write the jobs of the config for another tool: systemd, launchd, foreman, compose, Nomad, Kubernetes',
  options: {
    to: { type: 'string', stands: 'FORMAT', about: EXPORT_FORMATS.join(', '), values: EXPORT_FORMATS },
    dir: {
      type: 'string',
      stands: 'FOLDER',
      about: 'Write the files into this folder instead of printing them; never over a file',
      values: 'folder',
    },
    image: {
      type: 'string',
      stands: 'IMAGE',
      about: 'For compose and kubernetes: the image that every job runs in',
    },
  },
  run: async (cli) => {
    const format = cli.args.text('to');
    if (format === null || !isFormat(format)) {
      const suggestion = format === null ? '' : didYouMean(format, candidatesOf(EXPORT_FORMATS));
      return cli.wrongUsage(`--to wants one of ${EXPORT_FORMATS.join(', ')}${suggestion}`);
    }
    const image = cli.args.text('image');
    if (image === null && CONTAINER_FORMATS.includes(format))
      return cli.wrongUsage(`--to ${format} wants an --image`);
    const reading = await soundConfig(cli, '; nothing was exported');
    if (!reading.ok) return reading.code;
    const { folderOfConfig } = await import('../../offline.ts');
    const { exportJobs, readJobs, writeFiles } = await import('../../exchange.ts');
    const base = baseEnvironment(cli.env);
    const fromFiles = Object.fromEntries(reading.config.jobs.map((job) => [job.name, job.envFromFiles]));
    const { files, remarks } = exportJobs(readJobs(reading.files), format, {
      home: cli.homes.home,
      folder: folderOfConfig(cli.homes.config),
      base,
      image,
      fromFiles,
      timeZone: zoneName(),
    });
    const isEmpty = reading.config.jobs.length === 0;
    await cli.err.write(
      isEmpty ? 'the config has no jobs, so there is nothing to export\n' : remarksText(remarks),
    );
    const dir = cli.args.text('dir');
    const trouble = dir === null ? null : writeFiles(resolveHere(dir), files);
    if (trouble !== null) return cli.fail({ code: 'unwritable', message: trouble, exit: EXIT.failed });
    if (cli.args.flag('json')) await cli.out.write(`${printableJson({ files, remarks })}\n`);
    else if (dir === null) await cli.out.write(filesText(files));
    else
      await cli.out.write(
        files.map(({ name }) => `wrote ${printable(resolveHere(`${dir}/${name}`))}\n`).join(''),
      );
    return EXIT.done;
  },
};

/** A zone that has no name, such as an offset from UTC, is none that another tool knows. */
function zoneName(): string | null {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  return /^(?!Etc\/Unknown)[A-Z]/.test(timeZone) ? timeZone : null;
}

const isFormat = (word: string): word is ExportFormat => (EXPORT_FORMATS as readonly string[]).includes(word);

/** One file as it is; several each below a line with its name. */
function filesText(files: readonly { readonly name: string; readonly text: string }[]): string {
  const [only] = files;
  if (files.length === 1 && only !== undefined) return only.text;
  return files.map(({ name, text }) => `# ${name}\n${text}`).join('\n');
}

const remarksText = (remarks: readonly ExportRemark[]): string =>
  remarks
    .map(
      ({ job, key, message }) =>
        `${printable(`${job === null ? 'every job' : job}: ${key === null ? '' : `${key} `}${message}`)}\n`,
    )
    .join('');
