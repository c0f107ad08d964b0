/** The wait before a restart in words, to a tenth of a second; what rounds to nothing is no wait. */
export function nextStartInWords(inMs: number): string {
  const seconds = (inMs / 1000).toFixed(1);
  return seconds === '0.0' ? 'next start at once' : `next start in ${seconds} s`;
}
