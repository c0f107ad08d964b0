import { opendirSync } from 'node:fs';

/**
 * True for a folder that macOS keeps from programs without their user's permission: it lets them look at it,
 * but not into it.
 */
export function isProtectedFolder(path: string, platform: NodeJS.Platform = process.platform): boolean {
  if (platform !== 'darwin') return false;
  try {
    opendirSync(path).closeSync();
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
