import { baseEnvironment } from '../../../base-environment.ts';
import { environmentFor } from '../../../homes.ts';
import type { Job } from '../../../config/config.ts';
import { instancesOf, type Instance } from '../../../plan/instances.ts';
import { isMeant, wordsFor, type Named } from '../../../plan/names.ts';
import { candidatesOf, didYouMean } from '../../../text/did-you-mean.ts';
import { printableJson } from '../../../text/printable.ts';
import { soundConfig } from '../../ask/sound-config.ts';
import { askSilently } from '../../ask/ask-silently.ts';
import type { Cli, Command } from '../../cli.ts';
import { EXIT, type ExitCode } from '../../exit-codes.ts';
import type { ShownJob } from '../../show/render-shown.ts';

export const show: Command = {
  words: 'show [job]',
  about: 'Show what the config makes of a job: every key, the environment, the next runs; needs no daemon',
  needsWords: true,
  positionals: { job: "The job, an instance of it, or a pattern such as 'web*' or tag:NAME" },
  options: { values: { type: 'boolean', about: 'Also the values of the environment' } },
  run: async (cli) => {
    const word = cli.args.text('job');
    if (word === null) return cli.wrongUsage('which job?');
    const reading = await soundConfig(cli);
    if (!reading.ok) return reading.code;
    const all = instancesOf(reading.config);
    const meant = all.filter((each) => isMeant(namedOf(each), word));
    if (meant.length > 0) return tell(cli, meant);
    const nearest = didYouMean(word, candidatesOf(all.map(namedOf).flatMap(wordsFor)));
    const message = `the config has no job ${word}${nearest}`;
    return cli.fail({ code: 'no-such-job', message, exit: EXIT.noSuchJob });
  },
};

const namedOf = ({ name, job }: Instance): Named => ({ name, job: job.name, tags: job.tags });

/** Copies of a job differ only in their number, so the job is shown once. */
async function tell(cli: Cli, meant: readonly Instance[]): Promise<ExitCode> {
  const { renderShown } = await import('../../show/render-shown.ts');
  const withValues = cli.args.flag('values');
  const jobs = [...new Set(meant.map(({ job }) => job))];
  const shown = await Promise.all(
    jobs.map((job) =>
      shownOf(
        cli,
        job,
        meant.filter((each) => each.job === job),
      ),
    ),
  );
  if (cli.args.flag('json')) {
    const json = shown.map(({ environment, ...rest }) => ({
      ...rest,
      environment: environment.map(({ name, origin, value }) => ({
        name,
        origin,
        value: withValues ? value : null,
      })),
    }));
    await cli.out.write(`${printableJson(json.length === 1 ? json[0] : json)}\n`);
  } else {
    await cli.out.write(shown.map((each) => renderShown(each, withValues, cli.outContext)).join('\n'));
  }
  return EXIT.done;
}

async function shownOf(cli: Cli, job: Job, instances: readonly Instance[]): Promise<ShownJob> {
  const { effectiveConfig } = await import('../../show/effective-config.ts');
  const { environmentOf } = await import('../../show/environment-origins.ts');
  const { nextTimes } = await import('../../show/next-times.ts');
  const first = instances[0];
  const name = first?.name ?? job.name;
  const status = job.schedule === null ? null : await askSilently(cli, { name: 'status', jobs: [name] });
  const { state, nextStartAt } = status?.jobs[0] ?? { state: null, nextStartAt: null };
  const due = state === 'waiting' ? nextStartAt : null;
  return {
    job: job.name,
    instances: instances.map((each) => each.name),
    config: effectiveConfig(job),
    environment: environmentOf(
      job,
      first?.number ?? null,
      baseEnvironment(environmentFor(cli.homes, cli.env)),
    ),
    nextRuns: nextTimes(job.schedule, cli.outContext.now, due),
  };
}
