import { FORMAT_OPTION, inFormat, isOneOf, wrongWord } from '../../argv/chart-format.ts';
import { CHART_NAMES, type ChartFormat, type ChartName } from '../../chart-names.ts';
import type { Cli, Command } from '../../cli.ts';
import { EXIT, type ExitCode } from '../../exit-codes.ts';

export const machines: Command = {
  words: 'machines [chart]',
  needsNoProject: true,
  about: 'Print the statecharts that overseer runs; needs no daemon',
  positionals: { chart: `${CHART_NAMES.join(', ')}; all of them by default` },
  values: { chart: CHART_NAMES },
  options: {
    format: FORMAT_OPTION,
    simple: {
      type: 'boolean',
      about: 'A picture with few words, and of the job only the outer states of its process',
    },
  },
  run: (cli) =>
    inFormat(cli, (format) => {
      const name = cli.args.text('chart');
      if (name !== null && !isOneOf(CHART_NAMES, name)) return wrongWord(cli, 'chart', name, CHART_NAMES);
      if (cli.args.flag('simple') && !isPicture(format))
        return cli.wrongUsage('--simple is for --format mermaid, dot and svg');
      return print(cli, name, format);
    }),
};

async function print(cli: Cli, name: ChartName | null, format: ChartFormat): Promise<ExitCode> {
  const { drawAll, drawChart } = await import('../../charts.ts');
  const view = { simple: cli.args.flag('simple') };
  await cli.out.write(await (name === null ? drawAll(format, view) : drawChart(name, format, view)));
  return EXIT.done;
}

const isPicture = (format: ChartFormat): boolean => format !== 'text' && format !== 'json';
