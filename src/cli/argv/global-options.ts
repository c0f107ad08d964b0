import { namedFolder, type Homes } from '../../homes.ts';
import type { Args } from './args.ts';
import type { Option } from '../cli.ts';

/** Options of every command. */
export const GLOBAL_OPTIONS: Readonly<Record<string, Option>> = {
  json: { type: 'boolean', about: 'Print the facts as JSON' },
  'no-color': { type: 'boolean', about: 'Never print in colour' },
  config: {
    type: 'string',
    about: 'Another config folder, as OVERSEER_CONFIG',
    stands: 'FOLDER',
    values: 'folder',
  },
  data: {
    type: 'string',
    about: 'Another data folder, so another daemon, as OVERSEER_DATA',
    stands: 'FOLDER',
    values: 'folder',
  },
  help: { type: 'boolean', about: 'Show this help', alias: 'h' },
  version: { type: 'boolean', about: 'Show the version', alias: 'V' },
};

/** The folders that the options name in place of the usual ones; null where one is named by nothing. */
export function homesNamed(args: Args, usual: Homes): Homes | null {
  const config = args.text('config');
  const data = args.text('data');
  if (config === '' || data === '') return null;
  return {
    ...usual,
    ...(config !== null && { config: namedFolder(config, usual.home) }),
    ...(data !== null && { data: namedFolder(data, usual.home) }),
  };
}
