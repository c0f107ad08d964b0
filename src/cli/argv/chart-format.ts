import { candidatesOf, didYouMean } from '../../text/did-you-mean.ts';
import { CHART_FORMATS, type ChartFormat } from '../chart-names.ts';
import type { Cli } from '../cli.ts';
import type { ExitCode } from '../exit-codes.ts';

/** The option of every command that prints a picture. */
export const FORMAT_OPTION = {
  type: 'string',
  stands: 'FORMAT',
  about: `${CHART_FORMATS.join(', ')} (text)`,
  values: CHART_FORMATS,
} as const;

/** Prints in the format of `--format`; one that does not exist is refused with a sentence. */
export function inFormat(cli: Cli, print: (format: ChartFormat) => Promise<ExitCode>): Promise<ExitCode> {
  const format = cli.args.text('format') ?? (cli.args.flag('json') ? 'json' : 'text');
  return isOneOf(CHART_FORMATS, format) ? print(format) : wrongWord(cli, 'format', format, CHART_FORMATS);
}

export function isOneOf<Word extends string>(words: readonly Word[], word: string): word is Word {
  return (words as readonly string[]).includes(word);
}

/** Refuses a word that is none of the known ones, and names the nearest. */
export function wrongWord(cli: Cli, kind: string, word: string, known: readonly string[]): Promise<ExitCode> {
  return cli.wrongUsage(
    `there is no ${kind} ${word}${didYouMean(word, candidatesOf(known))}; there are ${known.join(', ')}`,
  );
}
