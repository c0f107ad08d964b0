import { ask } from '../ask.ts';
import type { Command } from '../cli.ts';
import { missingConfig } from '../named-config.ts';
import { noReport, reportQuestion } from '../report-question.ts';

export const apply: Command = {
  words: 'apply',
  about: 'Start, stop and restart what differs from the config (the default)',
  options: {
    'no-wait': { type: 'boolean', about: 'Return as soon as everything is spawned' },
    'allow-empty': { type: 'boolean', about: 'Having no config file at all is meant: stop every job' },
  },
  run: (cli) => {
    const { args, homes } = cli;
    const missing = missingConfig(cli);
    if (missing !== null) return cli.fail({ ...missing, json: noReport(missing.code, missing.message) });
    const request = { name: 'apply', configDir: homes.config, wait: !args.flag('no-wait'), allowEmpty: args.flag('allow-empty') } as const;
    return ask<'apply'>(cli, reportQuestion<'apply'>(cli, { request, mayLaunch: true, verb: 'starting' }));
  },
};
