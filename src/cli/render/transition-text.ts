/** The event of a delay as XState names it, with the delay's name. */
const DELAYED = /^xstate\.after\.([^.]+)\..*$/;

/** Names of the job chart's events for people. */
const EVENTS: Readonly<Record<string, string>> = {
  Apply: 'trigger',
  Remove: 'removed from the config',
  Start: 'start',
  Stop: 'stop',
  Die: 'end of the daemon',
  Restart: 'restart',
  Restored: 'taken over by a new daemon',
  TestPassed: 'test passed',
  TestFailed: 'test failed',
  TestUnknown: 'test gave no answer',
  Spawned: 'started',
  SpawnFailed: 'could not be started',
  Ready: 'ready',
  ChildExited: 'ended',
  GroupGone: 'nothing of it is left',
  DependenciesUp: 'dependencies are up',
  DependenciesDown: 'dependencies are down',
  Due: 'its time has come',
  AlivePassed: 'alive',
  AliveFailed: 'no longer alive',
  WithinMemory: 'within its memory again',
  OverMemory: 'above its memory',
};

const DELAYS: Readonly<Record<string, string>> = {
  startTime: 'start time is over',
  readyTimeout: 'not ready in time',
  stableTime: 'has run for a while',
  stopTimeout: 'not stopped in time',
  killAgain: 'killed again',
  backoff: 'backoff is over',
  testTimeout: 'test takes too long',
  testInterval: 'test is due',
};

/**
 * `exited`, `backoff is over`: no name of the chart's. The daemon's own events keep theirs, which spec.md
 * gave them.
 */
export function eventWords(event: string): string {
  if (event === 'xstate.init') return 'begin';
  const delay = DELAYED.exec(event)?.[1];
  if (delay !== undefined) return DELAYS[delay] ?? delay;
  return EVENTS[event] ?? event;
}

/** The name of an event for scripts: as in the chart, or `after backoff`, or `begin`. */
export const eventName = (event: string): string =>
  event === 'xstate.init' ? 'begin' : event.replace(DELAYED, 'after $1');

/** The regions of a configuration that changed: `child.Backoff → child.Starting`. */
export function moveWords(from: string, to: string): string {
  const before = from.split(' ');
  const after = to.split(' ');
  const left = before.filter((region) => region !== '' && !after.includes(region)).join(' ');
  const entered = after.filter((region) => !before.includes(region)).join(' ');
  return left === '' || entered === '' ? left + entered : `${left} → ${entered}`;
}
