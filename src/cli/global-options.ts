import type { Option } from './cli.ts';

/** Options of every command. */
export const GLOBAL_OPTIONS: Readonly<Record<string, Option>> = {
  json: { type: 'boolean', about: 'Print the facts as JSON' },
  'no-color': { type: 'boolean', about: 'Never print in colour' },
  help: { type: 'boolean', about: 'Show this help', alias: 'h' },
  version: { type: 'boolean', about: 'Show the version' },
};
