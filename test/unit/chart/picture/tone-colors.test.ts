import { TONE_COLORS } from '../../../../src/chart/picture/tone-colors.ts';

/** The backgrounds on which the pages write in the colour of a state: cards, pages, the chosen row. */
const BACKGROUNDS = [
  ['#fdfdfe', '#f3f5f8', '#e3eaf5'],
  ['#0d1117', '#06090f', '#1b2536'],
] as const;

test.each(Object.entries(TONE_COLORS))(
  'a word in the colour of %s can be read on every page',
  (_, { line }) => {
    for (const index of [0, 1] as const)
      for (const background of BACKGROUNDS[index])
        expect(contrast(line[index], background)).toBeGreaterThanOrEqual(4.5);
  },
);

test.each(Object.entries(TONE_COLORS))('the border of a box of %s stands out from its fill', (_, tone) => {
  for (const index of [0, 1] as const)
    expect(contrast(tone.line[index], tone.fill[index])).toBeGreaterThanOrEqual(3);
});

/** As the WCAG defines it. */
function contrast(one: string, other: string): number {
  const [less = 0, more = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (more + 0.05) / (less + 0.05);
}

function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = parseInt(color.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
