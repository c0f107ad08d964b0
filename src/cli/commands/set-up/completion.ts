import { basename } from 'node:path';
import { candidatesOf, didYouMean } from '../../../text/did-you-mean.ts';
import type { Command } from '../../cli.ts';
import { EXIT } from '../../exit-codes.ts';

const SCRIPTS: Readonly<Record<string, () => Promise<(commands: readonly Command[]) => string>>> = {
  bash: async () => (await import('../../completion/bash.ts')).bashCompletion,
  zsh: async () => (await import('../../completion/zsh.ts')).zshCompletion,
  fish: async () => (await import('../../completion/fish.ts')).fishCompletion,
};
const SHELLS = Object.keys(SCRIPTS);

export const completion: Command = {
  words: 'completion [shell]',
  needsNoProject: true,
  about: 'Print a script that completes commands, options and jobs in your shell',
  positionals: { shell: `${SHELLS.join(', ')}; by default that of $SHELL` },
  values: { shell: SHELLS },
  run: async (cli) => {
    const named = cli.args.text('shell');
    const shell = named ?? basename(cli.env['SHELL'] ?? '');
    const script = SHELLS.includes(shell) ? SCRIPTS[shell] : undefined;
    if (script === undefined) {
      const problem =
        named === null
          ? `which shell? There are scripts for ${SHELLS.join(', ')}`
          : 'there is no script for ' +
            `${named}${didYouMean(named, candidatesOf(SHELLS)) || `; there are ${SHELLS.join(', ')}`}`;
      return cli.wrongUsage(problem);
    }
    const scriptOf = await script();
    await cli.out.write(scriptOf(cli.commands));
    return EXIT.done;
  },
};
