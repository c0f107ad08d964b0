import { closeSync, constants } from 'node:fs';
import { lockFile, openLockFile, type TakeLock } from './lock-file.ts';
import type { LockResult } from '../os.ts';
import type { RunTool } from '../run-tool.ts';

const FLOCK_BUSY = 1;

/**
 * Node has no flock(2), but the lock belongs to the open file that the program `flock` shares with us: it
 * takes the lock and ends, we keep it, and the kernel frees it when we die.
 */
export function lockWithFlock(path: string, run: RunTool): LockResult {
  return lockFile(path, (file) => take(file, run));
}

function take(path: string, run: RunTool): ReturnType<TakeLock> {
  const opened = openLockFile(path, constants.O_RDWR | constants.O_CREAT);
  if ('error' in opened) return opened;
  const { fd } = opened;
  const { code, complaint, missing } = run('flock', ['-n', '-x', '3'], fd);
  if (code === 0) return { fd };
  closeSync(fd);
  if (code === FLOCK_BUSY) return { busy: `${path} is locked by another process` };
  if (missing)
    return {
      error: `cannot lock ${path}: the program \`flock\` is not installed (it is part of util-linux)`,
    };
  return { error: `cannot lock ${path}: ${complaint || `flock ended with code ${code}`}` };
}
