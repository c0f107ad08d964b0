import { mkdirSync, lstatSync } from 'node:fs';
import { dirname } from 'node:path';
import type { LaunchRequest } from '../ports.ts';
import type { LogWriters } from './log-writers.ts';
import { openJobLog } from '../../files/open-log-file.ts';
import { rotateByRename } from './rotate-log.ts';

/** Opens what a new run writes both its outputs to, after rotating the log where it is due. Throws what the disk says. */
export function openOutputs({ path, policy }: LaunchRequest['log'], writers: LogWriters | null): number {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  // Nobody holds it open now, so this rotation is exact and free.
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (policy.rotate !== 'off' && found?.isFile() === true && found.size > policy.maxBytes)
    rotateByRename(path, policy.keep);
  return writers === null ? openJobLog(path) : writers.open(path);
}
