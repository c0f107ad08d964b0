import { dataFolder } from '../../data-folder.ts';
import { createHash } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import type { Homes } from '../../homes.ts';

/** The folders of a config that is run by itself: a data folder of its own within the usual one, the same each time. */
export function privateHomes(homes: Homes, file: string): Homes {
  const mark = createHash('sha256').update(file).digest('hex').slice(0, 8);
  const name = basename(dirname(file)).replaceAll(/[^\w.-]/g, '_');
  return { ...homes, config: file, data: join(dataFolder(homes.data).runs, `${name}-${mark}`) };
}
