import { ask } from '../ask/ask.ts';
import type { Command } from '../cli.ts';
import type { Homes } from '../../homes.ts';
import type { Reply } from '../../wire/messages.ts';
import { missingConfig } from '../argv/named-config.ts';
import { mendAutostart } from '../ask/autostart-world.ts';
import { noReport, reportQuestion } from '../ask/report-question.ts';

export const apply: Command = {
  words: 'apply',
  about: 'Start, stop and restart what differs from the config (the default)',
  options: {
    'no-wait': { type: 'boolean', about: 'Return as soon as everything is spawned' },
    'allow-empty': { type: 'boolean', about: 'Having no config file at all is meant: stop every job' },
  },
  run: async (cli) => {
    const { args, homes } = cli;
    const missing = missingConfig(cli);
    if (missing !== null) return cli.fail({ ...missing, json: noReport(missing.code, missing.message) });
    await mendAutostart(cli);
    const request = {
      name: 'apply',
      configDir: homes.config,
      wait: !args.flag('no-wait'),
      allowEmpty: args.flag('allow-empty'),
    } as const;
    const question = reportQuestion<'apply'>(cli, { request, mayLaunch: true, verb: 'starting' });
    return ask<'apply'>(cli, { ...question, beforeLaunch: () => problemsOf(homes) });
  },
};

/** The report where the config has problems: a daemon would bring back the jobs that it took down, although nothing is to be started. */
async function problemsOf(homes: Homes): Promise<Reply | null> {
  const { checkConfig } = await import('../offline.ts');
  const reading = checkConfig(homes, []);
  return reading.ok
    ? null
    : { kind: 'answer', answer: { ok: false, changes: [], problems: reading.problems } };
}
