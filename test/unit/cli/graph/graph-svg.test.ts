import { graphSvg } from '../../../../src/cli/graph/graph-svg.ts';
import type { GraphJob, JobGraph } from '../../../../src/cli/graph/job-graph.ts';

const job = (name: string, after: readonly string[] = [], more: Partial<GraphJob> = {}): GraphJob => ({
  name,
  state: null,
  instances: 1,
  after: after.map((each) => ({ job: each, is: null })),
  ...more,
});

const GRAPH: JobGraph = {
  jobs: [
    job('db', [], { state: 'failed' }),
    job('api', ['db'], { instances: 3 }),
    job('a-name-that-is-much-wider-than-other-boxes-are', ['api', 'db']),
    job('<b>'),
  ],
};

interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

const numbers = (text: string): readonly number[] => text.split(/[ ,]/).map(Number);

/** The boxes by their titles. */
function boxesIn(svg: string): ReadonlyMap<string, Box> {
  const found = svg.matchAll(
    /<title>([^<]+)<\/title><rect x="(\S+)" y="(\S+)" width="(\S+)" height="(\S+)"/g,
  );
  return new Map(
    [...found].map(([, name = '', ...sizes]) => {
      const [x = 0, y = 0, width = 0, height = 0] = sizes.map(Number);
      return [name, { left: x, top: y, right: x + width, bottom: y + height }];
    }),
  );
}

const draw = async (): Promise<{
  readonly svg: string;
  readonly boxes: readonly (readonly [string, Box])[];
}> => {
  const svg = await graphSvg(GRAPH);
  return { svg, boxes: [...boxesIn(svg)] };
};
const boxOf = (boxes: readonly (readonly [string, Box])[], name: string): Box =>
  boxes.find(([each]) => each === name)?.[1] ?? { left: 0, top: 0, right: 0, bottom: 0 };

test('the boxes of a graph overlap nowhere, and each is within the picture', async () => {
  const { svg, boxes } = await draw();
  const [, , width = 0, height = 0] = numbers(/viewBox="([^"]+)"/.exec(svg)?.[1] ?? '');
  expect(boxes).toHaveLength(4);
  for (const [name, { left, top, right, bottom }] of boxes) {
    expect([name, left > 0, top > 0, right < width, bottom < height]).toEqual([name, true, true, true, true]);
    const over = boxes.filter(
      ([other, box]) =>
        other !== name && left < box.right && box.left < right && top < box.bottom && box.top < bottom,
    );
    expect([name, over]).toEqual([name, []]);
  }
  expect(svg).toContain(`width="${width}" height="${height}"`);
});

test('a job stands below those that it comes after, and each arrow leads to the top of its box', async () => {
  const { svg, boxes } = await draw();
  const [db, api, wide] = ['db', 'api', 'a-name-that-is-much-wider-than-other-boxes-are'].map((name) =>
    boxOf(boxes, name),
  ) as [Box, Box, Box];
  expect([api.top > db.bottom, wide.top > api.bottom]).toEqual([true, true]);
  const heads = [...svg.matchAll(/<polygon class="head" points="([^"]+)"/g)].map(([, points = '']) =>
    numbers(points),
  );
  const led = heads.map(([x = 0, y = 0, leftX = 0, leftY = 0, rightX = 0, rightY = 0]) => {
    expect([rightX - leftX, y - leftY, y - rightY, x - leftX]).toEqual([8, 8, 8, 4]);
    return [api, wide].findIndex(({ left, right, top }) => left < x && x < right && Math.abs(top - y) < 0.1);
  });
  expect(led.toSorted((a, b) => a - b)).toEqual([0, 1, 1]);
});

test('the lines of arrows are level or upright, also where they go around a box', async () => {
  const { svg } = await draw();
  const paths = [...svg.matchAll(/class="arrow" d="([^"]+)"/g)].map(([, path = '']) => path);
  expect(paths).toHaveLength(3);
  expect(paths.join(' ')).toContain('Q');
  for (const path of paths) {
    let [x, y] = [Number.NaN, Number.NaN];
    for (const [, letter, rest = ''] of path.matchAll(/([MLQ])\s*([^MLQ]*)/g)) {
      const [toX = 0, toY = 0] = numbers(rest.trim()).slice(-2);
      if (letter === 'L')
        expect([path, Math.min(Math.abs(toX - x), Math.abs(toY - y)) < 0.2]).toEqual([path, true]);
      [x, y] = [toX, toY];
    }
  }
});

test('a box has its title and its state in the middle, and is as wide as they are', async () => {
  const { svg, boxes } = await draw();
  const [db, api, wide] = ['db', 'api', 'a-name-that-is-much-wider-than-other-boxes-are'].map((name) =>
    boxOf(boxes, name),
  ) as [Box, Box, Box];
  const text = (words: string): readonly number[] =>
    numbers(
      new RegExp(`<text x="(\\S+)" y="(\\S+)"[^>]*>${words}</text>`).exec(svg)?.slice(1).join(' ') ?? '',
    );
  const [[nameX = 0, nameY = 0], [stateX = 0, stateY = 0], [copiesX = 0]] = [
    text('db'),
    text('failed'),
    text('api ×3'),
  ] as [readonly number[], readonly number[], readonly number[]];
  expect([nameX, stateX, copiesX]).toEqual([
    (db.left + db.right) / 2,
    (db.left + db.right) / 2,
    (api.left + api.right) / 2,
  ]);
  expect([db.top < nameY, nameY < stateY, stateY < db.bottom]).toEqual([true, true, true]);
  // With a state a box is higher, and with a long name wider.
  expect(db.bottom - db.top).toBeGreaterThan(api.bottom - api.top);
  expect(wide.right - wide.left).toBeGreaterThan(api.right - api.left);
  expect(svg).toContain('<title>&lt;b&gt;</title>');
  expect(svg).toContain('>&lt;b&gt;</text>');
  expect(svg).toContain('class="word bad">failed');
});

test('a picture has colours for light and for dark pages', async () => {
  const { svg } = await draw();
  const [light = '', dark = ''] = svg.split('@media (prefers-color-scheme:dark)');
  for (const part of [light, dark])
    expect(part).toMatch(/\.paper\{fill:#\w+\}.*\.box\.bad\{stroke:#\w+\}\.word\.bad\{fill:#\w+\}/);
  for (const rule of [/\.paper\{fill:(#\w+)/, /\.box\.bad\{stroke:(#\w+)/, /\.word\.up\{fill:(#\w+)/])
    expect([rule, rule.exec(light)?.[1]]).not.toEqual([rule, rule.exec(dark)?.[1]]);
});
