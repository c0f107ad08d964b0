import { candidatesOf, didYouMean } from '../../../text/did-you-mean.ts';
import { printableJson } from '../../../text/printable.ts';
import { autostartWorld } from '../../ask/autostart-world.ts';
import type { Done, Facts } from '../../at-login.ts';
import type { Cli, Command } from '../../cli.ts';
import { EXIT, type ExitCode } from '../../exit-codes.ts';

const ACTIONS = ['enable', 'disable', 'status'] as const;
type Action = (typeof ACTIONS)[number];

export const autostart: Command = {
  words: 'autostart [action]',
  about: 'Start overseer at login: a launchd agent on macOS, a systemd user unit on Linux',
  positionals: { action: `${ACTIONS.join(', ')}; status by default` },
  values: { action: ACTIONS },
  options: {
    path: {
      type: 'string',
      stands: 'PATH',
      about: 'With enable: the PATH of the daemon and its jobs, in place of that of your shell',
    },
  },
  run: async (cli) => {
    const action = cli.args.text('action') ?? 'status';
    if (!isAction(action))
      return cli.wrongUsage(
        `autostart wants ${ACTIONS.join(', ')}, not ${action}${didYouMean(action, candidatesOf(ACTIONS))}`,
      );
    if (cli.args.text('path') !== null && action !== 'enable') return cli.wrongUsage('--path is for enable');
    const { disable, disabledText, enable, enabledText, look, statusText } =
      await import('../../at-login.ts');
    const world = autostartWorld(cli);
    switch (action) {
      case 'enable':
        return told(cli, await enable(world, cli.args.text('path')), enabledText);
      case 'disable':
        return told(cli, await disable(world), disabledText);
      case 'status':
        return status(cli, await look(world), statusText);
      default:
        return action satisfies never;
    }
  },
};

const isAction = (word: string): word is Action => (ACTIONS as readonly string[]).includes(word);

async function told(
  cli: Cli,
  done: Done,
  text: (done: Done & { readonly ok: true }) => string,
): Promise<ExitCode> {
  const { factsJson, troubleText } = await import('../../at-login.ts');
  if (!done.ok) {
    const { code } = done.trouble;
    return cli.fail({ code, message: troubleText(done.trouble, done.place), exit: EXIT.failed });
  }
  const json = { changed: done.changed, ...(factsJson(done.facts) as object) };
  await cli.out.write(cli.args.flag('json') ? `${printableJson(json)}\n` : text(done));
  return EXIT.done;
}

async function status(cli: Cli, facts: Facts, text: (facts: Facts) => string): Promise<ExitCode> {
  const { factsJson } = await import('../../at-login.ts');
  await cli.out.write(cli.args.flag('json') ? `${printableJson(factsJson(facts))}\n` : text(facts));
  return facts.troubles.length === 0 ? EXIT.done : EXIT.failed;
}
