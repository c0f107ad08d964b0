import type { Os, ProcessInfo } from '../../src/os/os.ts';
import type { ProcessTable, SimProcess } from './process-table.ts';
import { jobNameOf } from './sketch.ts';

export const HOME = '/home/user';

/** What the daemon's own code asks the system; `showsMarkers` is false where no environment of another process can be read. */
export function simOs(table: ProcessTable, showsMarkers: boolean): Os {
  return {
    name: 'linux',
    bootId: () => table.bootId,
    identify: (pid) => {
      const found = table.find(pid);
      return found === undefined || found.isZombie ? null : infoOf(found);
    },
    startedAt: () => null,
    groupIsKnown: (pgid) => table.all.some((each) => each.pgid === pgid),
    groupAlive: (pgid) => table.all.some((each) => each.pgid === pgid && !each.isZombie),
    processes: () => table.all.map(infoOf),
    processesWithEnv: (name) =>
      table.all.flatMap((each) =>
        showsMarkers && name in environmentOf(each) ? [carrierOf(each, name)] : [],
      ),
    lock: () => ({ ok: false, reason: 'error', message: 'the world has a lock of its own' }),
  };
}

function infoOf({ pid, pgid, start, isZombie }: SimProcess): ProcessInfo {
  return { pid, ppid: 1, pgid, sid: pgid, start, state: isZombie ? 'Z' : 'S' };
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
