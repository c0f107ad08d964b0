import { EventEmitter } from 'node:events';
import type { WriteStream } from 'node:tty';
import { outputOf, type Output } from '../../../../src/cli/terminal/output.ts';
import { withWrite } from '../../../../src/cli/terminal/with-write.ts';

/** A stream that fails with this error once it is told to. */
class Stream extends EventEmitter {
  readonly isTTY: boolean;
  columns = 0;
  rows = 0;
  failure: Error | null = null;
  written = '';

  constructor(isTTY: boolean) {
    super();
    this.isTTY = isTTY;
  }

  write(data: string, done: (error?: Error | null) => void): boolean {
    if (this.failure === null) this.written += data;
    done(this.failure);
    if (this.failure !== null) this.emit('error', this.failure);
    return true;
  }
}

function over(stream: Stream): Output {
  return outputOf(stream as unknown as WriteStream);
}

test('a terminal has its size, or the usual one where it does not say; a pipe has no end', () => {
  const [terminal, pipe] = [new Stream(true), new Stream(false)];
  const [out, piped] = [over(terminal), over(pipe)];
  expect([out.isTerminal, out.columns, out.rows]).toEqual([true, 80, 24]);
  Object.assign(terminal, { columns: 100, rows: 50 });
  expect([out.columns, out.rows]).toEqual([100, 50]);
  expect([piped.isTerminal, piped.columns, piped.rows]).toEqual([false, Infinity, Infinity]);
});

test('what is written is told as read until the reader has gone, which is no trouble', async () => {
  const stream = new Stream(false);
  const out = over(stream);
  expect([await out.write('a'), await out.write(''), stream.written]).toEqual([true, true, 'a']);
  stream.failure = Object.assign(new Error('write EPIPE'), { code: 'EPIPE' });
  expect([await out.write('b'), out.trouble]).toEqual([false, null]);
  stream.failure = null;
  expect([await out.write('c'), await out.write(''), stream.written]).toEqual([false, false, 'a']);
});

test('an error of the system is told, the first of them', async () => {
  const stream = new Stream(false);
  const out = over(stream);
  const fail = (code: string): Promise<boolean> => {
    stream.failure = Object.assign(new Error(`${code}: write`), { code, syscall: 'write' });
    return out.write('x');
  };
  expect(await fail('ENOSPC')).toBe(false);
  const told = out.trouble;
  stream.emit('error', Object.assign(new Error('EIO: write'), { code: 'EIO', syscall: 'write' }));
  expect([typeof told, out.trouble]).toEqual(['string', told]);
});

test('an output with another way to write is the same in everything else', async () => {
  const stream = new Stream(true);
  const heard: unknown[] = [];
  const out = withWrite(over(stream), (data) => (heard.push(data), Promise.resolve(false)));
  Object.assign(stream, { columns: 33, rows: 7 });
  expect([await out.write('x'), heard, stream.written]).toEqual([false, ['x'], '']);
  expect([out.isTerminal, out.columns, out.rows, out.trouble]).toEqual([true, 33, 7, null]);
});
