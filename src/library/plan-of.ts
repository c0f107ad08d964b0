import { createHash } from 'node:crypto';
import type { Answers, Report, TriggerRequest } from '../wire/messages.ts';
import { NoDaemonError } from './errors.ts';
import { requestOf, type Target } from './request.ts';

/** What a trigger would do now: the daemon's answer, or, where none runs, that of its program. */
export async function planOf(
  target: Target,
  signals: readonly AbortSignal[] = [],
  only: Pick<TriggerRequest, 'jobs'> = {},
): Promise<Report> {
  const { homes, ports } = target;
  const request = { name: 'plan', configDir: homes.config, allowEmpty: false, ...only } as const;
  try {
    return await requestOf<'plan'>(target, { request, signals });
  } catch (error) {
    const offline = error instanceof NoDaemonError ? await ports.planOffline?.(homes, request) : undefined;
    if (offline?.kind !== 'answer') throw error;
    return offline.answer as Answers['plan'];
  }
}

/** Runs the trigger, and starts a daemon for it where none runs. */
export function applyTo(target: Target): Promise<Report> {
  const { config } = target.homes;
  const request = { name: 'apply', configDir: config, wait: true, allowEmpty: false } as const;
  return requestOf<'apply'>(target, { request, mayLaunch: true, signals: [] });
}

/** The same plan has the same id. How jobs are that nothing happens to does not count. */
export function planId({ changes, problems }: Report): string {
  const meant = changes
    .filter(({ action }) => action !== 'none')
    .map(({ job, action, reason }) => [job, action, reason]);
  return createHash('sha256')
    .update(JSON.stringify([meant, problems]))
    .digest('hex')
    .slice(0, 12);
}
