import { DAEMON_LOG } from '../../data-folder.ts';
import type { Instance } from '../../plan/instances.ts';
import { wordForTag } from '../../plan/names.ts';
import type { Refusal } from '../../wire/messages.ts';
import { candidatesOf, didYouMean } from '../../text/did-you-mean.ts';

/** No such jobs exist; the message suggests names that may be meant. */
export function noSuchJob(
  unknown: readonly string[],
  all: readonly Pick<Instance, 'name' | 'job'>[],
): Refusal {
  const code = 'no-such-job';
  const known = [...new Set(all.map(({ name }) => name))];
  if (known.length === 0)
    return { code, message: 'no job is known yet: `overseer` reads the config and starts its jobs' };
  const others = all.flatMap(({ job }) => [job.name, ...job.tags.map(wordForTag)]);
  const hint = hintFor(unknown, known, [...new Set(others)]);
  return { code, message: `no such job: ${unknown.join(', ')} (${hint})`, jobs: unknown };
}

/** The most similar name, or else some of the known names. */
function hintFor(
  [only = '', ...more]: readonly string[],
  known: readonly string[],
  others: readonly string[],
): string {
  const meant = more.length > 0 ? '' : didYouMean(only, candidatesOf([...others, ...known]));
  return meant === ''
    ? `known are ${known.slice(0, 10).join(', ')}${known.length > 10 ? ', …' : ''}`
    : meant.slice(': '.length);
}

/** The disk refuses an earlier change, so no new one may begin. */
export function degraded(): { readonly refusal: Refusal } {
  return {
    refusal: {
      code: 'degraded',
      message:
        `the state cannot be written (${DAEMON_LOG} in the data folder says why), so nothing is changed; ` +
        'make room on the disk and try again',
    },
  };
}

/** The daemon began to shut down before the request was done, so its outcome is not known. */
export function interrupted(): { readonly refusal: Refusal } {
  return {
    refusal: {
      code: 'degraded',
      message:
        'the daemon began to shut down before this was done; run the command again for the next daemon',
    },
  };
}

/** The change was made, but could not be persisted. */
export function unwritten(): { readonly refusal: Refusal } {
  return {
    refusal: {
      code: 'degraded',
      message:
        `it is done, but could not be written down (${DAEMON_LOG} in the data folder says why): ` +
        'a daemon that comes later would not know of it; make room on the disk and say it again',
    },
  };
}
