import { readdirSync, statSync } from 'node:fs';
import { printable } from '../text/printable.ts';

/** What to do first, for somebody who has no config at all; nothing for everybody else. */
export function firstSteps(config: string): string {
  const place = statSync(config, { throwIfNoEntry: false });
  if (
    place !== undefined &&
    (!place.isDirectory() || readdirSync(config).some((name) => name.endsWith('.toml')))
  )
    return '';
  return `There is no config in ${printable(config)} yet: \`overseer init\` writes a first one.\n`;
}
