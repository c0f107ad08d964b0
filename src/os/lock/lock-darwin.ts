import { constants } from 'node:fs';
import { lockFile, openLockFile, type TakeLock } from './lock-file.ts';
import type { LockResult } from '../os.ts';

/** open(2) on macOS; Node passes it through but does not name it. */
const O_EXLOCK = 0x20;

/** Opens a file with the flags given, as `openLockFile` does; a test on Linux gives its own. */
export type OpenLocked = typeof openLockFile;

/** macOS takes the lock while it opens the file, and frees it when the process dies. */
export function lockWithOpen(path: string, open: OpenLocked = openLockFile): LockResult {
  return lockFile(path, (file) => take(file, open));
}

function take(path: string, open: OpenLocked): ReturnType<TakeLock> {
  const flags = constants.O_RDWR | constants.O_CREAT | constants.O_NONBLOCK | O_EXLOCK;
  const opened = open(path, flags);
  if ('fd' in opened) return opened;
  // EAGAIN is EWOULDBLOCK there.
  return opened.code === 'EAGAIN' ? { busy: `${path} is locked by another process` } : opened;
}
