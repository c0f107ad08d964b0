import { namesText, pressed, type Pressed } from '../../../../src/cli/top/pressed.ts';
import { helpPage, logPage } from '../../../../src/cli/top/pages.ts';
import { LogRows } from '../../../../src/cli/top/log-rows.ts';
import styledWidth from '../../../../src/cli/top/styled-width.ts';
import type { TopState } from '../../../../src/cli/top/top-state.ts';
import { knowing, namesOf, webJob } from './web-jobs.ts';

const ROOM = { columns: 80, height: 10 };
const press = (state: TopState, ...keys: readonly string[]): Pressed =>
  keys.reduce<Pressed>((before, key) => pressed(before.state, key, ROOM), { state, wish: null });

const table = knowing(webJob('api'), webJob('web'), webJob('worker'));
const inPage: TopState = { ...table, page: helpPage(false, { color: false }) };
const inLog: TopState = { ...table, page: logPage('web', new LogRows(false)) };

test.each([
  ['ctrl-c', 'quit'],
  ['ctrl-z', 'suspend'],
  ['ctrl-l', 'redraw'],
])('%s does the same on the table, in a page, and while a text is typed', (key, kind) => {
  for (const state of [table, inPage, press(table, '/', 'w').state, press(inPage, '/', 'w').state])
    expect(press(state, key)).toEqual({ state, wish: { kind } });
});

test('Backspace shortens a text and Ctrl-U empties it; Backspace on none ends the typing', () => {
  const typed = press(table, '/', 'w', 'o', 'x').state;
  expect([typed.filter.text, namesOf(typed)]).toEqual(['wox', []]);
  const shorter = press(typed, 'backspace').state;
  expect([shorter.filter.text, namesOf(shorter), shorter.isTyping]).toEqual(['wo', ['worker'], true]);
  const none = press(typed, 'ctrl-u').state;
  expect([none.filter.text, namesOf(none).length, none.isTyping]).toEqual(['', 3, true]);
  expect(press(none, 'backspace').state).toEqual({ ...none, isTyping: false });
  expect(press(typed, 'escape').state).toMatchObject({ isTyping: false, filter: { text: '' } });
  // A key without a letter is none of the text.
  expect(press(typed, 'pageup').state).toEqual(typed);
});

test('a text in a page is shortened and emptied as in the table', () => {
  const typed = press(inPage, '/', 's', 't', 'x').state;
  expect(press(typed, 'backspace').state.page?.find).toBe('st');
  const none = press(typed, 'ctrl-u').state;
  expect([none.page?.find, none.isTyping]).toEqual(['', true]);
  expect(press(none, 'backspace').state).toMatchObject({ isTyping: false, page: { kind: 'help' } });
  expect(press(typed, 'escape').state).toMatchObject({ isTyping: false, page: { find: '' } });
  expect(press(typed, 'pageup').state).toEqual(typed);
  for (const end of ['enter', 'up', 'down'])
    expect(press(typed, end).state).toMatchObject({ isTyping: false, page: { find: 'stx' } });
});

test('from the log of a job one key leads to its why and back, and Enter does not', () => {
  expect(press(inLog, 'w').wish).toEqual({ kind: 'why', job: 'web' });
  expect(press(inLog, 'l').wish).toEqual({ kind: 'logs', job: 'web' });
  expect(press(inLog, 'enter').wish).toBeNull();
  expect(press(inPage, 'w').wish).toBeNull();
  // Nothing is started from a page.
  expect(press(inLog, 's')).toEqual({ state: inLog, wish: null });
});

test('a message goes at the next key, and an answered question leaves one', () => {
  const told = { ...table, message: { text: 'done', isBad: false } };
  expect(press(told, 'nothing').state.message).toBeNull();
  expect(press(table, 'x', 'n').state.message).toEqual({ text: 'Nothing was done.', isBad: false });
  expect(press(table, 'x', 'Y').wish).toMatchObject({ kind: 'steer' });
});

test('without a job no key of a job does anything', () => {
  const empty = knowing();
  for (const key of ['enter', 'w', 'l', 's', 'x', 'r', ' ', 'right', 'up', 'down', 'end'])
    expect([key, press(empty, key)]).toEqual([key, { state: empty, wish: null }]);
});

test('several jobs are named by the first and their number', () => {
  expect([namesText([]), namesText(['web']), namesText(['web', 'db', 'mq'])]).toEqual([
    '',
    'web',
    'web and 2 more',
  ]);
});

test('the width of a text is that without its colours', () => {
  expect([styledWidth('web'), styledWidth('\u001b[31mweb\u001b[0m 日'), styledWidth('')]).toEqual([3, 6, 0]);
});
