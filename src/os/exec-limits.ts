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
  limits ??= execLimitsOn(process.platform, readLimit('self', 'Max stack size') ?? Infinity);
  return limits;
}

/** The limits of a platform, for a process whose stack may have this many bytes. */
export function execLimitsOn(platform: NodeJS.Platform, stack: number): ExecLimits {
  if (platform !== 'linux') return { each: MIB, all: MIB };
  return { each: 128 * KIB, all: Math.max(128 * KIB, Math.min(stack / 4, 6 * MIB)) };
}
