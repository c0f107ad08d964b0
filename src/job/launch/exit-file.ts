import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import type { ChildExit } from '../ports.ts';

/** What a shell that stayed wrote of its program's end. */
export function recordedExit(exitFile: string): ChildExit | null {
  try {
    const code = Number.parseInt(readFileSync(exitFile, 'utf8'), 10);
    return Number.isInteger(code) ? exitOfShell(code) : null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** A shell says 128 and the number of the signal that ended its program. */
export function exitOfShell(code: number): ChildExit {
  const signal = Object.entries(constants.signals).find(([, number]) => number === code - 128)?.[0];
  return signal === undefined ? { code, signal: null } : { code: null, signal };
}
