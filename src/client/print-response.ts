import type { ClientSession } from './session.ts';

export function printResponse({ screen, reply, post }: ClientSession): void {
  if (reply === null) return post({ type: 'Failure', detail: 'there is nothing to print' });
  void screen
    .print(reply)
    .then((read) => post(read ? { type: 'Success' } : { type: 'Failure', detail: 'the reader has left' }));
}
