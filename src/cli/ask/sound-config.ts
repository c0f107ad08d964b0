import type { ConfigReading } from '../../config/config.ts';
import { missingConfig } from '../argv/named-config.ts';
import type { Cli } from '../cli.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { problemCount, renderProblems } from '../render/problems.ts';

type SoundConfig = Extract<ConfigReading, { ok: true }> | { readonly ok: false; readonly code: ExitCode };

/**
 * The config for a command that only reads it, with or without a daemon. If there is none, or it has
 * problems, says so and gives the exit code; `consequence` ends that sentence.
 */
export async function soundConfig(cli: Cli, consequence = ''): Promise<SoundConfig> {
  const missing = missingConfig(cli);
  if (missing !== null) return { ok: false, code: await cli.fail(missing) };
  const { checkConfig } = await import('../offline.ts');
  const reading = checkConfig(cli.homes, []);
  if (reading.ok) return reading;
  await cli.err.write(renderProblems(reading.problems));
  const message = `the config has ${problemCount(reading.problems)}${consequence}`;
  return { ok: false, code: await cli.fail({ code: 'config', message, exit: EXIT.config }) };
}
