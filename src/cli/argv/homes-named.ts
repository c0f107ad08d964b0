import { namedFolder, projectIn, type Homes } from '../../homes.ts';
import type { NamedProject } from '../../project.ts';
import type { Args } from './args.ts';
import type { Command } from '../cli.ts';

export type NamedHomes =
  | { readonly ok: true; readonly homes: Homes; readonly project: NamedProject | null }
  | { readonly ok: false; readonly wrong: string };

/** The config and data folder that the options and OVERSEER_PROJECT name instead of the usual ones. */
export async function homesNamed(
  args: Args,
  { makesProject }: Pick<Command, 'makesProject'>,
  { env, homes: usual }: { readonly env: Parameters<typeof projectIn>[0]; readonly homes: Homes },
): Promise<NamedHomes> {
  const config = args.text('config');
  const data = args.text('data');
  const option = args.text('project');
  if (config === '' || data === '') return { ok: false, wrong: '--config and --data want a folder' };
  if (option === '') return { ok: false, wrong: '--project wants a folder after its =, or none and no =' };
  if (option !== null && config !== null)
    return { ok: false, wrong: '--project and --config both name a config: leave one of them out' };
  const within = { ...usual, ...(data !== null && { data: namedFolder(data, usual.home) }) };
  const path = option ?? projectIn(env);
  const own = config === null ? null : { config: namedFolder(config, usual.home) };
  if (path === null) return { ok: true, homes: { ...within, ...own }, project: null };
  // Only what names a project needs to know how they are found.
  const { newProjectAt, projectAt } = await import('../../project.ts');
  const find = makesProject === true ? newProjectAt : projectAt;
  const project = find(namedFolder(path, usual.home), within);
  const by = option === null ? 'OVERSEER_PROJECT' : '--project';
  return { ok: true, homes: { ...project.homes, ...own }, project: { ...project, by } };
}
