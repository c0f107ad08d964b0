import type { ClientSession } from './session.ts';

/** Listens for progress, events and the one answer or refusal. How long a request may take is for the daemon to decide, unless this side breaks it off. */
export function readResponse(session: ClientSession): void {
  session.inbox.listen({
    onReply: (reply) => {
      if (reply.kind === 'progress' || reply.kind === 'event' || reply.kind === 'inspection') {
        session.news.push(reply);
        session.post({ type: 'Progress' });
      } else {
        session.reply = reply;
        session.post({ type: 'Success' });
      }
    },
    onClosed: (error) => session.post({ type: 'Failure', detail: error.message }),
  });
  const breakOff = (): void => session.post({ type: 'Failure', detail: 'it was broken off' });
  if (session.interrupted?.aborted === true) breakOff();
  else session.interrupted?.addEventListener('abort', breakOff, { once: true });
}
