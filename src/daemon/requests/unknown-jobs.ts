import type { Fleet } from '../../fleet/fleet.ts';
import { candidatesOf, didYouMean } from '../../text/did-you-mean.ts';

/** That there are no such jobs, and what may be meant. */
export function unknownInWords(unknown: readonly string[], { all }: Fleet): string {
  const known = all.map(({ name }) => name);
  if (known.length === 0) return 'no job is known yet: `overseer` reads the config and starts its jobs';
  return `no such job: ${unknown.join(', ')} (${hintFor(unknown, known, [...new Set(all.map(({ job }) => job.name))])})`;
}

/** The name that was meant, or else some of those that there are. */
function hintFor(
  [only = '', ...others]: readonly string[],
  known: readonly string[],
  jobs: readonly string[],
): string {
  const meant = others.length > 0 ? '' : didYouMean(only, candidatesOf([...jobs, ...known]));
  return meant === ''
    ? `known are ${known.slice(0, 10).join(', ')}${known.length > 10 ? ', …' : ''}`
    : meant.slice(': '.length);
}
