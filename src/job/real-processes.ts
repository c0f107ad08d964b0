import type { ChildIdentity, GroupState, Marker, Processes } from '../host/ports.ts';
import type { Os } from '../os/os.ts';
import { signalGroup } from '../os/signal.ts';
import { CannotAsk } from '../os/system-error.ts';
import { launch, recordedExit } from './launch.ts';
import { runTest } from './run-test.ts';
import { Strays } from './strays.ts';

/** The processes of this machine. */
export function realProcesses(os: Os): Processes {
  const strays = new Strays(os);
  const look = (child: ChildIdentity, marker: Marker): GroupState =>
    asked('alive', () => {
      const group = groupState(os, child);
      if (group !== 'gone') return group;
      if (child.boot === os.bootId() && strays.live(child, marker)) return 'leaderless';
      strays.forget(child);
      return 'gone';
    });
  const signal: Processes['signal'] = (child, name) =>
    asked('forbidden', () => (groupState(os, child) === 'gone' ? 'gone' : signalGroup(child.pid, name)));
  return {
    clear: (marker, done) => strays.clear(marker, done),
    launch: (request, on) => launch(os, request, on),
    runTest,
    look,
    recordedExit,
    signal,
    signalAll: (child, marker, name) => {
      // Found first: who was a child of the group cannot be told any more when the group is dead.
      const found = child.boot === os.bootId() ? asked([], () => strays.find(child, marker)) : [];
      signal(child, name);
      asked(undefined, () => strays.signal(found, name));
    },
  };
}

/**
 * A pid that now belongs to a younger process is not ours. Without a leader the number still names our group as long as
 * somebody is in it, since the system gives no new process the number of a living group.
 */
function groupState(os: Os, child: ChildIdentity): GroupState {
  if (child.boot !== os.bootId()) return 'gone';
  const leader = os.identify(child.pid);
  if (leader !== null) return leader.start === child.start ? 'alive' : 'gone';
  return os.groupAlive(child.pid) ? 'leaderless' : 'gone';
}

/** What cannot be asked just now, for want of a descriptor, is not thereby dead. */
function asked<T>(otherwise: T, ask: () => T): T {
  try {
    return ask();
  } catch (error) {
    if (error instanceof CannotAsk) return otherwise;
    throw error;
  }
}
