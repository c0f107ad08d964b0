import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Screen } from '../../../../src/cli/top/screen.ts';
import { newFolder } from '../../../support/new-folder.ts';
import { openBelow } from '../../../support/open-files.ts';

const BEGIN = '\u001b[?2026h';
const END = '\u001b[?2026l';
const ENTER = '\u001b[?1049h\u001b[?25l\u001b[?7l\u001b[2J';
const LEAVE = '\u001b[0m\u001b[?7h\u001b[?25h\u001b[?1049l';
const line = (row: number, text: string): string => `\u001b[${row};1H\u001b[2K${text}\u001b[0m`;

/** A screen that writes into a file, and what was written since that was asked for last. */
function screen(size: { readonly columns: number; readonly rows: number } = { columns: 40, rows: 5 }) {
  const path = join(newFolder(), 'terminal');
  // On Linux it is opened anew, so each writes at its own place.
  const fd = openSync(path, 'a');
  let drained = 0;
  const drawn = new Screen({ fd, ...size }, () => (drained += 1));
  let seen = 0;
  const written = (): string => {
    const text = readFileSync(path, 'utf8');
    const fresh = text.slice(seen);
    seen = text.length;
    return fresh;
  };
  return { drawn, written, drained: () => drained, close: () => closeSync(fd) };
}

test('a screen has the size of its terminal, or that of the oldest ones', () => {
  const [known, unknown] = [screen(), screen({ columns: 0, rows: 0 })];
  expect([known.drawn.columns, known.drawn.rows]).toEqual([40, 5]);
  expect([unknown.drawn.columns, unknown.drawn.rows]).toEqual([80, 24]);
});

test('nothing is drawn before a screen is entered, nor after it is left', () => {
  if (process.platform !== 'linux') return;
  const { drawn, written, close } = screen();
  drawn.draw(['a']);
  drawn.leave();
  expect(written()).toBe('');
  drawn.enter();
  expect(written()).toBe(ENTER);
  drawn.draw(['a']);
  written();
  drawn.leave();
  expect([written(), drawn.isBusy, drawn.isGone]).toEqual([LEAVE, false, false]);
  drawn.draw(['b']);
  drawn.close();
  close();
});

test('only the rows that differ are drawn, rows of a larger picture go, and all at once', () => {
  if (process.platform !== 'linux') return;
  const { drawn, written, drained, close } = screen();
  drawn.enter();
  written();
  const draw = (...lines: readonly string[]): string => {
    drawn.draw(lines);
    return written();
  };
  expect([draw('a', 'b', 'c'), draw('a', 'x', 'c'), draw('a', 'x', 'c'), draw('a')]).toEqual([
    `${BEGIN}\u001b[2J${line(1, 'a')}${line(2, 'b')}${line(3, 'c')}${END}`,
    `${BEGIN}${line(2, 'x')}${END}`,
    '',
    `${BEGIN}\u001b[2;1H\u001b[J${END}`,
  ]);
  drawn.forget();
  expect(draw('a')).toBe(`${BEGIN}\u001b[2J${line(1, 'a')}${END}`);
  drawn.close();
  expect([written(), drained()]).toEqual([LEAVE, 0]);
  close();
});

test('a screen that is entered again is drawn in full', () => {
  if (process.platform !== 'linux') return;
  const { drawn, written, close } = screen();
  drawn.enter();
  drawn.draw(['a', 'b']);
  drawn.leave();
  written();
  drawn.enter();
  drawn.draw(['a', 'b']);
  expect(written()).toBe(`${ENTER}${BEGIN}\u001b[2J${line(1, 'a')}${line(2, 'b')}${END}`);
  drawn.close();
  close();
});

test('a terminal that cannot be written to has gone, and holds nothing up', () => {
  const drawn = new Screen({ fd: 1_000_000, columns: 1, rows: 1 }, () => undefined);
  drawn.enter();
  expect([drawn.isGone, drawn.isBusy]).toEqual([true, false]);
  drawn.leave();
});

test('a closed screen leaves open what the process had open, and nothing else', () => {
  if (process.platform !== 'linux') return;
  const path = join(newFolder(), 'terminal');
  const fd = openSync(path, 'a');
  const drawn = new Screen({ fd, columns: 40, rows: 5 }, () => undefined);
  drawn.enter();
  expect(openBelow(path)).toHaveLength(2);
  drawn.close();
  expect(openBelow(path)).toHaveLength(1);
  closeSync(fd);
});
