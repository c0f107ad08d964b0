const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** The longest time that a timer of the runtime takes, in milliseconds: 24 days. */
export const MAX_DURATION_MS = 2 ** 31 - 1;

/** `10m`, `1h30m` or `90 s` in milliseconds; null when it is not written like that. */
export function durationMs(text: string): number | null {
  if (!/^(?:\d+(?:\.\d+)?\s*(?:ms|[smhd])\s*)+$/.test(text)) return null;
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)\s*(ms|[smhd])/g)];
  return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (UNIT_MS[unit ?? ''] ?? 0), 0);
}
