/** How a child ended, in words. */
export function exitInWords({
  code,
  signal,
}: {
  readonly code: number | null;
  readonly signal: string | null;
}): string {
  if (signal !== null) return `ended by ${signal}`;
  // The child ended while no daemon ran, and only its parent learns the exit code.
  return code === null
    ? 'ended after the daemon that had started it, so nobody saw how'
    : `exited with ${code}`;
}
