import { closeSync, existsSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import { answeringAtOnce } from '../at-once.ts';
import { lockWithFlock } from '../lock/lock-linux.ts';
import { groupIsKnown, isAlive, pidIsKnown } from '../is-alive.ts';
import type { Carrier, Os, ProcessInfo } from '../os.ts';
import { LinuxListing } from './linux-listing.ts';
import { memoPerTurn } from './memo-per-turn.ts';
import { parseProcStat, processOf } from './proc-stat.ts';
import { runTool, type RunTool } from '../run-tool.ts';
import { CannotAsk } from '../system-error.ts';
import { withoutStack } from '../without-stack.ts';

/** The kernel reports times in hundredths of a second. */
const TICK_MS = 10;

/** A line of `/proc/PID/stat` is far shorter. */
const STAT_MAX = 4096;

/**
 * Linux, through `/proc`. A process that vanishes while it is read is not there. Any other failure (no free
 * descriptor) is thrown as `CannotAsk`: "unknown" must not be read as "dead".
 */
export function linuxOs(run: RunTool = runTool): Os {
  let boot: string | null = null;
  const lister = new LinuxListing({ all: allPids, read: processInfo, probe: processOfPid });
  const listing: Os['listing'] = (known) => lister.make(known);
  const processes: Os['processes'] = () => allPids().flatMap((pid) => processInfo(pid) ?? []);
  const group: Os['group'] = (pgid) => processes().filter((info) => info.pgid === pgid);
  // Hundreds of groups may end in the same moment.
  const processesNow = memoPerTurn(processes);
  return {
    name: 'linux',
    isQuick: true,
    later: answeringAtOnce({ identify, listing, group, processesWithEnv }),
    bootId: () => (boot ??= readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()),
    pidIsKnown,
    identify,
    startedAt: (start) => (isNumber(start) ? Number(start) * TICK_MS : null),
    processes,
    listing,
    group,
    groupIsKnown,
    groupAlive: (pgid) =>
      groupIsKnown(pgid) && processesNow().some((info) => info.pgid === pgid && isAlive(info)),
    processesWithEnv,
    lock: (path) => lockWithFlock(path, run),
  };
}

function identify(pid: number): ProcessInfo | null {
  const info = processInfo(pid);
  return info !== null && isAlive(info) ? info : null;
}

function processesWithEnv(wanted: string, among: readonly number[] = allPids()): readonly Carrier[] {
  return among.flatMap((pid) => {
    const path = `/proc/${pid}/environ`;
    const whole = ask(path, () => readEnvironment(path));
    if (whole === null) return [];
    const has = (name: string, value?: string): boolean =>
      whole.includes(value === undefined ? `\0${name}=` : `\0${name}=${value}\0`);
    const values = valuesOf(whole, `\0${wanted}=`);
    return values.length > 0 ? [{ pid, values, has }] : [];
  });
}

/** The texts between each occurrence of the opening and the next NUL. */
function valuesOf(whole: Buffer, opening: string): readonly string[] {
  const values: string[] = [];
  for (let at = whole.indexOf(opening); at >= 0; at = whole.indexOf(opening, at + 1)) {
    const from = at + Buffer.byteLength(opening);
    values.push(whole.toString('utf8', from, whole.indexOf(0, from)));
  }
  return values;
}

/** Most environments are far shorter; for a longer one it grows. */
let environment = Buffer.alloc(16 * 1_024);

/**
 * With a NUL before it and one after it: each variable ends with a NUL, and all but the first begin after
 * one. By a shared buffer, since `readFileSync` makes one of 64 KB for each file whose size it cannot know.
 */
function readEnvironment(path: string): Buffer {
  const fd = openSync(path, 'r');
  try {
    let length = 1;
    for (let read = 1; read > 0; length += read) {
      if (length + 1 >= environment.length)
        environment = Buffer.concat([environment, Buffer.alloc(environment.length)]);
      read = readSync(fd, environment, length, environment.length - length - 1, null);
    }
    environment[length] = 0;
    return Buffer.from(environment.subarray(0, length + 1));
  } finally {
    closeSync(fd);
  }
}

function allPids(): number[] {
  return (ask('/proc', () => readdirSync('/proc')) ?? []).filter(isNumber).map(Number);
}

function processInfo(pid: number): ProcessInfo | null {
  const stat = isPid(pid) ? readStat(`/proc/${pid}/stat`) : null;
  return stat === null ? null : processOf(stat, threadStates);
}

/** Of a pid that perhaps nobody has: to ask first costs far less than an exception. */
function processOfPid(pid: number): ProcessInfo | null {
  if (!existsSync(`/proc/${pid}`)) return null;
  const stat = readStat(`/proc/${pid}/stat`);
  return stat === null || stat.isThread ? null : processOf(stat, threadStates);
}

function threadStates(pid: number): readonly string[] {
  const folder = `/proc/${pid}/task`;
  const threads = ask(folder, () => readdirSync(folder)) ?? [];
  return threads.flatMap((thread) => readStat(`${folder}/${thread}/stat`)?.state ?? []);
}

const buffer = Buffer.alloc(STAT_MAX);

/** One shared buffer: a sweep of 1000 processes takes 17 ms instead of 37. */
function readStat(path: string): ReturnType<typeof parseProcStat> {
  const text = ask(path, () => {
    const fd = openSync(path, 'r');
    try {
      return buffer.toString('latin1', 0, readSync(fd, buffer, 0, STAT_MAX, 0));
    } finally {
      closeSync(fd);
    }
  });
  return text === null ? null : parseProcStat(text);
}

/** Null when the process has gone or belongs to another user. */
function ask<T>(path: string, read: () => T): T | null {
  try {
    return withoutStack(read);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH' || code === 'EACCES' || code === 'EPERM') return null;
    throw new CannotAsk(`cannot look at ${path}: ${message}`, { cause: error });
  }
}

function isPid(pid: number): boolean {
  return Number.isInteger(pid) && pid > 0;
}

function isNumber(name: string): boolean {
  return /^\d+$/.test(name);
}
