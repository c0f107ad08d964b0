import { darwinOs } from './darwin/darwin.ts';
import { linuxOs } from './linux/linux.ts';
import type { Os } from './os.ts';

let known: Os | null = null;

/**
 * The system that this process runs on. Throws on any other than Linux and macOS, which `package.json`
 * excludes.
 */
export function thisOs(): Os {
  known ??= osOf(process.platform);
  return known;
}

/** The same for another system, by its name in Node. */
export function osOf(platform: NodeJS.Platform): Os {
  if (platform === 'linux') return linuxOs();
  if (platform === 'darwin') return darwinOs();
  throw new Error(`overseer runs on Linux and macOS, not on ${platform}`);
}
