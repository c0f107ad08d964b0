/** How a child ended, in words. */
export function exitInWords({
  code,
  signal,
}: {
  readonly code: number | null;
  readonly signal: string | null;
}): string {
  if (signal !== null) return `ended by ${signal}`;
  // Only its parent learns the exit code.
  return code === null
    ? 'exited while no daemon was running; its exit code is unknown'
    : `exited with ${code}`;
}

/** How something ended, as the rest of a sentence about it: `was ended by SIGKILL`, `exited with 1`. */
export const asPredicate = (detail: string): string =>
  detail.startsWith('ended by ') ? `was ${detail}` : detail;
