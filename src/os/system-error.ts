/**
 * Thrown when the system cannot be asked about processes, for want of a descriptor or of a process to run
 * `ps`.
 */
export class CannotAsk extends Error {
  override readonly name = 'CannotAsk';
}

/** Thrown where the answer is under way and nobody waits for it: asked a moment later it is there. */
export class NotKnownYet extends CannotAsk {
  constructor() {
    super('the system has been asked and has not answered yet');
  }
}

/** True for a refusal by the world, such as a full disk; false for a mistake of ours. */
export function isRefusal(error: unknown): error is Error & { readonly code?: string } {
  return error instanceof CannotAsk || (typeof error === 'object' && error !== null && 'syscall' in error);
}

/**
 * What the system answers, or the given word where it cannot be asked: what is not known just now, for want
 * of a descriptor, is not thereby dead.
 */
export function asked<T>(otherwise: T, ask: () => T): T {
  try {
    return ask();
  } catch (error) {
    if (error instanceof CannotAsk) return otherwise;
    throw error;
  }
}
