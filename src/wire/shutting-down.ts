import type { Reply } from './messages.ts';

/** The reply of a daemon that is shutting down: nothing of the request has been begun. */
export const SHUTTING_DOWN: Reply & { readonly kind: 'refusal' } = {
  kind: 'refusal',
  refusal: { code: 'shutting-down', message: 'the daemon is shutting down; try again in a moment' },
};

/** Whether a daemon has refused because it is about to end. */
export const isShuttingDown = (reply: Reply): boolean =>
  reply.kind === 'refusal' && reply.refusal.code === SHUTTING_DOWN.refusal.code;
