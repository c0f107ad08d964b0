/** From one unit of a size to the next. */
type Step = 1000 | 1024;

const UNITS: Readonly<Record<Step, readonly string[]>> = {
  1000: ['B', 'kB', 'MB', 'GB', 'TB'],
  1024: ['B', 'KiB', 'MiB', 'GiB', 'TiB'],
};

/** The units in which somebody probably wrote a size: 300 MB is no round number of MiB. */
export function stepOf(bytes: number): Step {
  return bytes % (bytes < 1e6 ? 1e3 : 1e6) === 0 ? 1000 : 1024;
}

/** `512 MiB`, `1.25 GB`: at most two decimals, and none that say nothing. */
export function sizeText(bytes: number, step: Step): string {
  const units = UNITS[step];
  let size = bytes;
  let unit = 0;
  // 999.96 kB would be rounded to 1000 kB.
  for (; size >= step - 0.05 && unit < units.length - 1; unit += 1) size /= step;
  return `${Number(size.toFixed(size < 10 ? 2 : 1))} ${units[unit]}`;
}
