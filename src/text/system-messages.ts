const WORDS: Readonly<Record<string, string>> = {
  EACCES: 'permission is denied',
  EADDRINUSE: 'another program listens there',
  EDQUOT: 'the disk quota is used up',
  EEXIST: 'something of that name is there already',
  EFBIG: 'the file would be too large',
  EIO: 'the device failed',
  EISDIR: 'it is a folder',
  ELOOP: 'its links lead in a circle',
  EMFILE: 'too many files are open',
  ENAMETOOLONG: 'the name is too long',
  ENFILE: 'too many files are open on this machine',
  ENOENT: 'there is no such file',
  ENOSPC: 'no space is left on the device',
  ENOTDIR: 'a part of its path is no folder',
  EPERM: 'it is not permitted',
  EROFS: 'the file system can only be read',
};

/**
 * The error of the system in our words, without the name of the call; in the system's words where we have
 * none.
 */
export function systemWords(error: Error): string {
  return WORDS[(error as NodeJS.ErrnoException).code ?? ''] ?? error.message;
}
