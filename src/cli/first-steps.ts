import { printable } from '../text/printable.ts';
import type { Cli } from './cli.ts';
import { callFor } from './same-folders.ts';

/** Suggests the first steps when there is no config at all; else empty. */
export function firstSteps(cli: Pick<Cli, 'args' | 'homes' | 'ports'>): string {
  const { config } = cli.homes;
  return cli.ports.hasConfig(cli.homes)
    ? ''
    : `There is no config in ${printable(config)} yet: \`${callFor(cli, 'init')}\` writes a first one.\n`;
}
