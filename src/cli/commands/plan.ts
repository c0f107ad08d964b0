import { ask } from '../ask/ask.ts';
import type { Command } from '../cli.ts';
import { missingConfig } from '../argv/named-config.ts';
import { noReport, reportQuestion } from '../ask/report-question.ts';

export const plan: Command = {
  words: 'plan',
  about: 'Show what `overseer` would do now, and why; the tests run, nothing changes',
  options: {
    'exit-code': { type: 'boolean', about: 'Exit with 2 when something would change' },
    'allow-empty': { type: 'boolean', about: 'Having no config file at all is meant' },
  },
  run: (cli) => {
    const { homes, ports, args } = cli;
    const missing = missingConfig(cli);
    if (missing !== null) return cli.fail({ ...missing, json: noReport(missing.code, missing.message) });
    const allowEmpty = args.flag('allow-empty');
    const request = { name: 'plan', configDir: homes.config, allowEmpty } as const;
    const question = reportQuestion<'plan'>(cli, { request, mayLaunch: false, verb: 'testing' });
    const { planOffline } = ports;
    return ask<'plan'>(
      cli,
      planOffline === undefined
        ? question
        : { ...question, withoutDaemon: () => planOffline(homes, allowEmpty) },
    );
  },
};
