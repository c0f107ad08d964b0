/**
 * Thrown when the system cannot be asked about processes, because no descriptor or no process for `ps` is
 * left.
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
 * Asks the system. `otherwise` stands in if the system cannot be asked, for example because no descriptor is
 * left: a process that cannot be looked up at the moment is not necessarily dead.
 */
export function asked<T>(otherwise: T, ask: () => T): T {
  try {
    return ask();
  } catch (error) {
    if (error instanceof CannotAsk) return otherwise;
    throw error;
  }
}
