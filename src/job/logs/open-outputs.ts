import { dirname } from 'node:path';
import { type FileCalls, realDisk } from '../../files/disk.ts';
import type { LaunchRequest } from '../ports.ts';
import type { JobOutput } from './job-output.ts';
import type { LogWriters } from './log-writers.ts';
import { openJobLog } from '../../files/open-log-file.ts';
import { rotateByRename } from './rotate-log.ts';

/**
 * Opens the output of a new run, after rotating the log if it is due. Throws the error of the file system.
 */
export function openOutputs(
  { path, policy }: LaunchRequest['log'],
  writers: LogWriters | null,
  disk: FileCalls = realDisk,
): JobOutput {
  disk.mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  // Nobody has the log open now, so this rotation loses nothing and pauses nobody.
  const found = disk.lstatSync(path, { throwIfNoEntry: false });
  if (policy.rotate !== 'off' && found?.isFile() === true && found.size > policy.maxBytes)
    rotateByRename(path, policy.keep, disk);
  if (writers !== null) return writers.open(path);
  const fd = openJobLog(path, disk);
  return { fd, startWriter: () => undefined, close: () => disk.closeSync(fd) };
}
