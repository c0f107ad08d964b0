import { pressed, type Pressed } from '../../../../src/cli/top/pressed.ts';
import { helpPage, logPage } from '../../../../src/cli/top/pages.ts';
import { LogRows } from '../../../../src/cli/top/log-rows.ts';
import {
  pageTop,
  tagsOf,
  withRows,
  type ScreenPage,
  type TopState,
} from '../../../../src/cli/top/top-state.ts';
import { knowing, namesOf, webJob } from './web-jobs.ts';

const ROOM = { columns: 80, height: 10 };
const press = (state: TopState, ...keys: readonly string[]): Pressed =>
  keys.reduce<Pressed>((before, key) => pressed(before.state, key, ROOM), { state, wish: null });

const table = knowing(webJob('api'), webJob('web'), webJob('worker'));
const rows = Array.from({ length: 30 }, (_, at) => `row ${at}`);
const pageOf = (kind: ScreenPage['kind']): ScreenPage => ({
  ...helpPage(false, { color: false }),
  kind,
  rows: () => rows,
});

describe('the question below a plan', () => {
  const ask = { question: 'Do this?', action: { action: 'apply', plan: 'p1' } } as const;
  const asked: TopState = { ...table, page: pageOf('plan'), ask };

  test('y carries out the plan and closes its page, and no answer but y does', () => {
    for (const yes of ['y', 'Y'])
      expect(press(asked, yes)).toEqual({
        state: { ...table, page: null, ask: null },
        wish: { kind: 'steer', action: ask.action },
      });
    for (const no of ['n', 'N', 'escape', 'q', 'enter'])
      expect(press(asked, no)).toEqual({
        state: { ...table, page: null, ask: null, message: { text: 'Nothing was done.', isBad: false } },
        wish: null,
      });
  });

  test('while a plan waits for its answer, it is scrolled and searched like any page', () => {
    expect(press(asked, 'down', 'down').state).toMatchObject({ page: { top: 2 }, ask });
    const searching = press(asked, '/', 'y', 'n').state;
    expect(searching).toMatchObject({ isTyping: true, page: { find: 'yn' }, ask });
    expect(press(searching, 'escape', 'y').wish).toMatchObject({ kind: 'steer' });
  });
});

test('only a log goes on at its end; any other page stays where it is', () => {
  for (const kind of ['why', 'plan', 'help', 'report'] as const)
    expect(press({ ...table, page: pageOf(kind) }, 'end').state.page).toMatchObject({
      top: 20,
      isFollowing: false,
    });
});

test('a page further or back leaves one row to go on from', () => {
  const inPage: TopState = { ...table, page: pageOf('why') };
  expect(press(inPage, 'pagedown').state.page?.top).toBe(9);
  expect(press(inPage, 'pagedown', 'pagedown', 'pageup').state.page?.top).toBe(9);
  const room = { columns: 80, height: 1 };
  expect(pressed(inPage, 'pagedown', room).state.page?.top).toBe(1);
  expect(pressed(table, 'pagedown', room).state.chosen).toBe('web');
});

test('a page that has become shorter is shown to its end', () => {
  const page = { ...pageOf('why'), top: 15 };
  expect([pageTop(page, 30, 10), pageTop(page, 18, 10), pageTop(page, 5, 10)]).toEqual([15, 8, 0]);
  expect(pageTop({ ...page, isFollowing: true }, 30, 10)).toBe(20);
});

test('a search from the log of a job is undone before the page is left, and q leaves at once', () => {
  const log = new LogRows(false);
  for (const row of rows) log.push(row);
  const found = press({ ...table, page: logPage('web', log) }, '/', '7', 'enter').state;
  expect(found.page).toMatchObject({ find: '7', hit: 27 });
  const again = press(found, '/').state;
  expect(again).toMatchObject({ isTyping: true, page: { find: '', hit: null } });
  expect(press(found, 'escape').state.page).toMatchObject({ find: '', hit: null, top: 22 });
  expect(press(found, 'q').state.page).toBeNull();
});

test('a letter of any size is one letter of a text that is typed, and Backspace takes all of it', () => {
  const own = knowing(webJob('a', { description: '🚀 é' }), webJob('b'));
  const typed = press(own, '/', '🚀').state;
  expect([typed.filter.text, namesOf(typed)]).toEqual(['🚀', ['a']]);
  expect(press(typed, 'backspace').state.filter.text).toBe('');
  const inPage = press({ ...own, page: pageOf('why') }, '/', '🚀', 'x').state;
  expect(inPage.page?.find).toBe('🚀x');
  expect(press(inPage, 'backspace', 'backspace').state.page?.find).toBe('');
});

test('the next order begins the right way round, and Esc leaves the order as it is', () => {
  const turned = press(table, 'o', 'O').state;
  expect(turned).toMatchObject({ sort: 'name', isReversed: true });
  expect(press(turned, 'o').state).toMatchObject({ sort: 'cpu', isReversed: false });
  expect(press(turned, ' ', 'escape').state).toMatchObject({
    sort: 'name',
    isReversed: true,
    marked: new Set(),
  });
});

test('Space takes its mark away again, and goes one row down each time', () => {
  const marked = press(table, ' ').state;
  expect([[...marked.marked], marked.chosen]).toEqual([['api'], 'web']);
  const none = press(marked, 'up', ' ').state;
  expect([[...none.marked], none.chosen]).toEqual([[], 'web']);
  expect(press(table, 'end', ' ').state.chosen).toBe('worker');
});

test('when the last rows are gone, the last one that is left is chosen', () => {
  const state = press(table, 'end').state;
  const known = (...names: readonly string[]): TopState =>
    withRows(state, { known: { jobs: new Map(names.map((name) => [name, webJob(name)])), lost: null } });
  expect([known('api', 'web').chosen, known('api').chosen, known().chosen]).toEqual(['web', 'api', null]);
});

test('tags come in the order of the alphabet, whichever job has them', () => {
  const state = knowing(webJob('a', { tags: ['zoo', 'eu'] }), webJob('b', { tags: ['prod', 'eu'] }));
  expect(tagsOf(state)).toEqual(['eu', 'prod', 'zoo']);
});
