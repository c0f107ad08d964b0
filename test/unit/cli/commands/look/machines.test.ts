import { answering, run } from '../../../../support/fake-cli.ts';

describe('machines', () => {
  const CHARTS = ['daemon', 'client', 'job'];

  const drawn = async (line: string): Promise<string> => {
    const { code, out, err } = await run(`machines ${line}`, answering(null));
    expect([code, err]).toEqual([0, '']);
    return out;
  };

  test.each([
    ['mermaid', '%%'],
    ['dot', '//'],
  ])(
    'machines without a chart prints all of them as %s, each after a comment that names it',
    async (format, comment) => {
      const each = await Promise.all(
        CHARTS.map(
          async (name) => `${comment} ${name}\n${await drawn(`${name} --format ${format} --simple`)}`,
        ),
      );
      expect(await drawn(`--format ${format} --simple`)).toBe(each.join('\n'));
    },
  );

  test('machines without a chart draws one picture with all of them below each other', async () => {
    const picture = await drawn('--format svg');
    const tags = [...picture.matchAll(/<(\/?)svg\b[^>]*>/g)];
    expect(tags.map(([, end]) => end)).toEqual(['', '', '/', '', '/', '', '/', '/']);
    const [page, ...inner] = tags
      .filter(([, end]) => end === '')
      .map(
        ([tag]) =>
          (name: string) =>
            Number(new RegExp(` ${name}="(\\d+)"`).exec(tag)?.[1]),
      );
    const bottoms = inner.map((chart) => chart('y') + chart('height'));
    expect(inner.slice(1).every((chart, at) => chart('y') > (bottoms[at] ?? Infinity))).toBe(true);
    expect([page?.('height'), page?.('width')]).toEqual([
      bottoms.at(-1),
      Math.max(...inner.map((chart) => chart('width'))),
    ]);
    const ids = [...picture.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const name of CHARTS) expect(picture).toContain(`aria-label="statechart ${name}"`);
  });
});

test('--simple is for pictures, and refused for text and JSON', async () => {
  const code = async (words: string): Promise<number> =>
    (await run(`machines client --simple ${words}`, answering(null))).code;
  expect([
    await code(''),
    await code('--json'),
    await code('--format json'),
    await code('--format dot'),
  ]).toEqual([64, 64, 64, 0]);
});
