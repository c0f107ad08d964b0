import type { ClientSession } from './session.ts';

/** Listens for progress and the one answer or refusal. How long a request may take is for the daemon to decide. */
export function readResponse(session: ClientSession): void {
  session.inbox.listen({
    onReply: (reply) => {
      if (reply.kind === 'progress') {
        session.progress = reply.progress;
        session.post({ type: 'Progress' });
      } else {
        session.reply = reply;
        session.post({ type: 'Success' });
      }
    },
    onClosed: (error) => session.post({ type: 'Failure', detail: error.message }),
  });
}
