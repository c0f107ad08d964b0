import { runClient } from '../../client/run-client.ts';
import type { Answers, Request } from '../../wire/messages.ts';
import type { Cli } from '../cli.ts';

/** The daemon's answer, without printing it; null if no daemon runs or it refuses. */
export async function askSilently<Name extends Request['name']>(
  { homes, ports }: Pick<Cli, 'homes' | 'ports'>,
  request: Request & { readonly name: Name },
): Promise<Answers[Name] | null> {
  const screen = { showProgress: () => {}, print: () => Promise.resolve(true) };
  const { reply } = await runClient({ request, mayLaunch: false, homes, ports, screen });
  return reply?.kind === 'answer' ? (reply.answer as Answers[Name]) : null;
}
