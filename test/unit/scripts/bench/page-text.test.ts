import { PAGE, benchmarkPages } from '../../../../scripts/bench/page-text.mjs';
import { resultsOf, row } from './results.ts';

const BEGIN = '<!-- figures: written by `npm run bench -- --docs FILE…` -->';
const END = '<!-- end of figures -->';

const RESULTS = resultsOf(
  [
    ...['load', 'boot', 'stop', 'status', 'trigger', 'change', 'restart', 'pss-all'].flatMap((name) => [
      row('overseer', name, 100, [1]),
      row('overseer', name, 1_000, [100]),
      row('runit', name, 100, [7]),
    ]),
    row('runit', 'restarted by a trigger', 100, [80, 100]),
    { ...row('runit', 'failed', 1_000, []), note: 'not done after 90 s' },
  ],
  { missing: ['pm2'] },
);

describe('the page of the benchmark', () => {
  const pages = benchmarkPages(`before\n${BEGIN}\nold\n${END}\nafter\n`, RESULTS);
  const text = pages.get(PAGE) ?? '';

  test('the made part is replaced and the rest stays', () => {
    expect(text.startsWith(`before\n${BEGIN}\n`)).toBe(true);
    expect(text.endsWith(`${END}\nafter\n`)).toBe(true);
    expect(text).not.toContain('old');
  });

  test('a second time nothing changes', () => expect(benchmarkPages(text, RESULTS).get(PAGE)).toBe(text));

  test('it tells when, where and beside what was measured', () => {
    for (const words of [
      '12 minutes on 2026-02-03',
      '4 cores',
      'v20.19.0',
      'load average 0.1 before',
      'Not installed: pm2',
    ])
      expect(text).toContain(words);
  });

  test('it tells what failed, and which peer restarts jobs without a reason', () => {
    expect(text).toContain('- runit, 1,000 jobs: not done after 90 s.');
    expect(text).toContain('- runit: a trigger without a change restarted 100 of 100 jobs.');
  });

  test('it shows every picture that is made', () => {
    const pictures = [...pages.keys()].filter((path) => path.endsWith('.svg'));
    expect(pictures).toHaveLength(9);
    for (const path of pictures) expect(text).toContain(`](${path.replace('docs/', '../')})`);
  });

  test('a page without its marks is refused', () =>
    expect(() => benchmarkPages('no marks', RESULTS)).toThrow('is missing'));
});
