import { isMissing, namedConfig } from '../../homes.ts';
import type { Cli } from '../cli.ts';
import { EXIT } from '../exit-codes.ts';
import type { Failure } from '../fail.ts';

/** The problem when an explicitly named config does not exist. The default folder may be missing. */
export function missingConfig({
  args,
  env,
  homes,
  project,
}: Pick<Cli, 'args' | 'env' | 'homes' | 'project'>): Failure | null {
  const by = args.text('config') === null ? (project?.by ?? namedConfig(env)) : '--config';
  if (by === null || args.flag('allow-empty') || !isMissing(homes.config)) return null;
  return { code: 'no-config', message: `there is no ${homes.config}, which ${by} names`, exit: EXIT.config };
}
