import type { TriggerRequest } from '../../wire/messages.ts';
import type { Cli, Option } from '../cli.ts';

export const REPLACE: Option = {
  type: 'boolean',
  about: 'Let a config from another place replace the one in force, and remove its jobs',
};

/**
 * Options of a trigger besides its config. Fields that an older daemon does not know are sent only where they
 * matter.
 */
export function triggerOptions(args: Cli['args']): Omit<TriggerRequest, 'configDir'> {
  const jobs = args.words('jobs');
  return {
    allowEmpty: args.flag('allow-empty'),
    ...(jobs.length > 0 && { jobs }),
    ...(args.flag('replace') && { replace: true }),
  };
}
