import type { Job } from '../../../config/config.ts';
import { candidatesOf, didYouMean } from '../../../text/did-you-mean.ts';
import { printable, printableJson } from '../../../text/printable.ts';
import { isMeant, wordsFor, type Named } from '../../../plan/names.ts';
import { askSilently } from '../../ask/ask-silently.ts';
import { soundConfig } from '../../ask/sound-config.ts';
import { FORMAT_OPTION, inFormat } from '../../argv/chart-format.ts';
import type { ChartFormat } from '../../chart-names.ts';
import type { Cli, Command } from '../../cli.ts';
import { EXIT, type ExitCode } from '../../exit-codes.ts';
import { graphDot, graphMermaid, graphText } from '../../graph/draw-graph.ts';
import { jobGraph, titleOf, withDependencies, type GraphJob, type JobGraph } from '../../graph/job-graph.ts';
import { paintOf } from '../../render/state-paint.ts';
import { styled } from '../../terminal/render-context.ts';

export const graph: Command = {
  words: 'graph [jobs..]',
  about: 'Draw which job starts after which, with the states that a daemon knows',
  positionals: { jobs: 'Only these and what they need' },
  options: {
    format: FORMAT_OPTION,
  },
  run: (cli) => inFormat(cli, (format) => read(cli, format)),
};

async function read(cli: Cli, format: ChartFormat): Promise<ExitCode> {
  const reading = await soundConfig(cli);
  if (!reading.ok) return reading.code;
  return draw(cli, reading.config.jobs, format);
}

const namedOf = ({ name, tags }: Job): Named => ({ name, job: name, tags });

async function draw(cli: Cli, jobs: readonly Job[], format: ChartFormat): Promise<ExitCode> {
  const words = cli.args.words('jobs');
  const meant = (word: string): readonly Job[] => jobs.filter((job) => isMeant(namedOf(job), word));
  const unknown = words.find((word) => meant(word).length === 0);
  if (unknown !== undefined) {
    const nearest = didYouMean(unknown, candidatesOf(jobs.map(namedOf).flatMap(wordsFor)));
    return cli.fail({
      code: 'no-such-job',
      message: `the config has no job ${unknown}${nearest}`,
      exit: EXIT.noSuchJob,
    });
  }
  const whole = jobGraph(jobs, await askSilently(cli, { name: 'status', jobs: [] }));
  const wanted = new Set(words.flatMap((word) => meant(word).map(({ name }) => name)));
  const picture = words.length === 0 ? whole : withDependencies(whole, wanted);
  if (whole.jobs.length === 0) await cli.err.write('the config names no jobs\n');
  await (format === 'text' ? cli.report : cli.out).write(await drawn(cli, picture, format));
  return EXIT.done;
}

async function drawn(cli: Cli, picture: JobGraph, format: ChartFormat): Promise<string> {
  switch (format) {
    case 'text':
      return graphText(picture, (job) => wordsOf(cli, job));
    case 'json':
      return `${printableJson(picture)}\n`;
    case 'mermaid':
      return graphMermaid(picture);
    case 'dot':
      return graphDot(picture);
    case 'svg':
      return (await import('../../charts.ts')).graphSvg(picture);
    default:
      return format satisfies never;
  }
}

const wordsOf = ({ outContext }: Cli, job: GraphJob): string =>
  job.state === null
    ? printable(titleOf(job))
    : `${printable(titleOf(job))}  ${styled(job.state, paintOf(job.state), outContext)}`;
