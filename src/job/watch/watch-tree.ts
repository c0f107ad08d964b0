import { watch, type FSWatcher } from 'chokidar';
import { realpathSync } from 'node:fs';
import type { WatchEvents, WatchRequest } from '../ports.ts';
import { watchedPaths, type WatchedPaths } from './watched-paths.ts';

/** How many files and folders one job may watch: each takes one of the system's few watches. */
const MAX_WATCHED = 5_000;

/** Watches every file that the globs mean, now and later. */
export function watchTree({ cwd, globs }: WatchRequest, on: WatchEvents): FSWatcher {
  const paths = watchedPaths({ cwd: resolved(cwd), globs });
  const failed = once(on.failed);
  let isComplete = false;
  const watcher = watch([...paths.roots], {
    ignoreInitial: true,
    followSymlinks: false,
    ignorePermissionErrors: true,
    ignored: leavingOut(paths, failed),
  });
  // Links are announced even if they were there before.
  watcher.on('ready', () => (isComplete = true));
  watcher.on('all', (_, path) => {
    if (isComplete && paths.isMatch(path)) on.changed(path);
  });
  watcher.on('error', (error) => failed(error instanceof Error ? error.message : String(error)));
  return watcher;
}

/** Asked for each path, first without `stats`, when it is not known yet whether it is a folder. */
function leavingOut(
  paths: WatchedPaths,
  failed: (detail: string) => void,
): (path: string, stats?: { isDirectory(): boolean }) => boolean {
  const watched = new Set<string>();
  return (path, stats) => {
    if (stats === undefined) return !paths.mayHold(path) && !paths.isMatch(path);
    if (!(stats.isDirectory() ? paths.mayHold(path) : paths.isMatch(path))) return true;
    if (watched.has(path)) return false;
    if (watched.size >= MAX_WATCHED) {
      failed(`more than ${MAX_WATCHED} files and folders match, and those beyond are not watched`);
      return true;
    }
    watched.add(path);
    return false;
  };
}

/** One complaint says it all: each file of thousands may fail in the same way. */
function once(tell: (detail: string) => void): (detail: string) => void {
  let isTold = false;
  return (detail) => {
    if (!isTold) tell(detail);
    isTold = true;
  };
}

/** A link is followed as far as the folder in which the globs begin. */
function resolved(folder: string): string {
  try {
    return realpathSync(folder);
  } catch (error) {
    if (typeof (error as NodeJS.ErrnoException).code === 'string') return folder;
    throw error;
  }
}
