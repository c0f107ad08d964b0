import type { Homes } from '../../homes.ts';
import { jobNameOf } from '../../plan/names.ts';
import type { Refusal, Request } from '../../wire/messages.ts';

/** The refusal, with what the config says of a job that nobody knows: it may be in there, with no instance. */
export async function withReason(homes: Homes, request: Request, refusal: Refusal): Promise<Refusal> {
  if (refusal.code !== 'no-such-job') return refusal;
  const words = wordsOf(request);
  const reason = await noInstances(homes, words);
  if (reason === null) return refusal;
  return { ...refusal, message: words.length === 1 ? reason : `${refusal.message}; ${reason}` };
}

/** Says which of the words mean a job of which the config asks for no instance; null where none does. */
export async function noInstances(homes: Homes, words: readonly string[]): Promise<string | null> {
  const { checkConfig } = await import('../offline.ts');
  const reading = checkConfig(homes, []);
  const empty = reading.ok
    ? reading.config.jobs.filter(({ instances }) => instances === 0).map(({ name }) => name)
    : [];
  const meant = empty.filter((name) => words.some((word) => word === name || jobNameOf(word) === name));
  return meant.length === 0 ? null : `the config asks for no instance of ${meant.join(', ')} (instances = 0)`;
}

function wordsOf(request: Request): readonly string[] {
  if ('jobs' in request) return request.jobs;
  return 'job' in request ? [request.job] : [];
}
