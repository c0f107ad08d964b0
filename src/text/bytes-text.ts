const UNITS = ['B', 'K', 'M', 'G', 'T'];

/** `512B`, `1.5K`, `230M`: three digits at most, in powers of 1024. */
export function bytesText(bytes: number): string {
  let size = bytes;
  let unit = 0;
  for (; size >= 999.5 && unit < UNITS.length - 1; unit += 1) size /= 1024;
  return `${size < 9.95 && unit > 0 ? size.toFixed(1) : size.toFixed(0)}${UNITS[unit]}`;
}
