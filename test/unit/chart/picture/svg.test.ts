import { graphOf } from '../../../../src/chart/graph.ts';
import { toSvg, toSvgColumn } from '../../../../src/chart/picture/svg.ts';
import { SMALL_CHART } from '../../../support/small-chart.ts';

const graph = graphOf(SMALL_CHART);
const numbers = (text: string, pattern: RegExp): readonly (readonly number[])[] =>
  [...text.matchAll(pattern)].map(([, ...found]) => found.map(Number));
const SIZE = /<svg [^>]*width="(\d+)" height="(\d+)"/g;

/** The box that follows a title. */
const boxOf = (svg: string, id: string): readonly number[] =>
  numbers(
    svg,
    new RegExp(
      `<title>${id}</title>\\n<rect x="([\\d.]+)" y="([\\d.]+)" width="([\\d.]+)" height="([\\d.]+)"`,
      'g',
    ),
  )[0] ?? [];

const isWithin = ([x = 0, y = 0, w = 0, h = 0]: readonly number[], outer: readonly number[]): boolean => {
  const [ox = 0, oy = 0, ow = 0, oh = 0] = outer;
  return ox < x && oy < y && x + w < ox + ow && y + h < oy + oh;
};

test('a picture says what it is and how large, scales to the page, and nests its boxes', async () => {
  const svg = await toSvg(graph);
  const [[width = 0, height = 0] = []] = numbers(svg, SIZE);
  expect(svg.split('\n')[0]).toBe(
    '<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="statechart door" ' +
      `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" style="max-width:100%;height:auto">`,
  );
  expect(svg).toContain('<style>text{font-family:Helvetica');
  expect(svg).toContain('@media (prefers-color-scheme:dark){[fill="#fdfdfe"]{fill:#0d1117}');
  expect(svg).toContain('\n<rect width="100%" height="100%" rx="10" fill="#fdfdfe"/>\n');
  expect(svg.endsWith('</g>\n</svg>\n')).toBe(true);
  expect(svg).toContain(' [isReady]</tspan> / note</text>');
  const of = (id: string): readonly number[] => boxOf(svg, `door.${id}`);
  const pairs = [
    ['lock.Open', 'lock'],
    ['lock.Shut', 'lock'],
    ['lock.Shut.Loose', 'lock.Shut'],
    ['lock.Shut.Tight', 'lock.Shut'],
    ['light.On', 'light'],
  ] as const;
  expect(pairs.map(([inner, outer]) => isWithin(of(inner), of(outer)))).toEqual(pairs.map(() => true));
  // Regions are side by side, with a margin around.
  const [lock, light] = [of('lock'), of('light')];
  expect([lock.slice(0, 2), light[1]]).toEqual([[20, 20], 20]);
  expect(light[0]).toBeCloseTo(lock[0]! + lock[2]! + 14);
  expect([Math.ceil(light[0]! + light[2]! + 20), lock[1]! + lock[3]! + 20]).toEqual([width, height]);
});

test('several charts stand below each other in one picture, as wide as the widest', async () => {
  const few = { guards: false, actions: false };
  const column = await toSvgColumn([
    [graph, { region: 'light', ...few }],
    [graph, { region: 'lock', ...few }],
  ]);
  const [[width, height] = [], [w1 = 0, h1 = 0] = [], [w2 = 0, h2 = 0] = []] = numbers(column, SIZE);
  expect([width, height]).toEqual([w2, h1 + 24 + h2]);
  expect(column.split('\n').filter((line) => line.startsWith('<svg '))).toEqual([
    `<svg xmlns="http://www.w3.org/2000/svg" width="${w2}" height="${h1 + 24 + h2}" ` +
      `viewBox="0 0 ${w2} ${h1 + 24 + h2}" style="max-width:100%;height:auto">`,
    `<svg role="img" aria-label="statechart door.light" y="0" width="${w1}" height="${h1}" viewBox="0 0 ${w1} ${h1}">`,
    `<svg role="img" aria-label="statechart door.lock" y="${h1 + 24}" width="${w2}" height="${h2}" ` +
      `viewBox="0 0 ${w2} ${h2}">`,
  ]);
  expect(column.match(/<style>/g)?.length).toBe(1);
  expect(column).toContain('>Close<tspan fill="#64748b"> [is ready]</tspan></text>');
  // States follow each other downward in the order of the file.
  const [open, shut, gone] = ['Open', 'Shut', 'Gone'].map((key) => boxOf(column, `door.lock.${key}`));
  expect(open![1]! + open![3]!).toBeLessThan(shut![1]!);
  expect(gone![1]).toBeGreaterThan(open![1]! + open![3]!);
  // Arrows run at right angles: every stretch of a path keeps one of its coordinates.
  const paths = [...column.matchAll(/<path d="([^"]+)"/g)].map(([, path = '']) => path);
  expect(paths.length).toBe(8);
  const slanted = paths.filter((path) => {
    const points = path
      .split(/[MLQ ]/)
      .filter(Boolean)
      .map((point) => point.split(',').map(Number));
    return points.some(([x, y], index) => {
      const before = points[index - 1];
      return before !== undefined && x !== before[0] && y !== before[1];
    });
  });
  expect(slanted).toEqual([]);
});
