import { candidatesOf, didYouMean } from '../../../text/did-you-mean.ts';
import { CHART_FORMATS, CHART_NAMES, type ChartFormat, type ChartName } from '../../chart-names.ts';
import type { Cli, Command } from '../../cli.ts';
import { EXIT, type ExitCode } from '../../exit-codes.ts';

export const machines: Command = {
  words: 'machines [chart]',
  needsNoProject: true,
  about: 'Print the statecharts that overseer runs by; needs no daemon',
  positionals: { chart: `${CHART_NAMES.join(', ')}; all of them unless it is named` },
  values: { chart: CHART_NAMES },
  options: {
    format: {
      type: 'string',
      stands: 'FORMAT',
      about: `${CHART_FORMATS.join(', ')} (text)`,
      values: CHART_FORMATS,
    },
    simple: { type: 'boolean', about: 'A picture with few words; of the job only how its process lives' },
  },
  run: (cli) => {
    const name = cli.args.text('chart');
    const format = cli.args.text('format') ?? (cli.args.flag('json') ? 'json' : 'text');
    if (!isOneOf(CHART_FORMATS, format)) return wrongWord(cli, 'format', format, CHART_FORMATS);
    if (name !== null && !isOneOf(CHART_NAMES, name)) return wrongWord(cli, 'chart', name, CHART_NAMES);
    if (cli.args.flag('simple') && !isPicture(format))
      return cli.wrongUsage('--simple is for --format mermaid, dot and svg');
    return print(cli, name, format);
  },
};

async function print(cli: Cli, name: ChartName | null, format: ChartFormat): Promise<ExitCode> {
  const { drawAll, drawChart } = await import('../../charts.ts');
  const view = { simple: cli.args.flag('simple') };
  await cli.out.write(await (name === null ? drawAll(format, view) : drawChart(name, format, view)));
  return EXIT.done;
}

const isPicture = (format: ChartFormat): boolean => format !== 'text' && format !== 'json';

function isOneOf<Word extends string>(words: readonly Word[], word: string): word is Word {
  return (words as readonly string[]).includes(word);
}

function wrongWord(cli: Cli, kind: string, word: string, known: readonly string[]): Promise<ExitCode> {
  return cli.wrongUsage(
    `there is no ${kind} ${word}${didYouMean(word, candidatesOf(known))}; there are ${known.join(', ')}`,
  );
}
