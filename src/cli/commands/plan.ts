import { ask } from '../ask.ts';
import type { Command } from '../cli.ts';
import { reportQuestion } from '../report-question.ts';

export const plan: Command = {
  words: 'plan',
  about: 'Show what `overseer` would do now, and why; the tests run, nothing changes',
  options: {
    'exit-code': { type: 'boolean', about: 'Exit with 2 when something would change' },
    'allow-empty': { type: 'boolean', about: 'Having no config file at all is meant' },
  },
  run: (cli) => {
    const request = { name: 'plan', configDir: cli.homes.config, allowEmpty: cli.args.flag('allow-empty') } as const;
    return ask<'plan'>(cli, reportQuestion<'plan'>(cli, { request, mayLaunch: false, verb: 'testing' }));
  },
};
