import { timeNamed } from '../../../../src/cli/logs/time-named.ts';

describe('a time that somebody names', () => {
  const now = new Date(2026, 0, 31, 12, 0, 0).getTime();

  test.each([
    ['10m', now - 600_000],
    ['1h30m', now - 5_400_000],
    ['09:15', new Date(2026, 0, 31, 9, 15).getTime()],
    ['2026-01-02', new Date(2026, 0, 2).getTime()],
    ['2026-01-02T10:00', new Date(2026, 0, 2, 10).getTime()],
    ['2026-01-02 10:00:05', new Date(2026, 0, 2, 10, 0, 5).getTime()],
    ['2026-01-02T10:00Z', Date.UTC(2026, 0, 2, 10)],
    ['2026-01-02T10:00+02:00', Date.UTC(2026, 0, 2, 8)],
    ['10', null],
    ['yesterday', null],
    ['2026-13-02', null],
    ['', null],
  ])('%p', (text, expected) => {
    expect(timeNamed(text, now)).toBe(expected);
  });
});
