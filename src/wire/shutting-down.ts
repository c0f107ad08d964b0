import type { Reply } from './messages.ts';

/** What a daemon that is about to end says to whatever it is asked: nothing of that has been begun. */
export const SHUTTING_DOWN: Reply & { readonly kind: 'refusal' } = {
  kind: 'refusal',
  refusal: { code: 'shutting-down', message: 'the daemon is shutting down; try again in a moment' },
};

/** Whether a daemon has refused because it is about to end. */
export const isShuttingDown = (reply: Reply): boolean =>
  reply.kind === 'refusal' && reply.refusal.code === SHUTTING_DOWN.refusal.code;
