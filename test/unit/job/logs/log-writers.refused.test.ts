import { mkdirSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { LogWriters } from '../../../../src/job/logs/log-writers.ts';
import { PipeStock, type Refill } from '../../../../src/job/logs/pipe-stock.ts';
import { thisOs } from '../../../../src/os/this-os.ts';
import { jest } from '@jest/globals';
import { FakeClock } from '../../../support/fake-clock.ts';
import { newFolder } from '../../../support/new-folder.ts';
import { openBelow } from '../../../support/open-files.ts';

const onLinux = process.platform === 'linux' ? test : test.skip;
/** No path may be longer on Linux. */
const PATH_MOST = 4_095;

let lines: string[];
let clock: FakeClock;
beforeEach(() => {
  lines = [];
  clock = new FakeClock();
});
afterEach(() => jest.restoreAllMocks());

const newWriters = (): LogWriters =>
  new LogWriters({ os: thisOs(), log: { line: (text) => lines.push(text) }, clock });
const prepared = (writers: LogWriters, path: string): Promise<void> =>
  new Promise((resolve) => writers.prepare(path, resolve));
/** A folder below another, its path this long. */
function longFolder(length: number): string {
  let folder = newFolder();
  while (folder.length < length) {
    const left = length - folder.length - 1;
    // At the end at least one character must be left.
    folder = join(folder, 'x'.repeat(left > 250 ? Math.min(200, left - 2) : left));
  }
  mkdirSync(folder, { recursive: true });
  return folder;
}

describe('where the system has no pipes', () => {
  /** Pipes would have names that are too long, and the log has not. */
  const newPath = (): string => join(longFolder(PATH_MOST - '/.pipes'.length), 'a');

  onLinux('a stock says so to all who wait, with what the tool complains of', async () => {
    const stock = new PipeStock(join(dirname(newPath()), '.pipes'));
    const refilled = (): Promise<Refill> => new Promise((resolve) => stock.refill(resolve));
    const refusal = { ok: false, lasts: true, why: expect.stringMatching(/^mkfifo: /) };
    expect(await Promise.all([refilled(), refilled()])).toEqual([refusal, refusal]);
    expect([stock.isEmpty, stock.take()]).toEqual([true, null]);
  });

  onLinux('a job writes to its log itself, and that is told once in a while', async () => {
    const path = newPath();
    const writers = newWriters();
    await prepared(writers, path);
    const told = /^log: no pipes for the outputs of jobs, which write to their logs themselves: mkfifo: /;
    expect([writers.isPrepared(path), lines]).toEqual([true, [expect.stringMatching(told)]]);
    const output = writers.open(path);
    output.startWriter();
    writeSync(output.fd, 'one\n');
    output.close();
    expect([readFileSync(path, 'utf8'), openBelow(dirname(path)), writers.find(path, 1)]).toEqual([
      'one\n',
      [],
      null,
    ]);
    clock.advance(59_999);
    expect(writers.isPrepared(path)).toBe(true);
    writers.open(path).close();
    clock.advance(1);
    expect(writers.isPrepared(path)).toBe(false);
    await prepared(writers, path);
    expect([lines.length, writers.isPrepared(path)]).toEqual([2, true]);
  });
});

describe('where there is no room for pipes just now', () => {
  onLinux('no job begins for a moment, and then it is tried again', async () => {
    const folder = join(newFolder(), 'logs');
    const path = join(folder, 'web.log');
    writeFileSync(folder, '');
    const writers = newWriters();
    await prepared(writers, path);
    rmSync(folder);
    mkdirSync(folder);
    expect([writers.isPrepared(path), lines]).toEqual([true, []]);
    expect(() => writers.open(path)).toThrow(
      expect.objectContaining({
        name: 'NoWriter',
        code: 'EAGAIN',
        syscall: 'spawn',
        message: expect.stringMatching(/^the process that writes its log cannot be started: .*ENOTDIR/),
      }),
    );
    expect(openBelow(folder)).toEqual([]);
    clock.advance(499);
    expect(writers.isPrepared(path)).toBe(true);
    clock.advance(1);
    expect(writers.isPrepared(path)).toBe(false);
    await prepared(writers, path);
    writers.open(path).close();
  });

  onLinux('an output that was not prepared is refused for want of room', () => {
    const path = join(newFolder(), 'web.log');
    const writers = newWriters();
    expect(writers.isPrepared(path)).toBe(false);
    expect(() => writers.open(path)).toThrow(
      'the process that writes its log cannot be started: there is no room for it (EAGAIN)',
    );
    expect(openBelow(dirname(path))).toEqual([]);
  });
});

describe('a stock of which pipes are taken', () => {
  const open: number[] = [];

  onLinux.each([
    [4, []],
    [5, [100]],
    [8, [100]],
    [9, [100]],
  ])('once %i of eight are taken, more are made after: %j ms', async (count, delays) => {
    const stock = new PipeStock(join(newFolder(), 'pipes'));
    await new Promise((resolve) => stock.refill(resolve));
    const set: unknown[] = [];
    const timers = jest.spyOn(globalThis, 'setTimeout').mockImplementation(((_: unknown, ms: number) => {
      set.push(ms);
      return { unref: () => ({}) };
    }) as never);
    const take = (): number => stock.take() ?? -1;
    for (let taken = 0; taken < count; taken += 1) open.push(take());
    timers.mockRestore();
    expect(set).toEqual(delays);
    expect(open.splice(0).filter((fd) => fd >= 0)).toHaveLength(Math.min(count, 8));
  });
});
