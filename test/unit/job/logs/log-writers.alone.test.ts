import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { LogPipes } from '../../../../src/job/logs/log-pipes.ts';
import { LogWriters } from '../../../../src/job/logs/log-writers.ts';
import type { Refill } from '../../../../src/job/logs/pipe-stock.ts';
import type { Identity, ProcessInfo } from '../../../../src/os/os.ts';
import { CannotAsk } from '../../../../src/os/system-error.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { namedFiles, type NamedFiles } from '../../../support/named-files.ts';
import { newFolder } from '../../../support/new-folder.ts';

const LEADER = 70;
const PIPE = { path: '/proc/70/fd/1', key: '3 1' };

let path: string;
let clock: FakeClock;
let lines: string[];
/** The start of each process that lives. */
let living: Map<number, string>;
let writers: LogWriters;
/** Folders of pipes, and what the system answers. */
let stocks: string[];
let pipesLeft: number;
let refill: Refill;
let refills: number;
let pipe: typeof PIPE | null;
let copier: Identity | null;
/** Copying processes in the order of their start, each with the files that it was given. */
let copies: (Parameters<LogPipes['copy']>[2] & { readonly files: readonly string[] })[];
let hasRoom: boolean;
let canAsk: boolean;
let open: NamedFiles['open'];
let disk: NamedFiles['disk'];

beforeEach(() => {
  path = join(newFolder(), 'web.log');
  clock = new FakeClock();
  [lines, stocks, copies, refills, pipesLeft] = [[], [], [], 0, 0];
  [pipe, copier, hasRoom, canAsk] = [PIPE, null, true, true];
  [living, refill] = [new Map(), { ok: true }];
  const { stand } = ({ open, disk } = namedFiles());
  const pipes: LogPipes = {
    stockOf: (folder) => {
      stocks.push(folder);
      return {
        get isEmpty() {
          return pipesLeft === 0;
        },
        refill: (done) => {
          refills += 1;
          if (refill.ok) pipesLeft = 8;
          done(refill);
        },
        take: () => (pipesLeft === 0 ? null : ((pipesLeft -= 1), stand('pipe'))),
      };
    },
    pipeOf: () => pipe,
    copying: () => new Map(copier === null ? [] : [[PIPE.key, copier.pid]]),
    copy: (from, log, on) => {
      if (!hasRoom) return null;
      copies.push({ ...on, files: [from, log].map((fd) => open.get(fd) ?? 'closed') });
      const pid = 100 + copies.length;
      living.set(pid, `start of ${pid}`);
      return pid;
    },
  };
  const identify = (pid: number): ProcessInfo | null => {
    if (!canAsk) throw new CannotAsk('no descriptor is left');
    const start = living.get(pid);
    return start === undefined ? null : ({ pid, start } as ProcessInfo);
  };
  writers = new LogWriters({
    os: { identify },
    log: { line: (text) => lines.push(text) },
    clock,
    disk,
    pipes,
  });
});

/** A run that has begun: the daemon has closed its ends of the pipe. */
function begin(): { readonly pid: number; readonly end: () => void } {
  writers.prepare(path, () => undefined);
  const output = writers.open(path);
  output.startWriter();
  output.close();
  return runningCopy();
}
function runningCopy(): { readonly pid: number; readonly end: () => void } {
  const pid = 100 + copies.length;
  const { ended } = copies.at(-1)!;
  return { pid, end: () => (living.delete(pid), ended()) };
}
const tend = (isOurs = true): void => writers.tend(path, { pgid: LEADER, isOurs: () => isOurs });
/** How often it calls back, as time passes. */
function drained(): { readonly count: number } {
  const told = { count: 0 };
  writers.whenDrained(path, () => (told.count += 1));
  return told;
}
const refused = (syscall: string): Error =>
  Object.assign(new Error(`EMFILE: ${syscall}`), { code: 'EMFILE', syscall });

