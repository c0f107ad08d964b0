import type { Reply } from './messages.ts';

export type BusyReply = Reply & { readonly kind: 'refusal' };

/** The reply to a client for which the daemon has no place. */
export const busy = (peers: number): BusyReply => ({
  kind: 'refusal',
  refusal: {
    code: 'busy',
    message:
      `overseerd has no room for another client (${peers} are connected); end one, such as an ` +
      `\`events -f\`, or try again in a moment`,
  },
});

/** The client's own wording where a proven daemon closes the connection without a reply. */
export const NO_ROOM: BusyReply = {
  kind: 'refusal',
  refusal: {
    code: 'busy',
    message:
      'overseerd runs and has no room for another client: too many are connected; try again in a moment',
  },
};
