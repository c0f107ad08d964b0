import { readdirSync, readlinkSync } from 'node:fs';

/** The files at or below a path that this process has open. None where the system does not tell. */
export function openBelow(path: string): readonly string[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc/self/fd')
    .map((fd) => {
      try {
        return readlinkSync(`/proc/self/fd/${fd}`);
      } catch {
        // The one by which the folder itself was read.
        return '';
      }
    })
    .filter((each) => each === path || each.startsWith(`${path}/`));
}
