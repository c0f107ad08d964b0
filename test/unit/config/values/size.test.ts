import { execFileSync, spawnSync } from 'node:child_process';
import { sizeBytes } from '../../../../src/config/values/size.ts';
import fc from 'fast-check';

const hasNumfmt = spawnSync('numfmt', ['--version']).status === 0;

/** What numfmt of coreutils takes some sizes for; its units have no B. */
function numfmt(from: 'si' | 'iec-i', texts: readonly string[]): readonly number[] {
  const input = texts.map((text) => text.replace(/B$/, '')).join('\n');
  const format = [`--from=${from}`, '--round=nearest', '--to=none', '--format=%.0f'];
  return execFileSync('numfmt', format, { input: `${input}\n`, encoding: 'utf8' })
    .trim()
    .split('\n')
    .map(Number);
}

(hasNumfmt ? test : test.skip)('a size means as many bytes as numfmt takes it for', () => {
  const amounts = fc.tuple(fc.integer({ min: 1, max: 999 }), fc.constantFrom('', '.5', '.25'));
  for (const [from, units] of [
    ['si', ['KB', 'MB', 'GB', 'TB']],
    ['iec-i', ['KiB', 'MiB', 'GiB', 'TiB']],
  ] as const) {
    const texts = fc
      .sample(fc.tuple(amounts, fc.constantFrom(...units)), 300)
      .map(([[whole, part], unit]) => `${whole}${part}${unit}`);
    expect(texts.map((text) => [text, sizeBytes(text)])).toEqual(
      numfmt(from, texts).map((bytes, index) => [texts[index], bytes]),
    );
  }
});

test.each([
  ['1b', 1],
  ['10mb', 10_000_000],
  [' 1.5 GiB ', 1_610_612_736],
  ['0.4B', null],
  ['0MB', null],
  ['10', null],
  ['MB', null],
  ['1.MB', null],
  ['-1MB', null],
  ['1e3MB', null],
  ['9007199254740992B', null],
  ['9007199254740991B', 9_007_199_254_740_991],
  ['1MBMB', null],
  ['1 2MB', null],
])('%j is %j bytes', (text, bytes) => {
  expect(sizeBytes(text)).toBe(bytes);
});