describe('the pipe of a new run', () => {
  test('it is made before the run when none is in stock, and one stock serves a folder', () => {
    let isReady = false;
    writers.prepare(path, () => (isReady = true));
    expect([isReady, refills, stocks]).toEqual([true, 1, [join(path, '../.pipes')]]);
    for (const other of ['../other.log', '../far/other.log'])
      writers.prepare(join(path, other), () => undefined);
    expect([refills, stocks.length]).toEqual([1, 2]);
  });

  test('its writer gets the other end and the log, and the daemon keeps neither', () => {
    const { pid } = begin();
    expect(copies.map(({ files }) => files)).toEqual([['/proc/self/fd/N', path]]);
    expect([open, writers.find(path, LEADER)?.pid, writers.isOwn(pid), lines]).toEqual([
      new Map(),
      pid,
      true,
      [],
    ]);
  });

  test('a log that leads nowhere needs none', () => {
    symlinkSync('/dev/null', path);
    const { startWriter, close } = writers.open(path);
    startWriter();
    close();
    expect([copies, open.size, writers.find(path, LEADER)]).toEqual([[], 0, null]);
  });

  test('nothing stays open where its other end cannot be opened', () => {
    writers.prepare(path, () => undefined);
    const { openSync: openFile } = disk;
    disk.openSync = (file, ...rest) => {
      if (String(file).startsWith('/proc/')) throw refused('open');
      return openFile(file, ...rest);
    };
    expect(() => writers.open(path)).toThrow('EMFILE');
    expect(open).toEqual(new Map());
  });

  test('a run whose writer finds no room does not begin', () => {
    writers.prepare(path, () => undefined);
    const output = writers.open(path);
    hasRoom = false;
    expect(() => output.startWriter()).toThrow(
      'the process that writes its log cannot be started: there is no room for it (EAGAIN)',
    );
    output.close();
    output.close();
    expect([open.size, writers.find(path, LEADER)]).toEqual([0, null]);
  });

  test('without `cat` jobs write to their logs themselves, for a minute', () => {
    begin();
    copies[0]?.missing();
    copies[0]?.missing();
    const line =
      'log: no pipes for the outputs of jobs, which write to their logs themselves: there is no `cat`';
    expect(lines).toEqual([line]);
    pipesLeft = 0;
    clock.advance(59_999);
    expect(writers.isPrepared(path)).toBe(true);
    clock.advance(1);
    expect(writers.isPrepared(path)).toBe(false);
    copies[0]?.missing();
    expect(lines).toEqual([line, line]);
  });

  test('pipes that are refused for a moment are asked for again after it, and that is not told', () => {
    refill = { ok: false, lasts: false, why: 'no process' };
    writers.prepare(path, () => undefined);
    expect(() => writers.open(path)).toThrow('cannot be started: no process');
    clock.advance(499);
    writers.prepare(path, () => undefined);
    expect(refills).toBe(1);
    clock.advance(1);
    refill = { ok: true };
    writers.prepare(path, () => undefined);
    expect([refills, lines]).toEqual([2, []]);
  });
});

describe('the output of the run before', () => {
  test('it is in the log when its writer ends', () => {
    const { end } = begin();
    const told = drained();
    expect(told.count).toBe(0);
    end();
    expect([told.count, clock.pending]).toEqual([1, 0]);
    expect(drained().count).toBe(1);
  });

  test('it is waited for half a second, and its end after that is not told again', () => {
    const { end } = begin();
    const told = drained();
    clock.advance(499);
    expect(told.count).toBe(0);
    clock.advance(1);
    expect(told.count).toBe(1);
    end();
    expect(told.count).toBe(1);
  });

  test('a writer that an earlier daemon began is polled, as long as that', () => {
    living.set(90, 'begun');
    copier = { pid: 90, start: 'begun' };
    writers.find(path, LEADER);
    const [first, second] = [drained(), drained()];
    clock.advance(480);
    expect([first.count, second.count]).toEqual([0, 0]);
    clock.advance(40);
    expect([first.count, second.count, clock.pending]).toEqual([1, 1, 0]);
    const third = drained();
    living.set(90, 'begun by another');
    clock.advance(20);
    expect([third.count, clock.pending]).toEqual([1, 0]);
    expect(drained().count).toBe(1);
  });

  test('a system that cannot be asked is not taken for the end of a writer', () => {
    living.set(90, 'begun');
    copier = { pid: 90, start: 'begun' };
    writers.find(path, LEADER);
    canAsk = false;
    const told = drained();
    clock.advance(400);
    expect(told.count).toBe(0);
    clock.advance(120);
    expect(told.count).toBe(1);
  });

  test('a run begins when that is over', () => {
    const { end } = begin();
    pipesLeft = 0;
    let isReady = false;
    writers.prepare(path, () => (isReady = true));
    expect([isReady, refills]).toEqual([false, 1]);
    end();
    expect([isReady, refills]).toEqual([true, 2]);
  });
});

