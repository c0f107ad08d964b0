import { basename } from 'node:path';
import { answeringAtOnce } from '../../src/os/at-once.ts';
import type { OsAnswer, LaterOs, Os, ProcessInfo } from '../../src/os/os.ts';
import type { ProcessTable, SimProcess } from './process-table.ts';
import { CannotAsk } from '../../src/os/system-error.ts';

export const HOME = '/home/user';
export const DATA = `${HOME}/.local/share/overseer`;
export const EXITS = `${DATA}/exits`;
export const LOGS = `${DATA}/logs`;

export interface SimOsOptions {
  readonly table: ProcessTable;
  /** False where no environment of another process can be read. */
  readonly showsMarkers: boolean;
  /** Whether the system cannot be asked now, as if no descriptor or no process for a tool were left. */
  readonly isBlind: () => boolean;
  /** Calls back when a tool has told what it was asked; null where the system answers at once. */
  readonly afterTool: ((done: () => void) => void) | null;
}

/** What the daemon's own code asks the system: Linux, or macOS, where tools have to be asked. */
export function simOs({ table, showsMarkers, isBlind, afterTool }: SimOsOptions): Os {
  const infoOf = (each: SimProcess): ProcessInfo => ({
    pid: each.pid,
    ppid: table.ppidOf(each),
    pgid: each.pgid,
    sid: afterTool === null ? each.sid : null,
    start: each.start,
    state: each.isZombie ? 'Z' : 'S',
  });
  const all = (): readonly SimProcess[] => {
    if (isBlind()) throw new CannotAsk('too many open files (EMFILE)');
    return table.all;
  };
  /** At the last listing: by their starts, who has not been there since is told from who is settled. */
  let there: ReadonlyMap<number, string> = new Map();
  const asked: Omit<Os, 'later'> = {
    name: afterTool === null ? 'linux' : 'darwin',
    isQuick: afterTool === null,
    pidIsKnown: (pid) => table.find(pid) !== undefined,
    bootId: () => table.bootId,
    identify: (pid) => {
      if (isBlind()) throw new CannotAsk('too many open files (EMFILE)');
      const found = table.find(pid);
      return found === undefined || found.isZombie ? null : infoOf(found);
    },
    startedAt: () => null,
    groupIsKnown: (pgid) => table.all.some((each) => each.pgid === pgid),
    groupAlive: (pgid) => table.all.some((each) => each.pgid === pgid && !each.isZombie),
    processes: () => all().map(infoOf),
    listing: (known) => {
      const now = all();
      // `ps` lists all processes each time.
      const isWhole = known === null || afterTool !== null;
      const isKnown = ({ pid, start }: SimProcess): boolean =>
        !isWhole && known.isSettled(pid) && there.get(pid) === start;
      const found = now.filter((each) => !isKnown(each)).map(infoOf);
      there = new Map(now.map(({ pid, start }) => [pid, start]));
      return { found, isWhole };
    },
    group: (pgid) =>
      all()
        .filter((each) => each.pgid === pgid)
        .map(infoOf),
    processesWithEnv: (name, among) =>
      all().flatMap((each) =>
        showsMarkers && name in environmentOf(each) && among?.includes(each.pid) !== false
          ? [carrierOf(each, name)]
          : [],
      ),
    lock: () => ({ ok: false, reason: 'error', message: 'the world has a lock of its own' }),
  };
  const atOnce: LaterOs = {
    ...answeringAtOnce(asked),
    // Linux shows environments instead.
    ...(afterTool !== null && {
      writers: (files, done) =>
        done(new Map(files.map((file) => [file, writersOf(table, basename(file, '.log'))]))),
    }),
  };
  return { ...asked, later: afterTool === null ? atOnce : slowly(atOnce, afterTool) };
}

/** A tool tells of the moment in which it began. */
function slowly(atOnce: LaterOs, afterTool: (done: () => void) => void): LaterOs {
  const late =
    <T>(done: OsAnswer<T>): OsAnswer<T> =>
    (answer) =>
      afterTool(() => done(answer));
  return {
    identify: (pids, done) => atOnce.identify(pids, late(done)),
    listing: (known, done) => atOnce.listing(known, late(done)),
    group: (pgid, done) => atOnce.group(pgid, late(done)),
    processesWithEnv: (name, among, done) => atOnce.processesWithEnv(name, among, late(done)),
    writers: (files, done) => atOnce.writers(files, late(done)),
  };
}

function carrierOf(process: SimProcess, wanted: string): ReturnType<Os['processesWithEnv']>[number] {
  const environment = environmentOf(process);
  return {
    pid: process.pid,
    values: [environment[wanted] ?? ''],
    has: (name, value) => name in environment && (value === undefined || environment[name] === value),
  };
}

function environmentOf({ env, hidesMarker, isZombie }: SimProcess): Readonly<Record<string, string>> {
  return hidesMarker || isZombie ? {} : env;
}

function writersOf(table: ProcessTable, instance: string): readonly number[] {
  return table
    .liveOf(instance)
    .filter(({ hidesLog }) => !hidesLog)
    .map(({ pid }) => pid);
}
