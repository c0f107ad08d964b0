import { existsSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

const PLACES = ['dash', 'bash', 'zsh', 'busybox', 'mksh', 'ksh'].flatMap((name) => [
  `/bin/${name}`,
  `/usr/bin/${name}`,
]);

/**
 * Shells that are /bin/sh somewhere, as far as this machine has them: dash on Debian, bash on Fedora and
 * macOS, busybox on Alpine.
 */
export const SHELLS: readonly string[] = [
  ...new Map(
    PLACES.filter((path) => existsSync(path)).map((path) => [path.split('/').at(-1), path]),
  ).values(),
];

/** A shell tells by its name that it is to be sh: bash and zsh go into POSIX mode then. */
export function asSh(shell: string, folder: string): string {
  const path = join(folder, 'sh');
  if (!existsSync(path)) symlinkSync(shell, path);
  return path;
}
