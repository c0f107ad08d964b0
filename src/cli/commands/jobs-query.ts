import { join } from 'node:path';
import { runClient } from '../../client/run-client.ts';
import { jobNameOf } from '../../plan/names.ts';
import type { Status } from '../../wire/messages.ts';
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

async function namesKnown({ homes, ports }: Cli): Promise<readonly string[] | null> {
  const screen = { showProgress: () => {}, print: () => Promise.resolve(true) };
  const { reply } = await runClient({ request: { name: 'status', jobs: [] }, mayLaunch: false, homes, ports, screen });
  return reply?.kind === 'answer' ? (reply.answer as Status).jobs.map(({ name }) => name) : null;
}

async function namesWritten({ homes }: Cli): Promise<readonly string[]> {
  const { checkConfig } = await import('../offline.ts');
  const reading = checkConfig(homes, []);
  return [...loggedNames(join(homes.data, 'logs')), ...(reading.ok ? reading.config.jobs.map(({ name }) => name) : [])];
}
