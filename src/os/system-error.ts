/** Thrown when the system cannot be asked about processes, for want of a descriptor or of a process to run `ps`. */
export class CannotAsk extends Error {
  override readonly name = 'CannotAsk';
}

/** True for a refusal by the world, such as a full disk; false for a mistake of ours. */
export function isRefusal(error: unknown): error is Error & { readonly code?: string } {
  return error instanceof CannotAsk || (typeof error === 'object' && error !== null && 'syscall' in error);
}
