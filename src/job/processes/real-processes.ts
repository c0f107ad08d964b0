import type { ChildIdentity, GroupState, Marker, Processes } from '../ports.ts';
import type { Os } from '../../os/os.ts';
import { mayBeSignalled, signalGroup } from '../../os/signal.ts';
import { asked } from '../../os/system-error.ts';
import type { LogWriters } from '../logs/log-writers.ts';
import { launch } from '../launch/launch.ts';
import { runTest } from '../checks/run-test.ts';
import { recordedExit } from '../launch/exit-file.ts';
import { type FoundBy, keyOf, EscapedProcesses } from './escaped-processes.ts';

export interface RealProcessesOptions {
  /** Soft limit of open files that jobs and tests get; null leaves the daemon's. */
  readonly openFiles: number | null;
  /** Hears what nobody else is told, for the daemon's log. */
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
  const strays = new EscapedProcesses(os);
  /** Children whose number was theirs while this daemon watched: it launched them, saw the leader, or found their marker in the group. */
  const proven = new Set<string>();
  const foundBy = (child: ChildIdentity, marker: Marker): FoundBy => ({
    marker,
    isNumberOwn: proven.has(keyOf(child)),
  });

  /**
   * A pid that now belongs to a younger process is not ours. Without a leader the number still names our group as long as
   * somebody is in it, since the system gives no new process the number of a living group; but one whose leader this daemon
   * has never seen may be anybody's.
   */
  const groupState = (child: ChildIdentity, marker: Marker | null): GroupState => {
    if (child.boot !== os.bootId() || !mayBeSignalled(child.pid)) return 'gone';
    const leader = os.identify(child.pid);
    if (leader !== null && leader.start !== child.start) {
      proven.delete(keyOf(child));
      return 'gone';
    }
    if (leader === null && !os.groupAlive(child.pid)) return 'gone';
    if (leader === null && !proven.has(keyOf(child)) && (marker === null || !strays.areIn(child.pid, marker)))
      return 'gone';
    proven.add(keyOf(child));
    return leader === null ? 'leaderless' : 'alive';
  };

  const look = (child: ChildIdentity, marker: Marker): GroupState =>
    asked('alive', () => {
      const group = groupState(child, marker);
      if (group !== 'gone') return group;
      if (child.boot === os.bootId() && strays.live(child, foundBy(child, marker))) return 'leaderless';
      strays.forget(child);
      proven.delete(keyOf(child));
      return 'gone';
    });
  const signal: Processes['signal'] = (child, name) =>
    asked('forbidden', () => (groupState(child, null) === 'gone' ? 'gone' : signalGroup(child.pid, name)));
  return {
    clear: (marker, done) => strays.clear(marker, done),
    launch: (request, on) =>
      launch({ os, openFiles, writers }, request, {
        ...on,
        spawned: (child) => {
          proven.add(keyOf(child));
          on.spawned(child);
        },
      }),
    runTest: (program, done) => runTest({ os, openFiles }, program, done),
    look,
    startedAt: ({ boot, start }) => (boot === os.bootId() ? os.startedAt(start) : null),
    recordedExit: (file) => recordedExit(file, say),
    signal,
    signalAll: (child, marker, name) => {
      asked('gone', () => groupState(child, marker));
      // Found first: who was a child of the group cannot be told any more when the group is dead.
      const found =
        child.boot === os.bootId() ? asked([], () => strays.find(child, foundBy(child, marker))) : [];
      signal(child, name);
      asked(undefined, () => strays.signal(found, name));
    },
  };
}
