import { statSync } from 'node:fs';
import { join } from 'node:path';
import { namedFolder, PROJECT_FILE, resolveHere, type Homes } from '../../homes.ts';
import { projectAt, type Project } from '../../project.ts';
import type { Cli } from '../cli.ts';

export type ProjectAndJobs =
  | { readonly ok: true; readonly project: Project; readonly jobs: readonly string[] }
  | { readonly ok: false; readonly wrong: string };

/** Which project `run` is about, and which of its jobs: a word that is a path names the project. */
export function projectAndJobs(cli: Cli, isJob: (project: Project, word: string) => boolean): ProjectAndJobs {
  const words = cli.args.words('jobs');
  if (words.includes('-')) return { ok: false, wrong: '- is no file: standard input is not read' };
  const paths = words.filter(isPath);
  const [path = cli.args.text('config') ?? undefined] = paths;
  const jobs = words.filter((word) => !isPath(word));
  if (paths.length > 1) return { ok: false, wrong: `${paths.join(' and ')} are two projects: name one` };
  if (path !== undefined && cli.args.text('project') !== null)
    return { ok: false, wrong: `--project and ${path} both name a project: leave one of them out` };
  if (path !== undefined) return { ok: true, project: named(cli, path), jobs };
  const here = cli.project ?? projectAt(resolveHere('.'), usualOf(cli));
  const [first, ...rest] = jobs;
  // The name of a folder that is a project, as in `run shop`, unless a job here has it.
  if (first !== undefined && isProjectFolder(first) && !(here.isThere && isJob(here, first)))
    return { ok: true, project: named(cli, first), jobs: rest };
  return { ok: true, project: here, jobs };
}

/** No job has such a name. */
const isPath = (word: string): boolean => /\//.test(word) || /^\.\.?$|\.toml$/.test(word);

const named = (cli: Cli, path: string): Project => projectAt(namedFolder(path, cli.usual.home), usualOf(cli));

/** The folder around the data folders of projects: that of `--data`, where one is named. */
function usualOf({ homes, project, usual }: Cli): Homes {
  return { ...usual, data: project === null ? homes.data : (homes.around ?? usual.data) };
}

function isProjectFolder(word: string): boolean {
  try {
    return statSync(join(resolveHere(word), PROJECT_FILE), { throwIfNoEntry: false })?.isFile() ?? false;
  } catch {
    return false;
  }
}
