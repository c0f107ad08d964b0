import { readFileSync, readdirSync } from 'node:fs';

/** Higher descriptors are not closed: a child's list of descriptors needs a length. */
const HIGHEST = 65_535;
const CLOSE_ON_EXEC = 0o2000000;

/**
 * The descriptors above 2 that a child of this process would inherit. Our own are close-on-exec; those of the
 * process that started us may not be.
 */
export function inheritableDescriptors(): readonly number[] {
  // There a child gets none but those that it is given.
  if (process.platform === 'darwin') return [];
  return readdirSync('/dev/fd')
    .map(Number)
    .filter((fd) => fd > 2 && fd <= HIGHEST && isInheritable(fd));
}

function isInheritable(fd: number): boolean {
  try {
    const flags = /^flags:\s*([0-7]+)$/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8'))?.[1];
    return (Number.parseInt(flags ?? '0', 8) & CLOSE_ON_EXEC) === 0;
  } catch {
    // The one by which the folder itself was read is closed by now.
    return false;
  }
}
