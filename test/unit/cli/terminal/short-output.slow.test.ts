import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { WriteStream } from 'node:tty';
import { shortOutput } from '../../../../src/cli/terminal/short-output.ts';
import { newFolder } from '../../../support/new-folder.ts';

/** A pipe that does not wait, of which nothing has been read, and the stream that takes what it cannot. */
function slowPipe() {
  const fifo = join(newFolder(), 'fifo');
  execFileSync('mkfifo', [fifo]);
  const reader = openSync(fifo, constants.O_RDWR | constants.O_NONBLOCK);
  const writer = openSync(fifo, constants.O_WRONLY | constants.O_NONBLOCK);
  const streamed: Buffer[] = [];
  let fail: (error: Error) => void = () => undefined;
  let made = 0;
  const stream = (): WriteStream => {
    made += 1;
    return {
      isTTY: false,
      on: (_: string, listener: typeof fail) => void (fail = listener),
      write: (data: Uint8Array | string, done: () => void) => {
        streamed.push(Buffer.from(data));
        done();
        return true;
      },
    } as unknown as WriteStream;
  };
  const read = (): Buffer => {
    const block = Buffer.alloc(1 << 20);
    return block.subarray(0, readSync(reader, block));
  };
  return {
    output: shortOutput(writer, stream),
    read,
    streamed: () => Buffer.concat(streamed),
    made: () => made,
    fail: (error: Error) => fail(error),
    close: () => [reader, writer].forEach((each) => closeSync(each)),
  };
}

test('what a full pipe does not take goes on in a stream, every byte once and in its order', async () => {
  const { output, read, streamed, made, close } = slowPipe();
  const whole = Buffer.from(Array.from({ length: 100_000 }, (_, at) => `line ${at}\n`).join(''));
  expect(await output.write(whole)).toBe(true);
  const first = read();
  expect([first.length > 0, streamed().length > 0]).toEqual([true, true]);
  // There is room in the pipe again, but what comes now stands behind what was not taken.
  expect(await output.write('the end\n')).toBe(true);
  expect(Buffer.concat([first, streamed()]).equals(Buffer.concat([whole, Buffer.from('the end\n')]))).toBe(
    true,
  );
  expect([made(), output.trouble]).toEqual([1, null]);
  close();
});

test('an error of that stream is the trouble of the output', async () => {
  const { output, fail, close } = slowPipe();
  await output.write(Buffer.alloc(2_000_000));
  fail(Object.assign(new Error('ENOSPC: write'), { code: 'ENOSPC', syscall: 'write' }));
  expect([output.trouble, await output.write('more')]).toEqual([expect.stringMatching(/\S/), false]);
  close();
});
