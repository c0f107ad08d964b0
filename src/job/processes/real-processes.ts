import type { GroupState, Marker, Processes, SpawnedChild } from '../ports.ts';
import type { Os } from '../../os/os.ts';
import { allProcesses } from '../../os/usage/all-processes.ts';
import { ProcessTrees } from '../../os/usage/process-trees.ts';
import { signalGroup, type SignalName } from '../../os/signal.ts';
import { asked } from '../../os/system-error.ts';
import type { LogWriters } from '../logs/log-writers.ts';
import { launch } from '../launch/launch.ts';
import { runTest } from '../checks/run-test.ts';
import { recordedExit } from '../launch/exit-file.ts';
import { forgetStdin } from '../launch/stdin-pipe.ts';
import { ID_NAME } from '../environment.ts';
import { EscapedProcesses, type FoundBy } from './escaped-processes.ts';
import { KnownGroups } from './known-groups.ts';
import { Listings, type ProcessView } from './listings.ts';

export interface RealProcessesOptions {
  /** Soft limit of open files that jobs and tests get; null leaves the daemon's. */
  readonly openFiles: number | null;
  /** Writes a line to the daemon's log. */
  readonly say: (line: string) => void;
  /** Between jobs and their logs; without them jobs write to their logs themselves. */
  readonly writers?: LogWriters | null;
}

const BY_DEFAULT: RealProcessesOptions = { openFiles: null, say: () => undefined };

/** The processes of this machine. */
export function realProcesses(
  os: Os,
  { openFiles, say, writers = null }: RealProcessesOptions = BY_DEFAULT,
): Processes {
  const listings: Listings = new Listings({ os, isKnownGroup: (pgid) => groups.isUnreaped(pgid) });
  const groups = new KnownGroups(os, listings);
  const strays = new EscapedProcesses(os, listings);
  const foundBy = (child: SpawnedChild, marker: Marker, view: ProcessView): FoundBy => ({
    marker,
    isNumberOwn: groups.isNumberOwn(child, view),
  });

  const look = (child: SpawnedChild, marker: Marker): GroupState =>
    asked('alive', () =>
      groups.patiently(child, (view) => {
        const group = groups.state(child, marker, view);
        if (group !== 'gone') return group;
        if (child.boot === os.bootId() && strays.live(child, foundBy(child, marker, view), view))
          return 'leaderless';
        strays.forget(child);
        groups.forget(child);
        return 'gone';
      }),
    );
  const signalKnown = (child: SpawnedChild, marker: Marker | null, name: SignalName) =>
    asked('forbidden', () =>
      groups.state(child, marker, listings.sure) === 'gone' ? 'gone' : signalGroup(child.pid, name),
    );
  return {
    clear: (marker, done) => strays.clear(marker, done),
    launch: (request, on) => {
      let launched: SpawnedChild | null = null;
      return launch({ os, openFiles, writers }, request, {
        ...on,
        spawned: (child) => {
          launched = child;
          groups.launched(child);
          on.spawned(child);
        },
        reaped: () => {
          const child = launched;
          if (child !== null) asked(undefined, () => groups.ended(child));
        },
      });
    },
    endOrphanedTests: (mark) => asked(undefined, () => strays.kill(ID_NAME, mark)),
    runTest: (program, done) => runTest({ os, openFiles }, program, done),
    look,
    ownsGroup: (child, marker) => asked(false, () => groups.state(child, marker, listings.sure) !== 'gone'),
    startedAt: ({ boot, start }) => (boot === os.bootId() ? os.startedAt(start) : null),
    memoryOf: (children, done) => void tellMemory(children, done),
    recordedExit: (file) => recordedExit(file, say),
    forgetStdin: (path) => forgetStdin(path, say),
    signal: (child, name) => signalKnown(child, null, name),
    signalAll: (child, marker, name) => {
      asked('gone', () => groups.state(child, marker, listings.sure));
      // Found first: who was a child of the group cannot be told any more when the group is dead.
      const found =
        child.boot === os.bootId()
          ? asked([], () => strays.find(child, foundBy(child, marker, listings.sure)))
          : [];
      signalKnown(child, marker, name);
      asked(undefined, () => strays.signal(found, name));
    },
  };
}

async function tellMemory(...[children, done]: Parameters<Processes['memoryOf']>): Promise<void> {
  done(await memoryOf(children.map(({ pid }) => pid)));
}

/** Null where the system cannot be asked, for want of a descriptor or of a process for `ps`. */
async function memoryOf(pids: readonly number[]): Promise<ReadonlyMap<number, number> | null> {
  try {
    return new ProcessTrees(await allProcesses()).memoryOf(pids);
  } catch {
    return null;
  }
}
