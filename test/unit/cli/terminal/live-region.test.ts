import { Redrawn } from '../../../../src/cli/terminal/live-region.ts';
import type { Output } from '../../../../src/cli/terminal/output.ts';

/** A terminal whose size may change. */
class Resized implements Output {
  readonly isTerminal = true;
  readonly trouble = null;
  columns = 80;
  rows = 24;
  readonly written: string[] = [];

  write(data: string | Uint8Array): Promise<boolean> {
    this.written.push(String(data));
    return Promise.resolve(true);
  }
}

let terminal: Resized;
let region: Redrawn;
beforeEach(() => {
  terminal = new Resized();
  region = new Redrawn(terminal);
});
const drawn = async (text: string): Promise<string | undefined> => {
  await region.draw(text);
  return terminal.written.at(-1);
};

test('lines are drawn over those from before, whose rest is erased', async () => {
  expect(await drawn('one\ntwo\nthree\n')).toBe('one\u001b[K\ntwo\u001b[K\nthree\u001b[K\n\u001b[J');
  expect(await drawn('four\n')).toBe('\u001b[3A\rfour\u001b[K\n\u001b[J');
  expect(await drawn('five\n')).toBe('\u001b[1A\rfive\u001b[K\n\u001b[J');
  await region.leave();
  expect(terminal.written.at(-1)).toBe('\r\u001b[K');
});

test('on another width the screen is drawn anew', async () => {
  await drawn('one\n');
  terminal.columns = 60;
  expect(await drawn('one\n')).toBe('\u001b[2J\u001b[Hone\u001b[K\n\u001b[J');
  expect(await drawn('one\n')).toBe('\u001b[1A\rone\u001b[K\n\u001b[J');
});

test('lines that do not fit are counted', async () => {
  terminal.rows = 4;
  expect(await drawn('1\n2\n3\n')).toBe('1\u001b[K\n2\u001b[K\n3\u001b[K\n\u001b[J');
  expect(await drawn('1\n2\n3\n4\n')).toBe('\u001b[3A\r1\u001b[K\n2\u001b[K\n… and 2 more\u001b[K\n\u001b[J');
  terminal.rows = 1;
  expect(await drawn('1\n2\n3\n')).toBe('\u001b[3A\r1\u001b[K\n… and 2 more\u001b[K\n\u001b[J');
});
