import { LogRows, rowsOfLine } from '../../../../src/cli/top/log-rows.ts';

const ESC = '\u001b';

test('a line is cut into rows that fit, and a wide character is never cut in two', () => {
  expect(rowsOfLine('abcdefgh', 3, false)).toEqual(['abc', 'def', 'gh']);
  expect(rowsOfLine('日本語の', 5, false)).toEqual(['日本', '語の']);
  expect(rowsOfLine('', 5, false)).toEqual(['']);
  // A character that is wider than the screen is left out.
  expect(rowsOfLine('a日b', 1, false)).toEqual(['a', 'b']);
});

test('colours go on in each row and end with it; without colours there are none', () => {
  expect(rowsOfLine(`${ESC}[31mabcdef${ESC}[0mgh`, 4, true)).toEqual([
    `${ESC}[31mabcd${ESC}[0m`,
    `${ESC}[31mef${ESC}[0mgh`,
  ]);
  expect(rowsOfLine(`${ESC}[31mabcdef${ESC}[0mgh`, 4, false)).toEqual(['abcd', 'efgh']);
  // Bold and red go on together, until both are reset.
  expect(rowsOfLine(`${ESC}[1m${ESC}[31mabcd${ESC}[mef`, 3, true)).toEqual([
    `${ESC}[1m${ESC}[31mabc${ESC}[0m`,
    `${ESC}[1m${ESC}[31md${ESC}[mef`,
  ]);
});

test('nothing that a terminal would obey reaches it', () => {
  const line = `a${ESC}[2Jb${ESC}]0;title\u0007c${ESC}[?1049hd\u0007e\tf`;
  expect(rowsOfLine(line, 80, true)).toEqual(['abcd\\u{7}e    f']);
  for (const end of ['', '\r', '\r\r'])
    expect(rowsOfLine(`10%\r50%\r100%${end}`, 80, true)).toEqual(['100%']);
});

test('a log keeps its last lines, and is cut anew for another width', () => {
  const log = new LogRows(false);
  for (let at = 0; at < 5_500; at += 1) log.push(`line ${at}`);
  const rows = log.rows(80);
  expect([rows[0], rows.at(-1), rows.length]).toEqual(['line 1000', 'line 5499', 4_500]);
  log.push('one more');
  expect(log.rows(80).at(-1)).toBe('one more');
  expect(log.rows(4).slice(-2)).toEqual(['one ', 'more']);
});

test('a log that is looked at all the time shows the same rows as one that is looked at once', () => {
  const [watched, other] = [new LogRows(false), new LogRows(false)];
  for (let at = 0; at < 7_100; at += 1) {
    for (const log of [watched, other]) log.push(`line ${at}`);
    const rows = watched.rows(6);
    expect(rows.at(-1)).toBe(`line ${at}`.slice(6) || `line ${at}`);
    expect(rows.slice(-4).join('')).toContain(`line ${at}`);
  }
  expect(watched.rows(6)).toEqual(other.rows(6));
  expect(watched.rows(80)).toEqual(other.rows(80));
});
