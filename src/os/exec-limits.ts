import { readLimit } from './read-limit.ts';

export interface ExecLimits {
  /** Bytes of one argument or variable, with the NUL that ends it. */
  readonly each: number;
  /** Bytes of all of them together, with a pointer to each. */
  readonly all: number;
}

const KIB = 1_024;
const MIB = KIB * KIB;

let limits: ExecLimits | null = null;

/**
 * The size limits for arguments and environment. Linux allows a quarter of the stack; macOS has a fixed
 * limit.
 */
export function execLimits(): ExecLimits {
  limits ??= process.platform === 'linux' ? linuxLimits() : { each: MIB, all: MIB };
  return limits;
}

function linuxLimits(): ExecLimits {
  const stack = readLimit('self', 'Max stack size') ?? Infinity;
  return { each: 128 * KIB, all: Math.max(128 * KIB, Math.min(stack / 4, 6 * MIB)) };
}
