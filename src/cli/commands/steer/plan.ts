import { ask } from '../../ask/ask.ts';
import type { Command } from '../../cli.ts';
import { missingConfig } from '../../argv/named-config.ts';
import { noReport, reportQuestion } from '../../ask/report-question.ts';
import { REPLACE, triggerOptions } from '../../ask/trigger-options.ts';

export const plan: Command = {
  words: 'plan [jobs..]',
  about: 'Show what `overseer` would do now, and why; the tests run, nothing changes',
  positionals: { jobs: 'Only these and those that they come after' },
  jsonOfFailure: noReport,
  options: {
    'exit-code': { type: 'boolean', about: 'Exit with 2 when something would change' },
    'allow-empty': { type: 'boolean', about: 'Go ahead although there is no config file at all' },
    replace: REPLACE,
  },
  run: (cli) => {
    const { homes, ports, args } = cli;
    const missing = missingConfig(cli);
    if (missing !== null) return cli.fail({ ...missing, json: noReport(missing.code, missing.message) });
    const request = { name: 'plan', configDir: homes.config, ...triggerOptions(args) } as const;
    const question = reportQuestion<'plan'>(cli, { request, mayLaunch: false, verb: 'testing' });
    const { planOffline } = ports;
    return ask<'plan'>(
      cli,
      planOffline === undefined
        ? question
        : { ...question, withoutDaemon: () => planOffline(homes, request) },
    );
  },
};
