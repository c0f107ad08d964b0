import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { Screen } from '../../../../src/cli/top/screen.ts';
import { newFolder } from '../../../support/new-folder.ts';
import { until } from '../../../support/until.ts';

const LEAVE = '\u001b[0m\u001b[?7h\u001b[?25h\u001b[?1049l';
/** More than a pipe holds. */
const HUGE = 'x'.repeat(1_500_000);

/** A terminal of which nothing is read until the test reads. */
function slow() {
  const path = join(newFolder(), 'terminal');
  execFileSync('mkfifo', [path]);
  const reader = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  const fd = openSync(path, constants.O_WRONLY);
  let drained = 0;
  const screen = new Screen({ fd, columns: 80, rows: 24 }, () => (drained += 1));
  const buffer = Buffer.alloc(1 << 16);
  const read = (): string => {
    let text = '';
    for (;;)
      try {
        const count = readSync(reader, buffer);
        if (count === 0) return text;
        text += buffer.toString('latin1', 0, count);
      } catch {
        return text;
      }
  };
  const close = (): void => [fd, reader].forEach((each) => closeSync(each));
  return { screen, read, drained: () => drained, close };
}

// Elsewhere it opens the terminal of the process.
const onLinux = process.platform === 'linux' ? test : test.skip;

onLinux('a slow terminal gets every byte in its order, and says once when it has taken them', async () => {
  const { screen, read, drained, close } = slow();
  screen.enter();
  screen.draw([HUGE]);
  screen.draw([HUGE, 'second']);
  expect([screen.isBusy, screen.isGone, drained()]).toEqual([true, false, 0]);
  let text = '';
  await until(() => {
    const before = drained();
    text += read();
    // It is told only when nothing is under way.
    expect(before > 0 && screen.isBusy).toBe(false);
    return !screen.isBusy;
  });
  text += read();
  expect(drained()).toBe(1);
  const picture = (row: number, line: string): string => `\u001b[${row};1H\u001b[2K${line}\u001b[0m`;
  expect(text).toBe(
    `\u001b[?1049h\u001b[?25l\u001b[?7l\u001b[2J` +
      `\u001b[?2026h\u001b[2J${picture(1, HUGE)}\u001b[?2026l` +
      `\u001b[?2026h${picture(2, 'second')}\u001b[?2026l`,
  );
  screen.close();
  expect(read()).toBe(LEAVE);
  close();
});

onLinux('a terminal that takes nothing is given back after a while, and nothing comes later', () => {
  const { screen, read, drained, close } = slow();
  const timers = (): number => process.getActiveResourcesInfo().filter((each) => each === 'Timeout').length;
  const atFirst = timers();
  screen.enter();
  screen.draw([HUGE]);
  expect(timers()).toBe(atFirst + 1);
  const before = performance.now();
  screen.leave();
  expect([screen.isBusy, timers() - atFirst, performance.now() - before > 50]).toEqual([false, 0, true]);
  read();
  screen.enter();
  screen.draw(['again']);
  expect(read()).toMatch(/again/);
  screen.close();
  expect([timers() - atFirst, drained()]).toEqual([0, 0]);
  close();
});
