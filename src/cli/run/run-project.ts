import { statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Problem } from '../../config/config.ts';
import { resolveHere } from '../../homes.ts';
import { instancesOf } from '../../plan/instances.ts';
import type { Cli } from '../cli.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { printableJson } from '../../text/printable.ts';
import { renderProblems } from '../render/problems.ts';
import { attach } from './attached.ts';
import { Foreground } from './foreground.ts';
import { privateHomes } from './private-homes.ts';

/** What a project calls its own config. */
const PROJECT_FILE = 'overseer.toml';

/** Runs the jobs of the file that is named, or of the one in the folder that is. */
export async function runProject(cli: Cli, named: string): Promise<ExitCode> {
  const file = projectFile(named);
  if (file.kind === 'missing')
    return cli.fail({ code: 'no-config', message: missingWords(file.path), exit: EXIT.config });
  const homes = privateHomes(cli.homes, file.path);
  const { checkConfig } = await import('../offline.ts');
  const reading = checkConfig(homes, []);
  if (!reading.ok) return refuseConfig(cli, reading.problems);
  const names = instancesOf(reading.config).map(({ name }) => name);
  if (names.length === 0)
    return cli.fail({ code: 'no-config', message: `there is no job in ${file.path}`, exit: EXIT.config });
  const trouble = cli.ports.prepareData(cli.homes, true) ?? cli.ports.prepareData(homes, true);
  if (trouble !== null) return cli.fail({ code: 'homes', message: trouble, exit: EXIT.failed });
  const attaching = await attach(cli.ports, homes);
  if (attaching.ok) return new Foreground(cli, { homes, daemon: attaching.daemon, names }).run();
  const message = attaching.isBusy ? `another \`overseer run ${file.path}\` is under way` : attaching.detail;
  return cli.fail({ code: attaching.isBusy ? 'busy' : 'launch', message, exit: EXIT.failed });
}

function projectFile(named: string): { readonly kind: 'file' | 'missing'; readonly path: string } {
  const path = resolveHere(named);
  const found = statSync(path, { throwIfNoEntry: false });
  if (found !== undefined && !found.isDirectory()) return { kind: 'file', path };
  const within = found === undefined ? path : join(path, PROJECT_FILE);
  return {
    kind: statSync(within, { throwIfNoEntry: false }) === undefined ? 'missing' : 'file',
    path: within,
  };
}

/** A folder that has none is given one by `init`; a file that is named and is not there is more likely misspelt. */
function missingWords(path: string): string {
  const cure =
    basename(path) === PROJECT_FILE ? `; \`overseer init --config ${dirname(path)}\` writes one` : '';
  return `there is no ${path}${cure}`;
}

async function refuseConfig(cli: Cli, problems: readonly Problem[]): Promise<ExitCode> {
  const bare = problems.map(({ file, line, column, message }) => ({ file, line, column, message }));
  if (cli.args.flag('json')) await cli.out.write(`${printableJson({ ok: false, problems: bare }, 0)}\n`);
  await cli.err.write(renderProblems(problems));
  return EXIT.config;
}
