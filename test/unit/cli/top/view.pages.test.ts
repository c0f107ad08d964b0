import { renderToString } from 'ink';
import { createElement } from 'react';
import { logPage } from '../../../../src/cli/top/pages.ts';
import { LogRows } from '../../../../src/cli/top/log-rows.ts';
import { pressed } from '../../../../src/cli/top/pressed.ts';
import { scrolled, type ScreenPage, type TopState } from '../../../../src/cli/top/top-state.ts';
import { pageRows, printedRows, tableRows, Top, type Look } from '../../../../src/cli/top/view.tsx';
import { knowing, NOW, webJob } from './web-jobs.ts';

const SMALL = { columns: 80, rows: 24 };

/** The rows of the screen without the blanks at their ends. */
function screen(state: TopState, more: Partial<Look> = {}): string[] {
  const look = { ...SMALL, color: false, now: NOW, reasonOf: () => null, printed: [], ...more };
  const shown = scrolled(state, tableRows(state, look));
  const picture = renderToString(createElement(Top, { state: shown, look }), { columns: look.columns });
  return picture.split('\n').map((row) => row.trimEnd());
}
const press = (state: TopState, ...keys: readonly string[]): TopState =>
  keys.reduce((now, key) => pressed(now, key, { columns: 80, height: pageRows(SMALL) }).state, state);

const EXIT = { code: 3, signal: null, at: new Date(NOW - 5_000).toISOString() };
const table = knowing(webJob('web', { tags: ['eu'] }), webJob('db', { state: 'failed', lastExit: EXIT }));

/** The log of web with this many lines. */
function logOf(count: number): TopState {
  const log = new LogRows(false);
  for (let at = 1; at <= count; at += 1) log.push(`line ${at}`);
  return { ...table, page: logPage('web', log) };
}

describe('a page', () => {
  test('a page says which of its rows it shows only if it has more of them', () => {
    const rule = (count: number, ...keys: readonly string[]): string | undefined =>
      screen(press(logOf(count), ...keys))[0]?.replace(/─+ ?/g, '');
    expect([rule(22, 'up'), rule(23, 'up'), rule(30, 'home'), rule(30)]).toEqual([
      'logs web following ',
      'logs web 1–22 of 23 ',
      'logs web 1–22 of 30 ',
      'logs web following ',
    ]);
    // After scrolling up from the end, the numbers are those of the rows in view.
    expect(rule(30, 'end', 'up')).toBe('logs web 8–29 of 30 ');
    const why: ScreenPage = { ...logPage('web', new LogRows(false)), kind: 'why', isFollowing: false };
    for (const count of [1, 22])
      expect(screen({ ...table, page: { ...why, rows: () => Array(count).fill('row') } })[0]).toMatch(
        /^── logs web ─+$/,
      );
  });

  test('an empty log says so, and a page says when the daemon is lost', () => {
    const empty = logOf(0);
    expect(screen(empty)[1]).toBe(' nothing printed yet');
    const lost = { ...empty, known: { ...empty.known, lost: 'gone' } };
    expect([screen(lost)[0], screen(empty)[0]]).toEqual([
      expect.stringMatching(/^── logs web · no daemon ─/),
      expect.stringMatching(/^── logs web ─/),
    ]);
  });

  test('hits are numbered from the top, and inverted where there are colours', () => {
    const typing = press(logOf(30), '/', '3');
    expect([screen(typing)[0], screen(typing).at(-1)]).toEqual([
      expect.stringMatching(/ "3" 4 of 4 · 9–30 of 30 ──$/),
      ' find: 3▏',
    ]);
    expect(screen(press(typing, 'enter', 'n'))[0]).toMatch(/ "3" 3 of 4 · /);
    expect(screen(press(typing, 'x'))[0]).toMatch(/ no "3x" · /);
    expect(screen(typing, { color: true }).join('\n')).toContain('line \u001b[7m3\u001b[27m0');
    // oxlint-disable-next-line no-control-regex -- finding them is the point
    expect(screen(typing).join('\n')).not.toMatch(/\u001b/);
  });

  test('the last row of a page lists the keys that work there', () => {
    const keys = (kind: ScreenPage['kind'], more: Partial<ScreenPage> = {}): string | undefined =>
      screen({ ...table, page: { ...logPage('web', new LogRows(false)), kind, ...more } }).at(-1);
    expect([
      keys('logs'),
      keys('why'),
      keys('why', { job: null }),
      keys('plan', { job: null }),
      keys('logs', { find: 'x' }),
    ]).toEqual([
      ' ↑ ↓ scroll  / find  End follow  w why  q back',
      ' ↑ ↓ scroll  / find  l logs  q back',
      ' ↑ ↓ scroll  / find  q back',
      ' ↑ ↓ scroll  / find  q back',
      ' ↑ ↓ scroll  n N next  End follow  w why  q back',
    ]);
  });
});

