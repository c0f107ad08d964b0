import { dataFolder } from '../../../data-folder.ts';
import { wordForTag, type Named } from '../../../plan/names.ts';
import { instancesOfDaemon, ownersAmong } from '../../ask/instances-known.ts';
import type { Cli, Command } from '../../cli.ts';
import { JOBS_QUERY } from '../../completion/jobs-query.ts';
import { EXIT } from '../../exit-codes.ts';
import { loggedNames } from '../../logs/log-names.ts';

/**
 * Names that may be completed: those that the daemon knows; where none runs, those in the config and those
 * that have a log.
 */
export const jobsQuery: Command = {
  words: JOBS_QUERY,
  about: null,
  run: async (cli) => {
    const known = (await instancesOfDaemon(cli)) ?? (await namesWritten(cli));
    const all = new Set(known.flatMap(({ name, job, tags }) => [name, job, ...tags.map(wordForTag)]));
    await cli.out.write(
      [...all]
        .toSorted()
        .map((name) => `${name}\n`)
        .join(''),
    );
    return EXIT.done;
  },
};

async function namesWritten({ homes }: Cli): Promise<readonly Named[]> {
  const { checkConfig, instancesInConfig } = await import('../../offline.ts');
  const reading = checkConfig(homes, []);
  const written = instancesInConfig(homes);
  const jobs = reading.ok ? reading.config.jobs.map(({ name, tags }) => ({ name, job: name, tags })) : [];
  const logged = loggedNames(dataFolder(homes.data).logs).map(ownersAmong(written));
  return [...logged, ...jobs];
}
