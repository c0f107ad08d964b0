import fc from 'fast-check';
import stringWidth from 'string-width';
import { displayWidth, fit, fitInside, headOf, pad } from '../../../src/text/display-width.ts';

/** Fillers and marks of which terminals think differently, and of a flag one half. */
const DISPUTED = /[\u00ad\u115f\u1160\u3164\uffa0]|[\u{1f1e6}-\u{1f1ff}]/u;
const UNSHOWN = /[\p{Cc}\p{Cn}\p{Co}\p{Cs}]/u;

test('each character takes the columns that another library gives it', () => {
  const wrong: string[] = [];
  for (let code = 0x20; code < 0x30000; code += 1) {
    const text = String.fromCodePoint(code);
    if (UNSHOWN.test(text) || DISPUTED.test(text)) continue;
    const [ours, theirs] = [displayWidth(text), stringWidth(text)];
    if (ours !== theirs) wrong.push(`U+${code.toString(16)}: ${ours}, not ${theirs}`);
  }
  expect(wrong).toEqual([]);
});

const text = fc.string({ unit: 'grapheme' }).filter((each) => !DISPUTED.test(each));

test('each text takes the columns that another library gives it', () => {
  fc.assert(
    fc.property(text, (each) => expect([each, displayWidth(each)]).toEqual([each, stringWidth(each)])),
  );
});

test('a text that is cut takes no more columns than it may, and one that fits is left alone', () => {
  fc.assert(
    fc.property(text, fc.integer({ min: 0, max: 20 }), (each, columns) => {
      for (const cut of [fit(each, columns), fitInside(each, columns), headOf(each, columns)])
        expect(displayWidth(cut)).toBeLessThanOrEqual(columns);
      if (displayWidth(each) > columns) return;
      expect([fit(each, columns), fitInside(each, columns)]).toEqual([each, each]);
      expect(displayWidth(pad(each, columns))).toBe(columns);
    }),
  );
});
