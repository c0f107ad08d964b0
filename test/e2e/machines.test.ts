import { existsSync } from 'node:fs';
import { home } from './support/fresh-home.ts';

describe('machines', () => {
  const print = async (...args: readonly string[]): Promise<string> => {
    const { code, stdout, stderr } = await home.overseer('machines', ...args);
    expect([code, stderr]).toEqual([0, '']);
    return stdout;
  };

  test.each([
    ['daemon', 'ProcessRequest'],
    ['client', 'DeleteSocketFile'],
    ['job', 'Backoff'],
  ])('T-5 machines prints the chart of %s in each format, without a daemon', async (chart, state) => {
    const text = await print(chart);
    expect(text).toMatch(new RegExp(`^${chart}\n.*\\b${state}\\b`, 's'));
    expect(await print(chart, '--format', 'text')).toBe(text);
    expect(JSON.parse(await print(chart, '--format', 'json'))).toMatchObject({ id: chart });
    expect(await print(chart, '--json')).toBe(await print(chart, '--format', 'json'));
    const pictures = { mermaid: /^stateDiagram-v2\n/, dot: /^digraph /, svg: /^<svg [^]*<\/svg>\n$/ };
    for (const [format, form] of Object.entries(pictures)) {
      const whole = await print(chart, '--format', format);
      expect(whole).toMatch(form);
      expect(whole).toContain(state);
      const simple = await print(chart, '--format', format, '--simple');
      expect([form.test(simple), simple.includes(state), simple.length < whole.length]).toEqual([
        true,
        true,
        true,
      ]);
    }
    expect(existsSync(home.data)).toBe(false);
  });

  test('T-6 machines prints all three charts as text or one object, and says which words it knows', async () => {
    expect(await print()).toBe([await print('daemon'), await print('client'), await print('job')].join('\n'));
    expect(Object.keys(JSON.parse(await print('--json')) as object)).toEqual(['daemon', 'client', 'job']);
    for (const [words, said] of [
      ['jbo', 'did you mean "job"?'],
      ['job --format pdf', 'there are text, json, mermaid, dot, svg'],
      ['job --simple', '--simple is for'],
    ] as const) {
      const { code, stdout, stderr } = await home.overseer('machines', ...words.split(' '));
      expect([words, code, stdout, stderr.includes(said)]).toEqual([words, 64, '', true]);
    }
  });
});
