import { carriersIn } from '../../../../src/os/darwin/parse-ps.ts';
import { vis } from '../../../../src/os/darwin/vis.ts';

test('a text is compared with what ps makes of it: bytes beyond ASCII, tabs and line ends', () => {
  expect(vis('/Users/zoë/Büro')).toBe('/Users/zoM-CM-+/BM-CM-<ro');
  // The second byte of this one is a blank but for its highest bit.
  expect(vis('à')).toBe(String.raw`M-C\240`);
  expect(vis('a\tb\nc\u007f\u0001')).toBe(String.raw`a\011b\012c^?^A`);
});

test.each(['/Users/hé', '/Users/h b', '/Users/日本', '/Users/a\tb', '/Users/à la carte'])(
  'a variable of the value %j is found, and not that of another',
  (home) => {
    const [carrier] = carriersIn(7, vis(`node x OVERSEER_JOB=web HOME=${home} LANG=C`), 'OVERSEER_JOB');
    expect([carrier?.has('HOME', home), carrier?.has('HOME', `${home}x`)]).toEqual([true, false]);
  },
);
