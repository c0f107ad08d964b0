import type { Problem } from '../../../../src/config/config.ts';
import { formatProblem } from '../../../../src/config/toml/format-problem.ts';
import { read } from '../../../support/config-files.ts';

describe('excerpts', () => {
  const problemIn = (text: string): Problem | undefined => {
    const reading = read({ 'a.toml': text });
    return reading.ok ? undefined : { ...reading.problems[0]!, file: 'a.toml' };
  };

  test('a problem is printed with its place, its line and a caret under the column, tabs kept', () => {
    expect(
      formatProblem(problemIn('[[jobs]]\nname = "a"\njob_command = "x"\n\trestart = "alway"\r\n')!),
    ).toBe(
      [
        'a.toml:4:12: jobs[0] "a": restart must be one of "always", "on-failure", "never", got "alway": did you mean "always"?',
        '   4 | \trestart = "alway"',
        '     | \t          ^',
      ].join('\n'),
    );
    expect(formatProblem({ file: 'x', line: 1, column: 1, message: 'm' })).toBe('x:1:1: m');
  });

  test('the caret stands under its column where wide characters are before it', () => {
    const [, caret = ''] = problemIn('a = "日本🚀"; b = 1')?.excerpt?.split('\n') ?? [];
    expect(caret).toBe(`     | ${' '.repeat('a = "'.length + 6 + '"'.length)}^`);
  });

  test('a very long line is cut around the caret, and control characters do not reach the terminal', () => {
    const text = `a = "${'x'.repeat(500)}" \u001b[31m ${'y'.repeat(500)}`;
    const [line = '', caret = ''] = problemIn(text)?.excerpt?.split('\n') ?? [];
    expect(line).toBe(`   1 | …${'x'.repeat(58)}" \ufffd[31m ${'y'.repeat(34)}…`);
    expect(line.charAt(caret.indexOf('^'))).toBe('\ufffd');
  });
});
