import { realpathSync, statSync, watch, type FSWatcher } from 'node:fs';
import { basename, dirname } from 'node:path';
import { dataFolder } from '../../data-folder.ts';

const STICKY = 0o1000;

/** After this many events a busy folder is not watched until the next check. */
const MOST_EVENTS = 20;

export interface WatchedHomeOptions {
  readonly data: string;
  /** The home folder of the user, in which too much happens. */
  readonly home: string;
}

/**
 * Watches the data folder and the folders on its path that belong to this user, for whatever may take the
 * socket file, the lock or the folder itself away. Null where the system refuses one of the watches.
 */
export function watchHome(
  { data, home }: WatchedHomeOptions,
  onChange: () => void,
): { readonly end: () => void } | null {
  const watchers: FSWatcher[] = [];
  const end = (): void => watchers.forEach((watcher) => watcher.close());
  try {
    const folders = new Set([data, realpathSync(data)].flatMap((path) => ownFolders(path, home)));
    const { lock, socket } = dataFolder(data);
    // The system reports what happens to a folder itself under the folder's own name.
    const names = new Set([lock, socket, ...folders].map((path) => basename(path)));
    for (const folder of folders) {
      let events = 0;
      const watcher = watch(folder, { persistent: false }, (_, name) => {
        events += 1;
        if (events === MOST_EVENTS) watcher.close();
        if (name === null || names.has(name) || events === MOST_EVENTS) onChange();
      });
      watchers.push(watcher.on('error', onChange));
    }
    return { end };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    end();
    return null;
  }
}

/** This folder, and those above it that belong to this user alone, below the home folder. */
function ownFolders(data: string, home: string): readonly string[] {
  const folders = [data];
  for (let path = dirname(data); path !== home && path !== '/'; path = dirname(path)) {
    const { mode, uid } = statSync(path);
    if (uid !== process.getuid?.() || (mode & STICKY) !== 0) break;
    folders.push(path);
  }
  return folders;
}
