import { actOf, keysFor, type Act } from '../../../../src/cli/top/keys.ts';
import { keyNames } from '../../../../src/cli/top/key-names.ts';

/** What each key of the table does, as the manual has it. */
const ACTS: Readonly<Record<string, Act>> = {
  enter: 'why',
  w: 'why',
  l: 'logs',
  s: 'start',
  x: 'stop',
  r: 'restart',
  p: 'plan',
  '/': 'text',
  f: 'state',
  t: 'tag',
  o: 'sort',
  O: 'reverse',
  '?': 'help',
  h: 'help',
  q: 'quit',
  'ctrl-c': 'quit',
  ' ': 'mark',
  right: 'fold',
  left: 'fold',
  escape: 'clear',
  up: 'up',
  k: 'up',
  down: 'down',
  j: 'down',
  pageup: 'pageUp',
  'ctrl-b': 'pageUp',
  pagedown: 'pageDown',
  'ctrl-f': 'pageDown',
  home: 'first',
  g: 'first',
  end: 'last',
  G: 'last',
  'ctrl-z': 'suspend',
  'ctrl-l': 'redraw',
};

test('each key of top does one thing, and there are no others', () => {
  const all = keysFor(false).flatMap(({ act, keys }) => keys.map((key) => [key, act] as const));
  expect(Object.fromEntries(all)).toEqual(ACTS);
  expect(all).toHaveLength(Object.keys(ACTS).length);
  for (const [key, act] of Object.entries(ACTS)) expect([key, actOf(key, false)]).toEqual([key, act]);
});

test('read-only leaves out the keys that change something, and no other', () => {
  const left = Object.keys(ACTS).filter((key) => actOf(key, true) === null);
  expect(left).toEqual(['s', 'x', 'r', ' ']);
});

test('a label of top names a key that does what is said beside it', () => {
  for (const { act, label } of keysFor(false))
    for (const word of label.split(' ')) {
      const name = { Space: ' ', Esc: 'escape', '↑': 'up', '↓': 'down', '→': 'right', '←': 'left' }[word];
      const key = name ?? (word.length === 1 ? word : word.toLowerCase());
      expect([label, actOf(key, false)]).toEqual([label, act]);
    }
});

test('every key of a terminal that has a name is known by it', () => {
  const named = {
    upArrow: 'up',
    downArrow: 'down',
    leftArrow: 'left',
    rightArrow: 'right',
    pageUp: 'pageup',
    pageDown: 'pagedown',
    home: 'home',
    end: 'end',
    return: 'enter',
    escape: 'escape',
    backspace: 'backspace',
    delete: 'backspace',
    tab: 'tab',
  };
  for (const [flag, name] of Object.entries(named)) expect(keyNames('', { [flag]: true })).toEqual([name]);
});

test('control characters that arrive together are Ctrl with their letters, from a to z', () => {
  expect(keyNames('\u0001\u001a\u000c', {})).toEqual(['ctrl-a', 'ctrl-z', 'ctrl-l']);
  expect(keyNames('\n\u007f\b', {})).toEqual(['enter', 'backspace', 'backspace']);
});
