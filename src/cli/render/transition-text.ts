/** The event of a delay as XState names it, with the delay's name. */
const DELAYED = /^xstate\.after\.([^.]+)\..*$/;

/** `ChildExited`, `after backoff`, `begin`. */
export function eventWords(event: string): string {
  return event === 'xstate.init' ? 'begin' : event.replace(DELAYED, 'after $1');
}

/** Parts of a state's path that say nothing to a reader: the child region moves most, the others only group states. */
const GROUPS = /\bchild\.|\b(?:Up|AtRest)\.|\.Quiet\b/g;

/** What a transition changed, short enough that two states fit in 80 columns: `Backoff → Starting.Spawning`. */
export const shortMove = (from: string, to: string): string => moveWords(from, to).replaceAll(GROUPS, '');

/** Of the regions of a configuration only those that moved: `child.Backoff → child.Starting`. */
function moveWords(from: string, to: string): string {
  const before = from.split(' ');
  const after = to.split(' ');
  const left = before.filter((region) => region !== '' && !after.includes(region)).join(' ');
  const entered = after.filter((region) => !before.includes(region)).join(' ');
  return left === '' || entered === '' ? left + entered : `${left} → ${entered}`;
}
