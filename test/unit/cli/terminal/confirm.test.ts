import { PassThrough } from 'node:stream';
import { isConfirmed } from '../../../../src/cli/terminal/confirm.ts';
import { until } from '../../../support/until.ts';

const own = { stdin: process.stdin, stdout: process.stdout };
const given = (name: 'stdin' | 'stdout', value: unknown): void =>
  void Object.defineProperty(process, name, { value, configurable: true });
afterEach(() => {
  given('stdin', own.stdin);
  given('stdout', own.stdout);
});

/** The result of the question after this input; null ends the input. */
async function asked(typed: string | null, isDefault?: boolean): Promise<readonly [boolean, string]> {
  const [keys, screen] = [new PassThrough(), new PassThrough()];
  given('stdin', keys);
  given('stdout', screen);
  let shown = '';
  screen.on('data', (chunk: Buffer) => (shown += chunk.toString()));
  const answer = isConfirmed('Go on? ', isDefault);
  await until(() => shown.includes('Go on? '));
  if (typed === null) keys.end();
  else keys.write(typed);
  return [await answer, shown];
}

test.each([
  ['y\n', true],
  [' YES \n', true],
  ['n\n', false],
  ['yep\n', false],
  ['\n', false],
])('the answer %j is %s', async (typed, is) => {
  expect(await asked(typed)).toEqual([is, 'Go on? ']);
});

test('Enter alone takes the default, and a no is a no even where the default is yes', async () => {
  expect([(await asked('\n', true))[0], (await asked('n\n', true))[0]]).toEqual([true, false]);
});

test('the end of the input means no, even where the default is yes, and ends the line', async () => {
  expect(await asked(null, true)).toEqual([false, expect.stringMatching(/^Go on\? [\r\n]*\n$/)]);
});

test.each([
  ['Ctrl-C', '\u0003'],
  ['Ctrl-D', '\u0004'],
])('%s at a terminal means no, and the terminal is restored', async (_, key) => {
  const modes: boolean[] = [];
  const keys = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode: (isRaw: boolean) => void modes.push(isRaw),
  });
  const screen = Object.assign(new PassThrough(), { isTTY: true, columns: 80 });
  given('stdin', keys);
  given('stdout', screen);
  screen.resume();
  const answer = isConfirmed('Go on? ', true);
  await until(() => keys.listenerCount('keypress') > 0);
  keys.write(key);
  expect(await answer).toBe(false);
  expect([modes, keys.listenerCount('keypress'), keys.isPaused()]).toEqual([[true, false], 0, true]);
});

test('nothing reads from the terminal after the answer', async () => {
  const keys = new PassThrough();
  given('stdin', keys);
  given('stdout', new PassThrough());
  const answer = isConfirmed('Go on? ');
  keys.write('y\n');
  expect([await answer, keys.isPaused(), keys.listenerCount('end')]).toEqual([true, true, 0]);
});
