import fc from 'fast-check';
import { durationMs } from '../../../../src/config/values/duration.ts';
import { duration } from '../../../../src/text/duration.ts';

const SECONDS = { d: 86_400, h: 3_600, m: 60, s: 1 } as const;

test('a time in several units is the sum of them, with and without spaces', () => {
  const part = fc.tuple(fc.integer({ min: 0, max: 999 }), fc.constantFrom('d', 'h', 'm', 's'));
  fc.assert(
    fc.property(
      fc.array(part, { minLength: 1, maxLength: 5 }),
      fc.constantFrom('', ' ', '  '),
      (parts, gap) => {
        const text = parts.map(([amount, unit]) => `${amount}${gap}${unit}`).join(gap);
        const seconds = parts.reduce((sum, [amount, unit]) => sum + amount * SECONDS[unit], 0);
        expect([text, durationMs(text)]).toEqual([text, seconds * 1_000]);
      },
    ),
  );
});

test('a duration as it is shown reads back as that duration, rounded down to its second unit', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1_000, max: 2 ** 31 - 1 }), (ms) => {
      const text = duration(ms);
      const shown = durationMs(text) ?? Number.NaN;
      const [large] = /[dhms]/.exec(text) as unknown as [keyof typeof SECONDS];
      const step = { d: SECONDS.h, h: SECONDS.m, m: SECONDS.s, s: SECONDS.s }[large] * 1_000;
      expect(shown).toBe(Math.floor(ms / step) * step);
    }),
  );
});

test.each([
  ['1.5s', 1_500],
  ['250ms', 250],
  ['1h30m', 5_400_000],
  ['90 s', 90_000],
  ['0s', 0],
  ['', null],
  ['10', null],
  ['s', null],
  ['1.s', null],
  ['.5s', null],
  ['-1s', null],
  ['1w', null],
  ['1S', null],
  ['1s x', null],
  [' 1s', null],
])('%j is %j milliseconds', (text, ms) => {
  expect(durationMs(text)).toBe(ms);
});
