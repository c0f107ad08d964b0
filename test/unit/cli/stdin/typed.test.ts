import { PassThrough } from 'node:stream';
import { typedAtTerminal, typedElsewhere, type Typed, type Typing } from '../../../../src/cli/stdin/typed.ts';
import { KeptOutput } from '../../../support/fake-cli.ts';
import { until } from '../../../support/until.ts';

const own = { stdin: process.stdin, stdout: process.stdout };
const given = (name: 'stdin' | 'stdout', value: unknown): void =>
  void Object.defineProperty(process, name, { value, configurable: true });
let typed: Typed | null = null;
afterEach(() => {
  typed?.end();
  typed = null;
  given('stdin', own.stdin);
  given('stdout', own.stdout);
});

/** Somebody who types, what of it is sent on, and what they see. */
function typing(
  begin: (typing: Typing) => Typed,
  isRoom: () => Promise<void> = () => Promise.resolve(),
  columns?: number,
) {
  const [keys, screen] = [new PassThrough(), Object.assign(new PassThrough(), { columns })];
  given('stdin', keys);
  given('stdout', screen);
  let shown = '';
  screen.on('data', (chunk: Buffer) => (shown += chunk.toString()));
  const out = new KeptOutput({ columns: 80 });
  const sent: string[] = [];
  let leaves = 0;
  typed = begin({
    out,
    onBytes: async (bytes) => {
      sent.push(bytes.toString());
      await isRoom();
    },
    onLeave: () => (leaves += 1),
  });
  return { keys, out, sent, job: typed.out, left: () => leaves, shown: () => shown };
}

describe('at a terminal', () => {
  test('each line is sent when it is complete, as it was edited', async () => {
    const { keys, sent } = typing(typedAtTerminal);
    keys.write('helo');
    keys.write('\u007flo\rbye\r');
    await until(() => sent.length === 2);
    expect(sent).toEqual(['hello\n', 'bye\n']);
  });

  test('a line that waits for room is sent before the next one', async () => {
    let go = (): void => undefined;
    const room = new Promise<void>((resolve) => (go = resolve));
    const { keys, sent } = typing(typedAtTerminal, () => room);
    keys.write('one\rtwo\r');
    await until(() => sent.length > 0);
    await new Promise((resolve) => setImmediate(resolve));
    expect(sent).toEqual(['one\n']);
    go();
    await until(() => sent.length === 2);
  });

  test.each([
    ['Ctrl-]', '\u001d'],
    ['Ctrl-C', '\u0003'],
    ['Ctrl-D', '\u0004'],
  ])('%s leaves', async (_, key) => {
    const { keys, sent, left } = typing(typedAtTerminal);
    keys.write(key);
    await until(() => left() > 0);
    expect(sent).toEqual([]);
  });

  test('a Ctrl-] is no part of what is sent', async () => {
    const { keys, sent, left } = typing(typedAtTerminal);
    keys.write('half\u001d\r');
    await until(() => sent.length > 0);
    expect([sent, left()]).toEqual([['half\n'], 1]);
  });

  test('what the job prints appears above what is being typed, which is drawn again', async () => {
    const { keys, out, job, shown } = typing(typedAtTerminal);
    keys.write('half');
    await until(() => shown().includes('half'));
    expect(await job.write('one line\n')).toBe(true);
    expect(out.text).toBe('\r\u001b[Jone line\n');
    expect(shown().slice(shown().indexOf('half') + 4)).toContain('half');
    expect([job.isTerminal, job.columns]).toEqual([true, 80]);
  });

  test('an unfinished line of the job is the prompt until somebody has answered it', async () => {
    const { keys, out, job, sent, shown } = typing(typedAtTerminal);
    await job.write('hello\nyour name? ');
    expect([out.text, shown()]).toEqual(['\r\u001b[Jhello\n', expect.stringContaining('your name? ')]);
    await job.write('(or none) ');
    expect(shown()).toContain('your name? (or none) ');
    keys.write('me\r');
    await until(() => sent.length > 0);
    await job.write('welcome\n');
    expect(out.text.endsWith('\r\u001b[Jwelcome\n')).toBe(true);
  });

  test('an unfinished line that is too long for a prompt stands on a line of its own', async () => {
    const { out, job } = typing(typedAtTerminal);
    const longest = 'x'.repeat(1_000);
    await job.write(longest);
    expect(out.text).toBe('\r\u001b[J');
    await job.write('y');
    expect(out.text.endsWith(`\r\u001b[J${longest}y\n`)).toBe(true);
  });

  test('the prompt goes with the line that answers it, before the job prints anything more', async () => {
    const { keys, job, sent, shown } = typing(typedAtTerminal);
    await job.write('your name? ');
    keys.write('me\r');
    await until(() => sent.length > 0);
    const answered = shown().length;
    keys.write('next');
    await until(() => shown().slice(answered).includes('t'));
    // Ctrl-L has the line drawn anew.
    keys.write('\u000c');
    await until(() => shown().slice(answered).includes('next', 4));
    expect(shown().slice(answered)).not.toContain('your name?');
  });

  test('a line that is being typed over several rows is erased as a whole before the job prints', async () => {
    const { keys, out, job, shown } = typing(typedAtTerminal, undefined, 10);
    keys.write('x'.repeat(25));
    await until(() => shown().replaceAll(/[^x]/g, '').length >= 25);
    await job.write('printed\n');
    expect(out.text).toBe('\u001b[2A\r\u001b[Jprinted\n');
  });

  test('a key after the end is no key of ours', () => {
    const { keys, left } = typing(typedAtTerminal);
    typed?.end();
    const before = left();
    keys.emit('keypress', undefined, { sequence: '\u001d' });
    expect(left()).toBe(before);
  });
});

describe('from a pipe', () => {
  test('bytes are passed on as they are, and the next ones only when there is room', async () => {
    let go = (): void => undefined;
    const room = new Promise<void>((resolve) => (go = resolve));
    const { keys, sent, left } = typing(typedElsewhere, () => room);
    keys.write('no newline');
    await until(() => sent.length === 1);
    keys.write('more');
    await new Promise((resolve) => setImmediate(resolve));
    expect(sent).toEqual(['no newline']);
    go();
    await until(() => sent.length === 2);
    expect([sent[1], left()]).toEqual(['more', 0]);
  });

  test.each([
    ['text before it is sent', 'last\u001dnever', ['last']],
    ['nothing is sent where it comes first', '\u001dnever', []],
  ])('a Ctrl-] leaves: %s', async (_, bytes, expected) => {
    const { keys, sent, left } = typing(typedElsewhere);
    keys.write(bytes);
    await until(() => left() > 0);
    keys.write('more');
    await new Promise((resolve) => setImmediate(resolve));
    expect([sent, left()]).toEqual([expected, 1]);
  });

  test('the output is the one that was given, and the end lets go of the input', () => {
    const { keys, out, job } = typing(typedElsewhere);
    expect(job).toBe(out);
    typed?.end();
    expect(keys.destroyed).toBe(true);
  });
});
