import { answeringAtOnce } from '../../src/os/at-once.ts';
import type { OsAnswer, LaterOs, Os, ProcessInfo } from '../../src/os/os.ts';
import type { ProcessTable, SimProcess } from './process-table.ts';
import { jobNameOf } from './sketch.ts';

export const HOME = '/home/user';

export interface SimOsOptions {
  readonly table: ProcessTable;
  /** False where no environment of another process can be read. */
  readonly showsMarkers: boolean;
  /** Calls back when a tool has told what it was asked; null where the system answers at once. */
  readonly afterTool: ((done: () => void) => void) | null;
}

/** What the daemon's own code asks the system: Linux, or macOS, where tools have to be asked. */
export function simOs({ table, showsMarkers, afterTool }: SimOsOptions): Os {
  const infoOf = ({ pid, pgid, start, isZombie }: SimProcess): ProcessInfo => ({
    pid,
    ppid: 1,
    pgid,
    sid: afterTool === null ? pgid : null,
    start,
    state: isZombie ? 'Z' : 'S',
  });
  const asked: Omit<Os, 'later'> = {
    name: afterTool === null ? 'linux' : 'darwin',
    isQuick: afterTool === null,
    pidIsKnown: (pid) => table.find(pid) !== undefined,
    bootId: () => table.bootId,
    identify: (pid) => {
      const found = table.find(pid);
      return found === undefined || found.isZombie ? null : infoOf(found);
    },
    startedAt: () => null,
    groupIsKnown: (pgid) => table.all.some((each) => each.pgid === pgid),
    groupAlive: (pgid) => table.all.some((each) => each.pgid === pgid && !each.isZombie),
    // What is remembered is told as it was then, as long as it is the same process.
    processes: (remembered) =>
      table.all.map((each) => {
        const known = remembered?.get(each.pid);
        return known?.start === each.start ? known : infoOf(each);
      }),
    group: (pgid) => table.all.filter((each) => each.pgid === pgid).map(infoOf),
    processesWithEnv: (name, among) =>
      table.all.flatMap((each) =>
        showsMarkers && name in environmentOf(each) && among?.includes(each.pid) !== false
          ? [carrierOf(each, name)]
          : [],
      ),
    lock: () => ({ ok: false, reason: 'error', message: 'the world has a lock of its own' }),
  };
  const atOnce = answeringAtOnce(asked);
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
    processes: (remembered, done) => atOnce.processes(remembered, late(done)),
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

/** As far as it tells whose process this is. */
function environmentOf({ instance, hidesMarker, isZombie }: SimProcess): Readonly<Record<string, string>> {
  if (instance === null || hidesMarker || isZombie) return {};
  const number = instance.split('@')[1];
  return {
    HOME,
    OVERSEER_JOB: jobNameOf(instance),
    ...(number !== undefined && { OVERSEER_INSTANCE: number }),
  };
}
