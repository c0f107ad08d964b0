import { resolveHere } from '../../homes.ts';
import { parseSocketFile } from '../../wire/socket-file.ts';
import type { Refusal, Request } from '../../wire/messages.ts';
import type { Cli } from '../cli.ts';
import { callFor } from '../same-folders.ts';

/** Says that no daemon is running, and suggests what to do. */
export async function noDaemonWords(cli: Cli, { name }: Request): Promise<string> {
  const here = await projectServedHere(cli);
  if (here !== null)
    return (
      `no daemon is running; the project in ${here} has one: \`overseer --project ${wordOf(name)}\` ` +
      'reaches it'
    );
  const none =
    cli.project === null
      ? 'no daemon is running'
      : `no daemon of the project in ${cli.project.folder} is running`;
  const found = cli.ports.readSocketFile(cli.homes);
  // A daemon may well run, but nobody can find it.
  if (found.kind === 'unusable') return `${none} that could be found: ${found.detail}`;
  // A user who ends a daemon does not want to start one.
  if (name === 'DIE' || name === 'stop') return none;
  return cli.ports.hasConfig(cli.homes)
    ? `${none}; \`${callFor(cli)}\` starts one`
    : `${none}, and there is no config in ${cli.homes.config}; \`${callFor(cli, 'init')}\` writes a ` +
        'first one';
}

/** The job may belong to the project of the current folder, which has another daemon. */
export async function withProject(cli: Cli, refusal: Refusal): Promise<Refusal> {
  const here = refusal.code === 'no-such-job' ? await projectServedHere(cli) : null;
  if (here === null) return refusal;
  const cure = `the project in ${here} has a daemon of its own, which \`--project\` reaches`;
  return { ...refusal, message: `${refusal.message}; ${cure}` };
}

const wordOf = (name: Request['name']): string => (name === 'DIE' ? 'die' : name);

/** The folder of the surrounding project if its daemon runs and another one was asked; else null. */
async function projectServedHere(cli: Pick<Cli, 'homes' | 'usual' | 'ports'>): Promise<string | null> {
  const { projectAt } = await import('../../project.ts');
  let folder: string;
  try {
    folder = resolveHere('.');
  } catch {
    // The current folder was removed.
    return null;
  }
  const { homes, folder: around } = projectAt(folder, cli.usual);
  if (homes.data === cli.homes.data) return null;
  const found = cli.ports.readSocketFile(homes);
  const file = found.kind === 'text' ? parseSocketFile(found.text) : null;
  return file !== null && cli.ports.isAlive(file.pid) ? around : null;
}
