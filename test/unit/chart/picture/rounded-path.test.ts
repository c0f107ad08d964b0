import { widthOf } from '../../../../src/chart/picture/letter-widths.ts';
import { pathThrough, pointAt, pointText, round } from '../../../../src/chart/picture/rounded-path.ts';

const at = (x: number, y: number) => ({ x, y });

test('a line turns with round corners, as far as there is room', () => {
  expect(pathThrough([at(0, 0), at(100, 0)], 9)).toBe('M0,0L100,0');
  expect(pathThrough([at(0, 0), at(100, 0), at(100, 50)], 9)).toBe('M0,0L91,0Q100,0 100,9L100,50');
  expect(pathThrough([at(0, 0), at(10, 0), at(10, 50)], 9)).toBe('M0,0L5,0Q10,0 10,5L10,50');
  expect(pathThrough([], 9)).toBe('M0,0');
});

test('a point lies so far on the way to another, and numbers have one decimal', () => {
  expect([pointAt(at(0, 0), at(30, 40), 5), pointAt(at(1, 1), at(1, 1), 5)]).toEqual([at(3, 4), at(1, 1)]);
  expect([round(1.25), round(-0.04), pointText(at(1.26, 2))]).toEqual([1.3, -0, '1.3,2']);
});

test('a text is as wide as its letters, wider in bold, and widest where a letter is unknown', () => {
  const size = 1000;
  expect(widthOf('Wi', { size })).toBeCloseTo((944 + 222) * 1.13);
  expect(widthOf('Wi', { size, isBold: true })).toBeCloseTo((944 + 222) * 1.13 * 1.1);
  expect(widthOf('ü', { size: 500 })).toBeCloseTo((1015 / 2) * 1.13);
  expect(widthOf('', { size })).toBe(0);
});
