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
  project: {
    type: 'string',
    isValueOptional: true,
    about: 'The project of this folder, or of DIR: its own overseer.toml and daemon, as OVERSEER_PROJECT',
    stands: 'DIR',
    values: 'folder',
  },
  help: { type: 'boolean', about: 'Show this help', alias: 'h' },
  version: { type: 'boolean', about: 'Show the version', alias: 'V' },
};
