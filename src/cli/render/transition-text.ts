/** The event of a delay as XState names it, with the delay's name. */
const DELAYED = /^xstate\.after\.([^.]+)\..*$/;

/** `ChildExited`, `after backoff`, `begin`. */
export function eventWords(event: string): string {
  return event === 'xstate.init' ? 'begin' : event.replace(DELAYED, 'after $1');
}

/** The same; of the child region, which moves most, the name goes without saying, so that two of its states fit in 80 columns. */
export const shortMove = (from: string, to: string): string => moveWords(from, to).replaceAll('child.', '');

/** Of the regions of a configuration only those that moved: `child.Backoff → child.Starting`. */
function moveWords(from: string, to: string): string {
  const before = from.split(' ');
  const after = to.split(' ');
  const left = before.filter((region) => region !== '' && !after.includes(region)).join(' ');
  const entered = after.filter((region) => !before.includes(region)).join(' ');
  return left === '' || entered === '' ? left + entered : `${left} → ${entered}`;
}
