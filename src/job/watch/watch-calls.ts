import { watch, type FSWatcher } from 'node:fs';
import * as files from 'node:fs/promises';
import type { Clock } from '../../host/clock.ts';
import { realClock } from '../../host/real-clock.ts';

/** Watches one folder, as `watch` of Node does. */
export type OpenWatch = (folder: string, on: (type: string, name: string | null) => void) => FSWatcher;

/** The calls by which files are watched: those of Node, or of a simulated disk. */
export interface WatchCalls extends Pick<
  typeof files,
  'lstat' | 'opendir' | 'readdir' | 'readlink' | 'realpath' | 'stat'
> {
  readonly watch: OpenWatch;
  readonly clock: Clock;
}

/** The disk and the clock of this machine. */
export const realWatchCalls: WatchCalls = { ...files, watch, clock: realClock };
