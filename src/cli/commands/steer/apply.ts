import { ask } from '../../ask/ask.ts';
import type { Cli, Command } from '../../cli.ts';
import type { Homes } from '../../../homes.ts';
import type { Reply, TriggerRequest } from '../../../wire/messages.ts';
import { missingConfig } from '../../argv/named-config.ts';
import { mendAutostart } from '../../ask/autostart-world.ts';
import { noReport, reportQuestion } from '../../ask/report-question.ts';
import { REPLACE, triggerOptions } from '../../ask/trigger-options.ts';

export const apply: Command = {
  words: 'apply [jobs..]',
  about: 'Start, stop and restart what differs from the config (the default)',
  positionals: { jobs: 'Only these and those that they come after' },
  jsonOfFailure: noReport,
  options: {
    'no-wait': { type: 'boolean', about: 'Return as soon as everything is spawned' },
    'allow-empty': {
      type: 'boolean',
      about: 'Go ahead although there is no config file at all: remove every job',
    },
    replace: REPLACE,
  },
  run: async (cli) => {
    const { args, homes } = cli;
    const { planOffline } = cli.ports;
    const missing = missingConfig(cli);
    if (missing !== null) return cli.fail({ ...missing, json: noReport(missing.code, missing.message) });
    await mendAutostart(cli);
    const request = {
      name: 'apply',
      configDir: homes.config,
      wait: !args.flag('no-wait'),
      ...triggerOptions(args),
    } as const;
    // Without a config a new daemon has nothing to do, except with --allow-empty: that may stop known jobs.
    const isConfigured = cli.ports.hasConfig(homes);
    const mayLaunch = isConfigured || request.allowEmpty;
    const question = reportQuestion<'apply'>(cli, { request, mayLaunch, verb: 'starting' });
    return ask<'apply'>(cli, {
      ...question,
      beforeLaunch: () => (isConfigured ? problemsOf(homes) : nothingToDo(cli, request)),
      ...(!mayLaunch && planOffline && { withoutDaemon: () => planOffline(homes, request) }),
    });
  },
};

/**
 * An answer where jobs that are known, or a config from elsewhere, do not matter; null where a daemon has to
 * take jobs down.
 */
async function nothingToDo({ ports, homes }: Cli, request: TriggerRequest): Promise<Reply | null> {
  // The client says what is wrong with it.
  if (ports.prepareData(homes, false) !== null) return null;
  const reply = (await ports.planOffline?.(homes, request)) ?? null;
  const isReport = reply?.kind === 'answer' && 'changes' in reply.answer;
  return isReport && reply.answer.changes.length > 0 ? null : reply;
}

/**
 * The report where the config has problems: a daemon would bring back the jobs that it took down, although
 * nothing is to be started.
 */
async function problemsOf(homes: Homes): Promise<Reply | null> {
  const { checkConfig } = await import('../../offline.ts');
  const reading = checkConfig(homes, []);
  return reading.ok
    ? null
    : { kind: 'answer', answer: { ok: false, changes: [], problems: reading.problems } };
}
