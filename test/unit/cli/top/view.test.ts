import { renderToString } from 'ink';
import { createElement } from 'react';
import { Top, pageRows, tableRows, type Look } from '../../../../src/cli/top/view.tsx';
import { helpPage } from '../../../../src/cli/top/pages.ts';
import { scrolled, type TopState } from '../../../../src/cli/top/top-state.ts';
import { displayWidth } from '../../../../src/text/display-width.ts';
import { knowing, NOW, webJob } from './web-jobs.ts';

const SMALL = { columns: 80, rows: 24 };
const LARGE = { columns: 200, rows: 60 };
// oxlint-disable-next-line no-control-regex -- finding them is the point
const SEQUENCES = /\u001b\[[0-9;]*m/g;

/** The rows of the screen without the blanks at their ends. */
function screen(state: TopState, size: Pick<Look, 'columns' | 'rows'>, more: Partial<Look> = {}): string[] {
  const look = { ...size, color: false, now: NOW, reasonOf: () => null, printed: [], ...more };
  const shown = scrolled(state, tableRows(state, size));
  const picture = renderToString(createElement(Top, { state: shown, look }), { columns: size.columns });
  return picture.split('\n').map((row) => row.trimEnd());
}

const EXIT = { code: 3, signal: null, at: new Date(NOW - 5_000).toISOString() };
const JOBS = [
  webJob('web@1', { description: 'the front of the shop', tags: ['prod'] }),
  webJob('importer', { state: 'failed', lastExit: EXIT, restarts: 12 }),
  webJob('mailer', {
    state: 'backoff',
    lastExit: EXIT,
    nextStartAt: new Date(NOW + 95_000).toISOString(),
  }),
];
const reasonOf = (name: string): { clause: string; sentences: string } =>
  name === 'importer'
    ? { clause: 'exited with 3', sentences: 'Its last run exited with 3, 12 failures in a row.' }
    : { clause: '', sentences: '' };

test('at 80 columns a row shows state, uptime, cpu, memory, restarts and reason', () => {
  expect(screen(knowing(...JOBS), SMALL, { reasonOf }).slice(0, 6)).toEqual([
    ' overseer  3 jobs  1 failed  1 backoff  1 running             cpu 1.5%  mem 20M',
    '   NAME      STATE▾                 UP     CPU   MEM    ↻  REASON',
    '›! importer  failed (exit 3)         -       -     -   12  exited with 3',
    ' ! mailer    backoff (exit 3)    in 1m       -     -    -  -',
    ' ● web@1     running             1m 5s    1.5%   20M    -  the front of the shop',
    '',
  ]);
});

test('below the table top explains the chosen job, and the last row lists the keys', () => {
  const rows = screen(knowing(...JOBS), SMALL, { reasonOf });
  expect(rows).toHaveLength(24);
  expect(rows.slice(20)).toEqual([
    `── importer ${'─'.repeat(68)}`,
    ' Its last run exited with 3, 12 failures in a row.',
    '',
    ' Enter why  l logs  s start  x stop  r restart  p plan  / find  ? help  q quit',
  ]);
});

test('at 200 columns a row also shows pid, tags and test, and below it are lines of the log', () => {
  const test = { verdict: 'fail', exitCode: 1, at: EXIT.at } as const;
  const state = knowing(...JOBS, webJob('gate', { state: 'held', test }));
  const rows = screen(state, LARGE, { reasonOf, printed: ['disk full', '\u001b[31mgiving up\u001b[0m'] });
  expect(rows[1]).toMatch(/^ {3}NAME +STATE▾ +PID +UP +CPU +MEM +RESTARTS {2}TEST +TAGS +REASON$/);
  expect(rows[4]).toMatch(/^ ○ gate +held +- +- +- +- +- {2}fail \(1\) +- +-$/);
  expect(rows.find((row) => row.includes('web@1'))).toMatch(/ 4242 +1m 5s .* prod +the front of the shop$/);
  expect(rows.slice(52, 54)).toEqual([' disk full', ' giving up']);
  expect(rows).toHaveLength(60);
});

test('wide characters in names, descriptions and reasons keep the columns aligned', () => {
  const state = knowing(
    webJob('a', { description: '日本語の説明、長い長い長い長い長い長い長い文章' }),
    webJob('b', { description: 'family 👨‍👩‍👧 and flag 🇫🇷 and é, and more of it until it is cut' }),
    webJob('c', { description: 'plain' }),
  );
  const rows = screen(state, SMALL).slice(2, 5);
  const columns = rows.map((row) => displayWidth(row.slice(0, row.search(/日|family|plain/))));
  expect(new Set(columns).size).toBe(1);
  for (const row of rows) expect(displayWidth(row)).toBeLessThanOrEqual(80);
  expect(rows[0]).toMatch(/…$/);
});

test('at every size the picture fills the screen, and no row is wider than it', () => {
  const long = webJob('a-name-that-is-much-longer-than-any-name-ought-to-be@eu-west-1', {
    state: 'backoff',
    lastExit: { ...EXIT, code: null, signal: 'SIGKILL' },
    description: 'd'.repeat(300),
    tags: ['one', 'two', 'three'],
  });
  const sentences = 'A sentence that says why. '.repeat(40);
  const state = knowing(long, ...Array.from({ length: 100 }, (_, at) => webJob(`job-${at}`)));
  for (const columns of [20, 40, 60, 80, 100, 132, 200, 400])
    for (const rows of [8, 24, 60]) {
      const look = { reasonOf: () => ({ clause: 'c'.repeat(300), sentences }) };
      const shown = screen(state, { columns, rows }, look);
      expect([columns, rows, shown.length]).toEqual([columns, rows, rows]);
      for (const row of shown) expect(displayWidth(row)).toBeLessThanOrEqual(columns);
    }
});

test('each state has the colour of its tone; without colours there are no escape sequences', () => {
  const look = { ...SMALL, now: NOW, reasonOf, printed: [] };
  const state = knowing(...JOBS);
  const picture = (color: boolean): string =>
    renderToString(createElement(Top, { state, look: { ...look, color } }), { columns: 80 });
  expect(picture(true)).toContain('\u001b[31m!\u001b[39m mailer ');
  expect(picture(true)).toContain('\u001b[31mbackoff (exit 3)');
  expect(picture(true)).toContain('\u001b[32m●\u001b[39m web@1 ');
  expect(picture(true)).toContain('\u001b[32mrunning');
  expect(picture(false)).not.toMatch(SEQUENCES);
  // Only the colours differ.
  expect(picture(true).replace(SEQUENCES, '').replace(/ +$/gm, '')).toBe(picture(false).replace(/ +$/gm, ''));
});

test('only the rows that fit are drawn, even of a thousand jobs', () => {
  const state = knowing(...Array.from({ length: 1_000 }, (_, at) => webJob(`job-${1_000 + at}`)));
  const rows = screen({ ...state, chosen: 'job-1500' }, SMALL);
  const shown = rows.filter((row) => /^[› ]● /.test(row));
  expect(shown).toHaveLength(tableRows(state, SMALL));
  expect(shown.at(-1)).toMatch(/^›● job-1500 /);
});

test('a lost daemon, a filter and a question each have a line of their own', () => {
  const state = knowing(...JOBS);
  const lost = { ...state, known: { ...state.known, lost: 'the daemon has ended' } };
  expect(screen(lost, SMALL)[1]).toBe(' No daemon: the daemon has ended. Looking for the next one …');
  const filtered = { ...state, filter: { text: 'im', state: 'failed', tag: null } } as const;
  expect(screen(filtered, SMALL)[1]).toBe(' only state failed, with "im" (Esc: all)');
  const ask = { question: 'stop web@1?', action: { action: 'stop', jobs: ['web@1'] } } as const;
  expect(screen({ ...state, ask }, SMALL).at(-1)).toBe(' stop web@1?  y / n');
  expect(screen(knowing(), SMALL)[2]).toBe('   no jobs');
});

test('the help lists every key, and says which of its rows are in view', () => {
  const state = { ...knowing(...JOBS), page: helpPage(false, { color: false }) };
  const rows = screen(state, SMALL);
  expect(rows[0]).toMatch(/^── keys ─+ 1–22 of \d+ ──$/);
  expect(rows.at(-1)).toBe(' ↑ ↓ scroll  / find  q back');
  expect(rows).toHaveLength(pageRows(SMALL) + 2);
  expect(rows).toContain('  x         stop, after a question');
});
