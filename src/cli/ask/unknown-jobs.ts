import type { Job } from '../../config/config.ts';
import type { Homes } from '../../homes.ts';
import { jobElsewhere } from '../elsewhere.ts';
import { isMeant } from '../../plan/names.ts';
import type { Refusal, Request } from '../../wire/messages.ts';

/** Adds to a refusal what the config says about jobs that the daemon does not know. */
export async function withReason(homes: Homes, request: Request, refusal: Refusal): Promise<Refusal> {
  if (refusal.code !== 'no-such-job') return refusal;
  const unknown = refusal.jobs ?? wordsOf(request);
  const elsewhere = unknown.map(jobElsewhere).find((says) => says !== null) ?? null;
  if (elsewhere !== null) return { ...refusal, message: `no such job: ${unknown.join(', ')}; ${elsewhere}` };
  const { reason, explained } = await whatConfigSays(homes, unknown, refusal.jobs !== undefined);
  if (reason === null) return refusal;
  return { ...refusal, message: explained === unknown.length ? reason : `${refusal.message}; ${reason}` };
}

/**
 * Explains jobs that the daemon does not know by the config; null if the config does not explain them.
 * `explained` is the number of explained names. A daemon without any jobs says itself that it has read no
 * config.
 */
export async function whatConfigSays(
  homes: Homes,
  words: readonly string[],
  mayBeUnread = true,
): Promise<{ readonly reason: string | null; readonly explained: number }> {
  const { checkConfig, instancesInConfig } = await import('../offline.ts');
  const reading = checkConfig(homes, []);
  if (!reading.ok)
    return words.length === 0 || !mayBeUnread
      ? { reason: null, explained: 0 }
      : {
          reason: 'the config has problems, which `overseer check` shows, so it is not in force',
          explained: 0,
        };
  const written = instancesInConfig(homes);
  const isWritten = (word: string): boolean => written.some((each) => isMeant(each, word));
  const noneAsked = reading.config.jobs.filter(({ instances }) => instances === 0);
  const means = (word: string, { name, tags }: Job): boolean =>
    isMeant({ name, job: name, tags }, word) || isCopyOf(name, word);
  const waiting = mayBeUnread ? words.filter(isWritten) : [];
  const empty = words.filter((word) => !isWritten(word) && noneAsked.some((job) => means(word, job)));
  const emptyJobs = noneAsked.filter((job) => empty.some((word) => means(word, job))).map(({ name }) => name);
  const parts = [
    ...(waiting.length === 0 ? [] : [notInForce(waiting)]),
    ...(empty.length === 0
      ? []
      : [`the config asks for no instance of ${emptyJobs.join(', ')} (instances = 0)`]),
  ];
  return {
    reason: parts.length === 0 ? null : parts.join('; '),
    explained: waiting.length + empty.length,
  };
}

/** The name that a copy of the job would have. */
const isCopyOf = (job: string, word: string): boolean =>
  word.startsWith(`${job}@`) && /^\d+$/.test(word.slice(job.length + 1));

function notInForce(words: readonly string[]): string {
  const [are, them] = words.length === 1 ? ['is', 'it'] : ['are', 'them'];
  return (
    `${words.join(', ')} ${are} in the config, but the daemon has not read ${them} yet: ` +
    `\`overseer\` applies the config`
  );
}

function wordsOf(request: Request): readonly string[] {
  if ('jobs' in request) return request.jobs;
  return 'job' in request ? [request.job] : [];
}
