import { Args } from '../../argv/args.ts';
import type { Command } from '../../cli.ts';
import { EXIT } from '../../exit-codes.ts';
import { apply } from '../steer/apply.ts';
import { plan } from '../steer/plan.ts';

export const edit: Command = {
  words: 'edit',
  about: 'Open the config in your editor; then check it, show the plan, and run the trigger if you say so',
  note:
    'The editor is $VISUAL, or $EDITOR, or vi. Where there is no config yet, a commented first one ' +
    'is written.',
  run: async (cli) => {
    if (!cli.out.isTerminal || !process.stdin.isTTY)
      return cli.wrongUsage('edit needs a terminal; `overseer check` and `overseer plan` do not');
    const { filesOfConfig } = await import('../../offline.ts');
    const found = filesOfConfig(cli.homes.config);
    if (!found.ok) return cli.fail({ code: 'unwritable', message: found.detail, exit: EXIT.failed });
    const { Editing } = await import('../../edit/editing.ts');
    return new Editing(cli, found.paths, {
      plan: async () => plan.run({ ...cli, args: new Args({ 'exit-code': true }) }),
      apply: async () => apply.run(cli),
    }).run();
  },
};
