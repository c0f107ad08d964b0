import { ANOTHER_DAEMON } from '../another-daemon.ts';
import { parseSocketFile } from '../wire/socket-file.ts';
import type { LaunchedDaemon } from './ports.ts';
import type { ClientSession } from './session.ts';

/** Intervals between two checks for the socket file, and the time limit. */
const POLL = { firstMs: 15, factor: 1.5, longestMs: 200, lockedMs: 2_000, allMs: 15_000 } as const;

/**
 * Starts a daemon and waits for a socket file to connect to. Any daemon's file will do: the lock decides
 * which daemon serves.
 */
export function launchDaemon(session: ClientSession): void {
  const { ports, homes, deadEnd, post } = session;
  if (deadEnd?.code === 'version') return post({ type: 'Failure', detail: deadEnd.detail });
  if (isNewFile(session)) return post({ type: 'Success' });
  void ports.launchDaemon(homes).then((daemon) => wait(session, daemon));
}

function wait(session: ClientSession, daemon: LaunchedDaemon): void {
  const { clock } = session.ports;
  const begin = clock.monotonic();
  const look = (waitMs: number): void => {
    const verdict = judge(session, daemon, {
      isLate: clock.monotonic() >= begin + POLL.allMs,
      isPatient: clock.monotonic() >= begin + POLL.lockedMs,
    });
    if (verdict === 'wait') clock.after(waitMs, () => look(Math.min(waitMs * POLL.factor, POLL.longestMs)));
    else if (verdict === 'reachable') session.post({ type: 'Success' });
    else session.post({ type: 'Failure', detail: verdict.detail });
  };
  clock.after(POLL.firstMs, () => look(POLL.firstMs));
}

function judge(
  session: ClientSession,
  daemon: LaunchedDaemon,
  { isLate, isPatient }: { readonly isLate: boolean; readonly isPatient: boolean },
): 'wait' | 'reachable' | { readonly detail: string } {
  const code = daemon.exitCode();
  if (isNewFile(session)) return 'reachable';
  // Somebody ended the daemon before it could be reached, so another one must be launched.
  if (code === 0) return 'reachable';
  if (code !== null && code !== ANOTHER_DAEMON)
    return {
      detail: `the daemon ${daemon.ending()}${quoted(daemon.logTail())}`,
    };
  // A daemon that was too slow to answer is still there: it is worth another try.
  if (code === ANOTHER_DAEMON && session.deadEnd?.code === 'timeout') return 'reachable';
  // The daemon that holds the lock shows no socket file: it may be about to end, and then another launch is
  // due.
  if (code === ANOTHER_DAEMON && isPatient) return 'reachable';
  return isLate
    ? { detail: `the daemon is not reachable after ${POLL.allMs / 1000} s${quoted(daemon.logTail())}` }
    : 'wait';
}

/** Whether there is a readable socket file other than the one that led nowhere. */
function isNewFile({ ports, homes, deadEnd }: ClientSession): boolean {
  const found = ports.readSocketFile(homes);
  return found.kind === 'text' && found.text !== deadEnd?.text && parseSocketFile(found.text) !== null;
}

const quoted = (tail: string): string => (tail === '' ? '' : `; it logged:\n${tail}`);
