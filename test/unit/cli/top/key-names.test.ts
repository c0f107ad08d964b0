import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import { render, useInput, type Instance } from 'ink';
import { createElement } from 'react';
import { keyNames } from '../../../../src/cli/top/key-names.ts';
import { actOf } from '../../../../src/cli/top/keys.ts';
import { until } from '../../../support/until.ts';

let terminal: PassThrough;
let named: string[];
let shown: Instance;

function Heard() {
  useInput((input, key) => void named.push(...keyNames(input, key)));
  return null;
}

beforeEach(() => {
  named = [];
  terminal = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode: () => undefined,
    ref: () => undefined,
    unref: () => undefined,
  });
  const stdout = Object.assign(new EventEmitter(), { columns: 80, rows: 24, write: () => true });
  shown = render(createElement(Heard), {
    stdin: terminal as never,
    stdout: stdout as never,
    debug: true,
    exitOnCtrlC: false,
    patchConsole: false,
  });
});
afterEach(() => shown.unmount());

/** The names of what arrives in one read; a key that is known follows, so that none is waited for. */
async function namesOf(bytes: string): Promise<readonly string[]> {
  named = [];
  terminal.write(bytes);
  await new Promise(setImmediate);
  terminal.write('#');
  await until(() => named.at(-1) === '#');
  return named.slice(0, -1);
}

/** What xterm sends, in either mode of its cursor keys, and rxvt and the console where they differ. */
const SENT: readonly (readonly [key: string, sent: readonly string[], name: string])[] = [
  ['↑', ['\u001b[A', '\u001bOA'], 'up'],
  ['↓', ['\u001b[B', '\u001bOB'], 'down'],
  ['→', ['\u001b[C', '\u001bOC'], 'right'],
  ['←', ['\u001b[D', '\u001bOD'], 'left'],
  ['Home', ['\u001b[H', '\u001bOH', '\u001b[1~', '\u001b[7~'], 'home'],
  ['End', ['\u001b[F', '\u001bOF', '\u001b[4~', '\u001b[8~'], 'end'],
  ['PageUp', ['\u001b[5~'], 'pageup'],
  ['PageDown', ['\u001b[6~'], 'pagedown'],
  ['Delete', ['\u001b[3~'], 'backspace'],
  ['Backspace', ['\u007f', '\b'], 'backspace'],
  ['Enter', ['\r', '\n'], 'enter'],
  ['Tab', ['\t', '\u001b[Z'], 'tab'],
  ['Space', [' '], ' '],
  ['Shift-↑', ['\u001b[1;2A'], 'up'],
  ['Shift-End', ['\u001b[1;2F'], 'end'],
  ['Shift-PageDown', ['\u001b[6;2~'], 'pagedown'],
  ['Ctrl-B', ['\u0002'], 'ctrl-b'],
  ['Ctrl-C', ['\u0003'], 'ctrl-c'],
  ['Ctrl-F', ['\u0006'], 'ctrl-f'],
  ['Ctrl-L', ['\u000c'], 'ctrl-l'],
  ['Ctrl-Z', ['\u001a'], 'ctrl-z'],
  ['G', ['G'], 'G'],
  ['語', ['語'], '語'],
];

test.each(SENT)('the key %s is known by whatever a terminal sends for it', async (_, sent, name) => {
  for (const bytes of sent) expect([bytes, await namesOf(bytes)]).toEqual([bytes, [name]]);
});

test('Escape alone is a key as soon as nothing follows it', async () => {
  terminal.write('\u001b');
  await until(() => named.length > 0);
  expect(named).toEqual(['escape']);
});

test.each([
  ['Alt-x', '\u001bx'],
  ['Ctrl-→', '\u001b[1;5C'],
  ['Ctrl-Home', '\u001b[1;5H'],
  ['Insert', '\u001b[2~'],
  ['F1', '\u001bOP'],
  ['F5', '\u001b[15~'],
  ['Shift-F5', '\u001b[15;2~'],
  ['Ctrl-Space', '\u0000'],
])('the key %s does nothing in top', async (_, bytes) => {
  const acts = (await namesOf(bytes)).map((name) => actOf(name, false));
  expect(acts.filter((act) => act !== null)).toEqual([]);
});

test.each([
  ['Shift-F1', '\u001b[1;2P'],
  ['F13', '\u001b[25~'],
  ['a window that loses the focus', '\u001b[O'],
  ['the wheel of a mouse', '\u001b[<64;10;10M'],
])('%s, which top does not know, is taken neither for keys nor for text', async (_, bytes) => {
  expect(await namesOf(bytes)).toEqual([]);
});

/** `p` to `y` are the digits. */
test.each([
  ['1', '\u001bOq', '1'],
  ['9', '\u001bOy', '9'],
  ['/', '\u001bOo', '/'],
  ['Enter', '\u001bOM', 'enter'],
])('the key %s of a keypad in application mode is that key', async (_, bytes, name) => {
  expect(await namesOf(bytes)).toEqual([name]);
});

test('a capital O before a letter that no keypad sends is two keys', async () => {
  expect(await namesOf('Oa')).toEqual(['O', 'a']);
  expect(await namesOf('Oqj')).toEqual(['O', 'q', 'j']);
});

test('keys that arrive in one read are taken one by one, in their order', async () => {
  expect(await namesOf('jj\r語')).toEqual(['j', 'j', 'enter', '語']);
  expect(await namesOf('x\u0003')).toEqual(['x', 'ctrl-c']);
  expect(await namesOf('x\u0001\u001a')).toEqual(['x', 'ctrl-a', 'ctrl-z']);
  expect(await namesOf('a\u007f\n\u000c')).toEqual(['a', 'backspace', 'enter', 'ctrl-l']);
});

test('arrow keys that arrive in one read, as a held key sends them, are each a key', async () => {
  expect(await namesOf('\u001b[B\u001b[B\u001b[B')).toEqual(['down', 'down', 'down']);
  expect(await namesOf('j\u001b[Bk')).toEqual(['j', 'down', 'k']);
});
