/** How a child ended, in words. */
export function exitInWords({
  code,
  signal,
}: {
  readonly code: number | null;
  readonly signal: string | null;
}): string {
  if (signal !== null) return `ended by ${signal}`;
  // While no daemon ran, or later: only a parent is told how its child ended.
  return code === null
    ? 'ended after the daemon that had started it, so nobody saw how'
    : `exited with ${code}`;
}
