import { actOf, keysFor, type Act } from '../../../../src/cli/top/keys.ts';

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

test('each key of top does one thing, and no other key does anything', () => {
  const all = keysFor(false).flatMap(({ act, keys }) => keys.map((key) => [key, act] as const));
  expect(Object.fromEntries(all)).toEqual(ACTS);
  expect(all).toHaveLength(Object.keys(ACTS).length);
  for (const [key, act] of Object.entries(ACTS)) expect([key, actOf(key, false)]).toEqual([key, act]);
});

test('with --read-only the keys that change something do nothing, and all others work', () => {
  const left = Object.keys(ACTS).filter((key) => actOf(key, true) === null);
  expect(left).toEqual(['s', 'x', 'r', ' ']);
});

test('the label of an entry in the help names a key that does what the entry says', () => {
  for (const { act, label } of keysFor(false))
    for (const word of label.split(' ')) {
      const name = { Space: ' ', Esc: 'escape', '↑': 'up', '↓': 'down', '→': 'right', '←': 'left' }[word];
      const key = name ?? (word.length === 1 ? word : word.toLowerCase());
      expect([label, actOf(key, false)]).toEqual([label, act]);
    }
});