describe('the writer of a running job', () => {
  test('its end is told with its log, and then it is nobody’s', () => {
    const told: string[] = [];
    const { pid, end } = begin();
    writers.whenOneEnds((log) => told.push(log));
    end();
    expect([told, writers.isOwn(pid), writers.find(path, LEADER)]).toEqual([[path], false, null]);
  });

  test('the end of an older one leaves the newer one known', () => {
    const first = begin();
    const output = writers.open(path);
    output.startWriter();
    output.close();
    first.end();
    expect(writers.find(path, LEADER)?.pid).toBe(102);
  });

  test('a writer that could not be identified when it began is no other one later', () => {
    canAsk = false;
    const { pid } = begin();
    expect(writers.find(path, LEADER)).toMatchObject({ pid, start: '' });
    canAsk = true;
    expect(writers.find(path, LEADER)).toMatchObject({ pid, start: `start of ${pid}` });
    clock.advance(2_000);
    tend();
    expect(copies.length).toBe(1);
  });

  test('no other writer is begun where the system cannot tell whether there is one', () => {
    living.set(90, 'begun');
    copier = { pid: 90, start: 'begun' };
    canAsk = false;
    tend();
    expect([copies.length, writers.lacks(path)]).toEqual([0, true]);
    expect(() => writers.find(path, LEADER)).toThrow('no descriptor is left');
    canAsk = true;
    [copier, living] = [null, new Map()];
    clock.advance(2_000);
    tend();
    expect(copies.length).toBe(1);
  });

  test('a writer that has ended is a child until its exit is announced', () => {
    writers.prepare(path, () => undefined);
    const output = writers.open(path);
    living = { set: () => new Map(), get: () => undefined } as never;
    output.startWriter();
    output.close();
    expect(writers.find(path, LEADER)).toMatchObject({ pid: 101, start: '' });
    copies[0]?.ended();
    expect(writers.find(path, LEADER)).toBeNull();
  });

  test('it is looked for at most every two seconds, and replaced when it has ended', () => {
    tend(false);
    expect([copies.length, writers.lacks(path)]).toEqual([0, true]);
    clock.advance(1_999);
    tend();
    expect(copies.length).toBe(0);
    clock.advance(1);
    tend();
    expect([copies.map(({ files }) => files), open.size, writers.lacks(path)]).toEqual([
      [['/proc/70/fd/N', path]],
      0,
      false,
    ]);
    // It ends by itself, and the next is begun at once.
    runningCopy().end();
    tend();
    expect(copies.length).toBe(2);
  });

  test('the end of a writer that this daemon began is announced, so nobody looks', () => {
    const { pid } = begin();
    living.delete(pid);
    clock.advance(120_000);
    tend();
    expect(copies.length).toBe(1);
  });

  test('a writer that an earlier daemon began is looked for, and replaced', () => {
    living.set(90, 'begun');
    copier = { pid: 90, start: 'begun' };
    tend();
    expect([copies.length, writers.find(path, LEADER)?.pid, writers.isOwn(90)]).toEqual([0, 90, false]);
    [copier, living] = [null, new Map()];
    clock.advance(2_000);
    tend();
    expect([copies.length, writers.lacks(path)]).toEqual([1, false]);
  });

  test('a job that writes to its log itself is looked at once a minute', () => {
    pipe = null;
    tend();
    pipe = PIPE;
    clock.advance(59_999);
    tend();
    expect(copies.length).toBe(0);
    clock.advance(1);
    tend();
    expect(copies.length).toBe(1);
  });

  test('it is lacking until there is room for it', () => {
    hasRoom = false;
    tend();
    expect([writers.lacks(path), open.size]).toEqual([true, 0]);
    clock.advance(2_000);
    hasRoom = true;
    tend();
    expect([writers.lacks(path), copies.length, open.size]).toEqual([false, 1, 0]);
  });

  test('it is lacking no more when its job is gone, or writes to its log itself', () => {
    hasRoom = false;
    tend();
    writers.forget(path);
    expect(writers.lacks(path)).toBe(false);
    tend();
    expect(writers.lacks(path)).toBe(true);
    pipe = null;
    clock.advance(2_000);
    tend();
    expect(writers.lacks(path)).toBe(false);
  });

  test('nothing stays open where the log cannot be, and a fault of ours is thrown', () => {
    mkdirSync(path);
    tend();
    expect([writers.lacks(path), open.size, copies.length]).toEqual([true, 0, 0]);
    rmSync(path, { recursive: true });
    clock.advance(2_000);
    disk.lstatSync = (() => {
      throw new TypeError('a bug of ours');
    }) as never;
    expect(() => tend()).toThrow('a bug of ours');
    expect(open.size).toBe(0);
  });

  test('the writer of a job that is gone is forgotten where an earlier daemon began it', () => {
    living.set(90, 'begun').set(91, 'begun');
    copier = { pid: 90, start: 'begun' };
    writers.find(path, LEADER);
    copier = { pid: 91, start: 'begun' };
    expect(writers.find(path, LEADER)?.pid).toBe(90);
    writers.forget(path);
    clock.advance(1_001);
    expect(writers.find(path, LEADER)?.pid).toBe(91);
    living.clear();
    const { pid } = begin();
    writers.forget(path);
    expect(writers.find(path, LEADER)?.pid).toBe(pid);
  });
});
