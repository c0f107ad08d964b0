import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WriteStream } from 'node:tty';
import { shortOutput } from '../../../../src/cli/terminal/short-output.ts';

const noStream = (): WriteStream => {
  throw new Error('no stream is needed');
};

let dir: string;
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'overseer-output-'))));
afterEach(() => rmSync(dir, { recursive: true }));

test('a file is written to without a stream, in the order of the writes', async () => {
  const path = join(dir, 'out');
  const descriptor = openSync(path, 'w');
  const output = shortOutput(descriptor, noStream);
  expect([output.isTerminal, output.columns, output.rows]).toEqual([false, Infinity, Infinity]);
  expect(await output.write('Zürich\n')).toBe(true);
  expect(await output.write('')).toBe(true);
  expect(await output.write(Buffer.from('web\n'))).toBe(true);
  closeSync(descriptor);
  expect(readFileSync(path, 'utf8')).toBe('Zürich\nweb\n');
  expect(output.trouble).toBeNull();
});

test('an error of the disk is told in words, and nothing more is written', async () => {
  const descriptor = openSync(join(dir, 'out'), 'w+');
  const reading = openSync(join(dir, 'out'), 'r');
  const output = shortOutput(reading, noStream);
  expect(await output.write('web\n')).toBe(false);
  expect(output.trouble).toContain('bad file descriptor');
  expect(await output.write('web\n')).toBe(false);
  for (const each of [descriptor, reading]) closeSync(each);
});

test('a reader that has gone is no trouble', async () => {
  const fifo = join(dir, 'fifo');
  execFileSync('mkfifo', [fifo]);
  const [reader, writer] = [openSync(fifo, 'r+'), openSync(fifo, 'w')];
  closeSync(reader);
  const output = shortOutput(writer, noStream);
  expect(await output.write('web\n')).toBe(false);
  expect(output.trouble).toBeNull();
  closeSync(writer);
});

test('/dev/null needs no stream; another device and what is closed have one', async () => {
  const [nothing, zeros] = [openSync('/dev/null', 'w'), openSync('/dev/zero', 'w')];
  expect(await shortOutput(nothing, noStream).write('web\n')).toBe(true);
  for (const descriptor of [zeros, 9_999])
    expect(() => shortOutput(descriptor, noStream)).toThrow('no stream is needed');
  for (const each of [nothing, zeros]) closeSync(each);
});
