import { spawnSync } from 'node:child_process';
import { closeSync, constants, openSync, readSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sendBytes } from '../../../../src/cli/stdin/send-bytes.ts';
import { newFolder } from '../../../support/new-folder.ts';
import { openBelow } from '../../../support/open-files.ts';

const { O_NONBLOCK, O_RDONLY } = constants;

let path: string;
const open: number[] = [];
beforeEach(() => {
  path = join(newFolder(), 'web');
  spawnSync('mkfifo', [path]);
});
afterEach(() => {
  for (const fd of open.splice(0)) closeSync(fd);
  // The pipe is closed again in every case.
  expect(openBelow(path)).toEqual([]);
});

/** A reader that has the pipe open. */
function reader(): number {
  const fd = openSync(path, O_RDONLY | O_NONBLOCK);
  open.push(fd);
  return fd;
}
const send = (bytes: string | Buffer, more: object = {}): Promise<string | null> =>
  sendBytes({ job: 'web', path }, Buffer.from(bytes), more);

function readAll(fd: number): string {
  const block = Buffer.alloc(1 << 20);
  return block.toString('utf8', 0, readSync(fd, block));
}

test('bytes reach the reader of the pipe', async () => {
  const fd = reader();
  expect(await send('one\n')).toBeNull();
  expect(readAll(fd)).toBe('one\n');
  expect(await send('')).toBeNull();
});

test('a pipe without a reader, and a file in place of the pipe, are reported', async () => {
  const nobody = 'web has no open standard input any more: `overseer why web` says why';
  expect([await send('x'), await sendBytes({ job: 'web', path: `${path}.no` }, Buffer.from('x'))]).toEqual([
    nobody,
    nobody,
  ]);
  writeFileSync(`${path}.file`, '');
  expect(await sendBytes({ job: 'web', path: `${path}.file` }, Buffer.from('x'))).toBe(
    `web: ${path}.file is a file, not the pipe that overseer made: move it away`,
  );
});

test('more than fits into a pipe is sent while the job reads', async () => {
  const fd = reader();
  const bytes = Buffer.from(Array.from({ length: 30_000 }, (_, at) => `${at}\n`).join(''));
  const sending = send(bytes);
  let read = '';
  while (read.length < bytes.length) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    try {
      read += readAll(fd);
    } catch (error) {
      expect((error as NodeJS.ErrnoException).code).toBe('EAGAIN');
    }
  }
  expect([await sending, read === bytes.toString()]).toEqual([null, true]);
});

test('a slow reader gets everything, however long it takes', async () => {
  const fd = reader();
  const bytes = Buffer.alloc(65_536 + 12 * 8_192, 'x');
  const begun = performance.now();
  let isOver = false;
  const sending = send(bytes).finally(() => (isOver = true));
  while (!isOver) {
    await new Promise((resolve) => setTimeout(resolve, performance.now() - begun < 1_500 ? 150 : 1));
    try {
      readSync(fd, Buffer.alloc(8_192));
    } catch (error) {
      expect((error as NodeJS.ErrnoException).code).toBe('EAGAIN');
    }
  }
  expect(await sending).toBeNull();
});

test('sending to a job that does not read gives up after a while, and says how much was sent', async () => {
  reader();
  expect(await send(Buffer.alloc(100_000))).toBe(
    'web does not read its standard input, which is full: only 65536 of 100000 bytes were sent',
  );
  expect(await send('y')).toBe('web does not read its standard input, which is full: nothing was sent');
});

test('the choice to wait is offered once, and waiting can still be interrupted', async () => {
  reader();
  const interrupted = new AbortController();
  let asked = 0;
  const goesOn = (): boolean => {
    asked += 1;
    setTimeout(() => interrupted.abort(), 100);
    return true;
  };
  expect(await send(Buffer.alloc(65_536 + 10), { goesOn, interrupted: interrupted.signal })).toBe(
    'web did not read the last 10 bytes',
  );
  expect(asked).toBe(1);
});

test('a job that ends in between has read only what came before', async () => {
  const fd = reader();
  const sending = send(Buffer.alloc(100_000));
  open.length = 0;
  closeSync(fd);
  expect(await sending).toBe('web has ended and read only what came before');
});
