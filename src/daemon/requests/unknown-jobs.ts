import type { Fleet } from '../../fleet/fleet.ts';
import type { Refusal } from '../../wire/messages.ts';
import { candidatesOf, didYouMean } from '../../text/did-you-mean.ts';

/** That there are no such jobs, and what may be meant. */
export function noSuchJob(unknown: readonly string[], { all }: Fleet): Refusal {
  const code = 'no-such-job';
  const known = all.map(({ name }) => name);
  if (known.length === 0)
    return { code, message: 'no job is known yet: `overseer` reads the config and starts its jobs' };
  const hint = hintFor(unknown, known, [...new Set(all.map(({ job }) => job.name))]);
  return { code, message: `no such job: ${unknown.join(', ')} (${hint})`, jobs: unknown };
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
