import type { Clock } from '../../host/clock.ts';
import type { Os } from '../../os/os.ts';
import type { SignalName, Signals } from '../../os/signal.ts';
import { asked } from '../../os/system-error.ts';
import { ID_NAME } from '../environment.ts';
import type { GroupState, Marker, Processes, SpawnedChild } from '../ports.ts';
import { EscapedProcesses, type FoundBy } from './escaped-processes.ts';
import { KnownGroups } from './known-groups.ts';
import { Listings, type ProcessView } from './listings.ts';

/** What starts programs, and what they leave in files: the machine's own, or that of a simulated one. */
type Programs = Pick<Processes, 'launch' | 'runTest' | 'memoryOf' | 'recordedExit' | 'forgetStdin'>;

export interface OsProcessesOptions {
  readonly os: Os;
  readonly clock: Clock;
  readonly signals: Signals;
  readonly programs: Programs;
  /** Unreaped children of this daemon that are of no job. */
  readonly isTool?: (pid: number) => boolean;
}

export interface OsProcesses extends Processes {
  /** Reads the processes that have begun since the last listing, before somebody has to wait for it. */
  lookAhead(): void;
}

/** The processes of one system: finds those of each job among all others, and signals no other. */
export function osProcesses({ os, clock, signals, programs, isTool }: OsProcessesOptions): OsProcesses {
  const now = (): number => clock.monotonic();
  const isKnownGroup = (pgid: number): boolean => groups.isUnreaped(pgid);
  const listings: Listings = new Listings({ os, isKnownGroup, now, ...(isTool && { isTool }) });
  const groups = new KnownGroups(os, listings, now);
  const strays = new EscapedProcesses({ os, listings, clock, signals });
  const foundBy = (child: SpawnedChild, marker: Marker, view: ProcessView): FoundBy => ({
    marker,
    isNumberOwn: groups.isNumberOwn(child, view),
    goneAt: groups.goneAt(child),
  });

  const look = (child: SpawnedChild, marker: Marker): GroupState =>
    asked('alive', () =>
      groups.patiently(child, (view) => {
        if (child.boot === os.bootId()) strays.settle(child, () => foundBy(child, marker, view), view);
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
      groups.state(child, marker, listings.sure) === 'gone' ? 'gone' : signals.group(child.pid, name),
    );
  return {
    ...programs,
    clear: (marker, done) => strays.clear(marker, done),
    lookAhead: () => asked(undefined, () => listings.lookAhead()),
    launch: (request, on) => {
      let launched: SpawnedChild | null = null;
      return programs.launch(request, {
        failed: on.failed,
        exited: on.exited,
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
    look,
    ownsGroup: (child, marker) => asked(false, () => groups.state(child, marker, listings.sure) !== 'gone'),
    startedAt: ({ boot, start }) => (boot === os.bootId() ? os.startedAt(start) : null),
    signal: (child, name) => signalKnown(child, null, name),
    signalAll: (child, marker, name, decidedAt) => {
      asked('gone', () => groups.state(child, marker, listings.sure));
      // Found first: who was a child of the group cannot be told any more when the group is dead.
      const found =
        child.boot === os.bootId()
          ? strays.search(child, { signal: name, decidedAt }, () => foundBy(child, marker, listings.sure))
          : [];
      signalKnown(child, marker, name);
      asked(undefined, () => strays.signal(found, name));
    },
  };
}
