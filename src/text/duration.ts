const UNITS = [
  { letter: 'd', ms: 86_400_000 },
  { letter: 'h', ms: 3_600_000 },
  { letter: 'm', ms: 60_000 },
  { letter: 's', ms: 1_000 },
] as const;

/** `45s`, `3m 12s`, `2d 4h`: the two largest units. */
export function duration(ms: number): string {
  const first = UNITS.findIndex((unit) => ms >= unit.ms);
  const large = UNITS[first];
  if (large === undefined) return '0s';
  const small = UNITS[first + 1];
  const rest = small === undefined ? 0 : Math.floor((ms % large.ms) / small.ms);
  const text = `${Math.floor(ms / large.ms)}${large.letter}`;
  return small === undefined || rest === 0 ? text : `${text} ${rest}${small.letter}`;
}
