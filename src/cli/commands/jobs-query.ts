import { join } from 'node:path';
import { jobNameOf } from '../../plan/names.ts';
import { askSilently } from '../ask/ask-silently.ts';
import type { Cli, Command } from '../cli.ts';
import { JOBS_QUERY } from '../completion/jobs-query.ts';
import { EXIT } from '../exit-codes.ts';
import { loggedNames } from '../logs/log-names.ts';

/** Names that may be completed: those that the daemon knows; where none runs, those in the config and those that have a log. */
export const jobsQuery: Command = {
  words: JOBS_QUERY,
  about: null,
  run: async (cli) => {
    const names = (await namesKnown(cli)) ?? (await namesWritten(cli));
    const all = new Set([...names, ...names.map(jobNameOf)]);
    await cli.out.write(
      [...all]
        .toSorted()
        .map((name) => `${name}\n`)
        .join(''),
    );
    return EXIT.done;
  },
};

async function namesKnown(cli: Cli): Promise<readonly string[] | null> {
  const status = await askSilently(cli, { name: 'status', jobs: [] });
  return status?.jobs.map(({ name }) => name) ?? null;
}

async function namesWritten({ homes }: Cli): Promise<readonly string[]> {
  const { checkConfig } = await import('../offline.ts');
  const reading = checkConfig(homes, []);
  return [
    ...loggedNames(join(homes.data, 'logs')),
    ...(reading.ok ? reading.config.jobs.map(({ name }) => name) : []),
  ];
}
