import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { instancesOf } from '../../plan/instances.ts';
import type { Cli } from '../cli.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { printable } from '../render/printable.ts';
import { renderProblems } from '../render/trouble.ts';
import { attach } from './attached.ts';
import { Foreground } from './foreground.ts';
import { privateHomes } from './private-homes.ts';

/** What a project calls its own config. */
const PROJECT_FILE = 'overseer.toml';

/** Runs the jobs of the file that is named, or of the one in the folder that is. */
export async function runProject(cli: Cli, named: string): Promise<ExitCode> {
  const file = projectFile(named);
  if (file.kind === 'missing')
    return say(cli, `there is no ${file.path}; \`overseer init --config ${join(file.path, '..')}\` writes one`, EXIT.config);
  const homes = privateHomes(cli.homes, file.path);
  const { checkConfig } = await import('../offline.ts');
  const reading = checkConfig(homes, []);
  if (!reading.ok) {
    await cli.err.write(renderProblems(reading.problems));
    return EXIT.config;
  }
  const names = instancesOf(reading.config).map(({ name }) => name);
  if (names.length === 0) return say(cli, `there is no job in ${file.path}`, EXIT.config);
  const trouble = cli.ports.prepareData(cli.homes, true) ?? cli.ports.prepareData(homes, true);
  if (trouble !== null) return say(cli, trouble, EXIT.failed);
  const attaching = await attach(cli.ports, homes);
  if (attaching.ok) return new Foreground(cli, { homes, daemon: attaching.daemon, names }).run();
  return say(cli, attaching.isBusy ? `another \`overseer run ${file.path}\` is under way` : attaching.detail, EXIT.failed);
}

function projectFile(named: string): { readonly kind: 'file' | 'missing'; readonly path: string } {
  const path = resolve(named);
  const found = statSync(path, { throwIfNoEntry: false });
  if (found !== undefined && !found.isDirectory()) return { kind: 'file', path };
  const within = found === undefined ? path : join(path, PROJECT_FILE);
  return { kind: statSync(within, { throwIfNoEntry: false }) === undefined ? 'missing' : 'file', path: within };
}

async function say({ err }: Cli, message: string, code: ExitCode): Promise<ExitCode> {
  await err.write(`overseer: ${message.split('\n').map(printable).join('\n')}\n`);
  return code;
}
