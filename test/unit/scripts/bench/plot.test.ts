import { dotPlot, linePlot, spread, ticks } from '../../../../scripts/bench/plot.mjs';

describe('labels are spread', () => {
  test('those that have room stay where they are', () =>
    expect(spread([10, 50, 30], 14, [0, 100])).toEqual([10, 50, 30]));

  test('those that are too near move apart, in their order', () =>
    expect(spread([20, 22, 21], 10, [0, 100])).toEqual([20, 40, 30]));

  test('those at an end move back into the picture', () => {
    expect(spread([98, 99], 10, [0, 100])).toEqual([90, 100]);
    expect(spread([-5], 10, [0, 100])).toEqual([0]);
  });
});

describe('ticks', () => {
  test('a range of some powers of ten has those', () =>
    expect(ticks([8, 12_000])).toEqual([10, 100, 1_000, 10_000]));

  test('a range with fewer than two powers of ten has numbers between them', () => {
    expect(ticks([15, 130])).toEqual([20, 50, 100]);
    expect(ticks([0.3, 0.9])).toEqual([0.5]);
  });
});

describe('the picture of lines', () => {
  const svg = linePlot({
    title: 'Stop <all>',
    unit: 'ms',
    series: [
      {
        name: 'overseer',
        points: [
          [10, 1],
          [100, 10],
          [1_000, 100],
        ],
      },
      {
        name: 'runit',
        points: [
          [10, 5],
          [1_000, 5],
        ],
      },
    ],
  });

  test('its title, its unit and the names of the lines are in it, as text', () => {
    for (const words of ['Stop &lt;all>', ', ms<', '>jobs<', '>overseer<', '>runit<', '>1,000<'])
      expect(svg).toContain(words);
  });

  test('equal ratios have equal distances in both directions', () => {
    const [first, second, third] = pointsOf(svg, 'overseer');
    expect((second?.[0] ?? 0) - (first?.[0] ?? 0)).toBeCloseTo((third?.[0] ?? 0) - (second?.[0] ?? 0), 0);
    expect((first?.[1] ?? 0) - (second?.[1] ?? 0)).toBeCloseTo((second?.[1] ?? 0) - (third?.[1] ?? 0), 0);
    expect((first?.[1] ?? 0) - (second?.[1] ?? 0)).toBeGreaterThan(20);
  });

  test('a line whose cost stays the same is level', () => {
    const [first, second] = pointsOf(svg, 'runit');
    expect(first?.[1]).toBe(second?.[1]);
  });

  test('it has colours for a dark page', () => expect(svg).toContain('prefers-color-scheme:dark'));
});

test('the picture of dots has a dot for each sample and the label of each row', () => {
  const svg = dotPlot({
    title: 'Restarts',
    unit: 'ms',
    rows: [
      { name: 'overseer', samples: [3, 4, 5], middle: 4, label: '4 ms' },
      { name: 's6', samples: [1_000], middle: 1_000, label: '1,000 ms' },
    ],
  });
  expect(svg.match(/class="cloud"/g)).toHaveLength(4);
  expect(svg).toContain('>4 ms<');
  expect(svg).toContain('>1,000 ms<');
});

function pointsOf(svg: string, name: string): number[][] {
  const [, points = ''] =
    new RegExp(`<g class="${name}">[^]*?<polyline class="line" points="([^"]*)"`).exec(svg) ?? [];
  return points.split(' ').map((point) => point.split(',').map(Number));
}
