import type { Answers, Report } from '../wire/messages.ts';
import { NoDaemonError } from './errors.ts';
import { requestOf, type Target } from './request.ts';

/** What a trigger would do now: the daemon's answer, or, where none runs, that of its program. */
export async function planOf(target: Target, signals: readonly AbortSignal[] = []): Promise<Report> {
  const { homes, ports } = target;
  const request = { name: 'plan', configDir: homes.config, allowEmpty: false } as const;
  try {
    return await requestOf<'plan'>(target, { request, signals });
  } catch (error) {
    const offline = error instanceof NoDaemonError ? await ports.planOffline?.(homes, request) : undefined;
    if (offline?.kind !== 'answer') throw error;
    return offline.answer as Answers['plan'];
  }
}