describe('the rows around the table', () => {
  test('a low screen has no rows below the table, and a tall one has more of them', () => {
    const rowsAt = (rows: number): readonly number[] => [tableRows(table, { rows }), printedRows({ rows })];
    expect([3, 11, 12, 39, 40].map(rowsAt)).toEqual([
      [3, 0],
      [8, 0],
      [6, 0],
      [33, 0],
      [28, 5],
    ]);
    // A line about a filter takes one row of the table.
    expect(tableRows(press(table, 'f'), { rows: 24 })).toBe(tableRows(table, { rows: 24 }) - 1);
  });

  test('one line tells filters and marks; a text appears there once it has been typed', () => {
    const notice = (...keys: readonly string[]): string | undefined => screen(press(table, ...keys))[1];
    expect([
      notice(' ', ' '),
      notice('t'),
      notice('f', ' '),
      notice('/', 'w', 'enter', 't'),
      notice('/', 'w'),
    ]).toEqual([
      ' 2 marked (Esc: all)',
      ' only tag eu (Esc: all)',
      ' only state failed; 1 marked (Esc: all)',
      ' only tag eu, with "w" (Esc: all)',
      '   NAME  STATE▾        UP     CPU   MEM    ↻  REASON',
    ]);
  });

  test('the title counts the jobs, and how many of them a filter leaves', () => {
    const title = (state: TopState): string | undefined => screen(state)[0]?.replace(/ {2,}cpu.*/, '');
    expect([
      title(knowing(webJob('web'))),
      title(knowing()),
      title(press(table, '/', 'd')),
      title({ ...table, isReadOnly: true }),
    ]).toEqual([
      ' overseer  1 job  1 running',
      ' overseer  0 jobs',
      ' overseer  1 of 2 jobs  1 failed  1 running',
      ' overseer, read-only  2 jobs  1 failed  1 running',
    ]);
    const copies = knowing(webJob('a@1', { job: 'a' }), webJob('a@2', { job: 'a' }));
    expect([title(copies), title(press(copies, 'enter'))]).toEqual(
      Array(2).fill(' overseer  2 jobs  2 running'),
    );
  });

  test('an empty table says why it is empty', () => {
    const filtered = { ...EMPTY, known: table.known, rows: [] };
    expect([
      screen({ ...EMPTY, known: { jobs: null, lost: null } })[2],
      screen(press(knowing(), '/', 'x'))[2],
      screen(press(table, '/', 'z'))[2],
      screen({ ...filtered, filter: { text: '', state: null, tag: 'x' } })[3],
    ]).toEqual([
      '   asking the daemon …',
      '   no jobs',
      '   no job matches; Esc shows all of them',
      '   no job matches; Esc shows all of them',
    ]);
  });

  test('the last row says what was done, in green, or in red where it failed', () => {
    const last = (isBad: boolean): string =>
      screen({ ...table, message: { text: 'done', isBad } }, { color: true }).at(-1) ?? '';
    expect([last(false), last(true)]).toEqual([
      expect.stringContaining('\u001b[32m done'),
      expect.stringContaining('\u001b[31m done'),
    ]);
  });
});
const EMPTY = knowing();

describe('a row', () => {
  const copies = knowing(webJob('a@1', { job: 'a' }), webJob('a@2', { job: 'a', state: 'held' }));
  const reasonOf = (name: string) => (name === 'a@2' ? { clause: 'no', sentences: 'It is held.' } : null);

  test('the row of a job with copies names the copy that its reason is about', () => {
    expect([screen(copies, { reasonOf })[2], screen(copies)[2]]).toEqual([
      expect.stringMatching(/^›○ a ×2 .* a@2: no$/),
      expect.stringMatching(/^›○ a ×2 .* -$/),
    ]);
    expect(screen(copies, { reasonOf })).toContain(' It is held.');
  });

  test('a marked row keeps its mark while it is chosen', () => {
    const marked = press(table, ' ', 'up');
    expect(screen(marked).slice(3, 5)).toEqual([
      expect.stringMatching(/^\*! db /),
      expect.stringMatching(/^ ● web /),
    ]);
  });

  test('while no daemon answers, the rows that are not chosen are dim', () => {
    const lost = { ...table, known: { ...table.known, lost: 'gone' } };
    const picture = screen(lost, { color: true }).join('\n');
    expect(picture).toContain('\u001b[2m ● web');
    expect(picture).not.toContain('\u001b[32m●');
    expect(screen(table, { color: true }).join('\n')).toContain('\u001b[32m●');
  });

  test('a job that has crashed is shown as a problem while its leftovers are ended', () => {
    const crashed = webJob('web', { state: 'stopping', pid: null, lastRunFailed: true, lastExit: EXIT });
    const asked = webJob('worker', { state: 'stopping', pid: 7 });
    const rows = screen(knowing(webJob('a', { state: 'failed' }), crashed, asked));
    expect(rows.slice(3, 5)).toEqual([
      expect.stringMatching(/^ ! web {5}stopping \(exit 3\) /),
      expect.stringMatching(/^ ◐ worker {2}stopping /),
    ]);
    const coloured = screen(knowing(webJob('a', { state: 'failed' }), crashed), { color: true });
    expect(coloured[3]).toMatch(/web +\S+stopping/);
    for (const red of ['\u001b[31m!\u001b[39m web', '\u001b[31mstopping']) expect(coloured[3]).toContain(red);
  });
});
