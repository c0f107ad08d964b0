import { clockWords } from '../../../../src/cli/render/clock-words.ts';
import { renderWhy } from '../../../../src/cli/render/why.ts';
import { NOW, before, plain, WHY } from '../../../support/sample-replies.ts';

/** As the reader's clock has it. */
const at = (ms: number): string => clockWords(before(ms), NOW);

test('why is name and state, prose that fits, the facts, then the history', () => {
  expect(renderWhy(WHY, plain(60))).toBe(
    [
      'web  held',
      'Its test says no and has said so for quite a while, so it',
      'should not be running.',
      'The test runs again at each `overseer`.',
      '',
      '  command     node server.js',
      '  cwd         /home/me',
      '  test        test -e /tmp/on',
      '              fail: exited with 1, 5s ago',
      '  test output one',
      '              \\e[2Jtwo',
      '  restart     always, 2 so far',
      '  watch       src/**/*.js',
      `  last run    from ${at(75_000)} to ${at(65_000).slice(0, 10)}`,
      `              ${at(65_000).slice(11)}, 10s: SIGTERM, stopped by hand`,
      '  last exit   SIGTERM, 1m 5s ago',
      '  log         /logs/web.log',
      '',
      'history',
      '  1m 5s ago  held      its test exited with 1',
      '',
    ].join('\n'),
  );
});

test('why says moments in local time and how far off they are, and cuts no path', () => {
  const because = [{ kind: 'startsAgain', at: new Date(NOW + 12_000).toISOString() }] as const;
  const log = `/home/me/${'far/'.repeat(12)}web.log`;
  const [, first = '', , ...facts] = renderWhy({ ...WHY, because, log }, plain(60)).split('\n');
  expect(`${first} ${facts[0] ?? ''}`).toMatch(
    /^It starts again at \d\d:\d\d:\d\d, in 12s; `overseer start web` +/,
  );
  const shown = facts.join('').replace(/ +/g, '');
  expect(shown).toContain(log);
});

/** The rows of one fact: that with its label, and those below it without one. */
function rowsOf(label: string, lines: readonly string[]): readonly string[] {
  const first = lines.findIndex((line) => line.startsWith(`  ${label}`));
  const rest = lines.slice(first + 1);
  const next = rest.findIndex((line) => !line.startsWith(' '.repeat(14)));
  return lines.slice(first, first + 1 + next);
}

describe('the output of a test in why', () => {
  const shown = (testOutput: string, columns: number): readonly string[] =>
    rowsOf('test output', renderWhy({ ...WHY, testOutput }, plain(columns)).split('\n'));

  const line = (at: number, text: string): string => `  ${(at === 0 ? 'test output' : '').padEnd(12)}${text}`;

  test('why shows the last five rows of a test’s output, of one long line or of many', () => {
    expect(shown(`${'x'.repeat(100)}${'y'.repeat(50)}${'z'.repeat(10)}`, 34)).toEqual([
      line(0, '…'),
      line(1, 'x'.repeat(20)),
      line(2, 'x'.repeat(20)),
      line(3, 'y'.repeat(20)),
      line(4, 'y'.repeat(20)),
      line(5, `${'y'.repeat(10)}${'z'.repeat(10)}`),
    ]);
    expect(shown('1\n2\n3\n4\n5\n6\n7\n', 34)).toEqual(
      ['…', '3', '4', '5', '6', '7'].map((text, at) => line(at, text)),
    );
    expect(shown('one\ntwo\n', 34)).toEqual([line(0, 'one'), line(1, 'two')]);
  });

  test('why cuts the output of a test between characters, and not at all where it fits', () => {
    expect(shown('ウェブウェブ', 19)).toEqual([line(0, 'ウェ'), line(1, 'ブウ'), line(2, 'ェブ')]);
    expect(shown('ab🛒🛒', 19)).toEqual([line(0, 'ab🛒'), line(1, '🛒')]);
    expect(shown(`${'x'.repeat(900)}\n1\n2\n3\n4\n5`, Infinity)).toHaveLength(6);
  });
});
