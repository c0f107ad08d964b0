import { readdirSync, readlinkSync } from 'node:fs';

/** What the descriptors of this process lead to, by their numbers. Nothing where the system does not tell. */
export function openFiles(): readonly string[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc/self/fd')
    .map((fd) => {
      try {
        return `${fd} ${readlinkSync(`/proc/self/fd/${fd}`)}`;
      } catch {
        // The one by which the folder itself was read.
        return null;
      }
    })
    .filter((each) => each !== null)
    .toSorted();
}
