import { realpathSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, isAbsolute } from 'node:path';
import { environmentFor, type Homes } from '../../homes.ts';
import type { Entry, SeenPrograms } from './facts.ts';
import { findProgram, isProgram, recordedPath } from './recorded-path.ts';
import type { Run } from './tools.ts';
import type { Trouble } from './troubles.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** What the daemon and its jobs would miss that a service manager does not give, or gives otherwise. */
const KEPT = /^(LANG|LC_[A-Z]+|TZ|XDG_(CONFIG|DATA|STATE|CACHE)_HOME|OVERSEER_CONFIG|OVERSEER_DATA)$/;

export interface Wanted {
  readonly homes: Homes;
  readonly env: Env;
  readonly running: SeenPrograms;
  /** The PATH that the user asks for in place of that of the shell. */
  readonly path: string | null;
  readonly platform: NodeJS.Platform;
  readonly run: Run;
}

/** The entry for the shell in which this is called. */
export function newEntry(wanted: Wanted): Entry {
  const { running, path } = wanted;
  const variables = variablesOf(wanted);
  const entry = (given: string): Entry => ({
    program: programIn(given, running.program),
    seen: running,
    path: given,
    variables,
  });
  if (path !== null) return entry(expanded(path, wanted.homes.home));
  const recorded = recordedPath(wanted.env['PATH'] ?? '');
  return entry(
    runsThisNode(recorded, wanted) ? recorded : recordedPath(`${dirname(running.node)}:${recorded}`),
  );
}

/** A link in the PATH outlives the version that it leads to. */
function programIn(path: string, program: string): string {
  const found = findProgram('overseerd', path);
  return found !== null && realpathSync(found) === program ? found : program;
}

/** A shim of a version manager is as good as the program itself, so it is asked which Node it runs. */
export function runsThisNode(path: string, { running, homes, run }: Wanted): boolean {
  const found = findProgram('node', path);
  if (found === null) return false;
  if (realpathSync(found) === running.node) return true;
  const { code, stdout } = run(found, ['-p', 'process.execPath'], { PATH: path, HOME: homes.home });
  return code === 0 && stdout.trim() === running.node;
}

function variablesOf({ homes, env, platform }: Wanted): Readonly<Record<string, string>> {
  const kept = Object.entries(environmentFor(homes, env)).filter(
    (each): each is [string, string] => KEPT.test(each[0]) && (each[1] ?? '') !== '',
  );
  // launchd gives none, and Python, Ruby and Perl then take every letter for ASCII.
  const language = platform === 'darwin' && (env['LANG'] ?? '') === '' ? { LANG: 'en_US.UTF-8' } : {};
  const own = homes.home === userInfo().homedir ? {} : { HOME: homes.home };
  return { ...language, ...Object.fromEntries(kept), ...own };
}

const expanded = (path: string, home: string): string =>
  path
    .split(':')
    .map((folder) => folder.replace(/^(?:~|\$HOME|\$\{HOME\})(?=\/|$)/, () => home))
    .join(':');

/** What is wrong with an entry, found by running what it would run; else the version that it runs. */
export function tryEntry(
  { program, path, variables, seen }: Entry,
  home: string,
  run: Run,
): { readonly version: string } | Trouble {
  const odd = path.split(':').find((folder) => !isAbsolute(folder));
  if (odd !== undefined) return { code: 'odd-path', part: odd };
  const unwritable = Object.entries({ program, PATH: path, ...variables }).find(([, value]) =>
    // oxlint-disable-next-line no-control-regex -- neither format has a way to write them
    /[\u0000-\u001f\u007f]/.test(value),
  );
  if (unwritable !== undefined) return { code: 'cannot-be-written', name: unwritable[0] };
  if (!isProgram(program)) return { code: 'program-gone', program };
  if (findProgram('node', path) === null) return { code: 'no-node', path, node: seen.node };
  const { code, stdout, stderr } = run(program, ['--version'], { HOME: home, ...variables, PATH: path });
  if (code === 0) return { version: stdout.trim() };
  return {
    code: 'program-fails',
    detail: stderr === '' ? `exit code ${code}` : (stderr.split('\n')[0] ?? ''),
  };
}
