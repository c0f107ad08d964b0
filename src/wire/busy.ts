import type { Reply } from './messages.ts';

export type BusyReply = Reply & { readonly kind: 'refusal' };

/** What a client hears for which there is no place. */
export const busy = (peers: number): BusyReply => ({
  kind: 'refusal',
  refusal: {
    code: 'busy',
    message: `overseerd has no room for another client (${peers} are connected); end one, such as an \`events -f\`, or try again in a moment`,
  },
});

/** What a client tells itself where a daemon that has proved itself takes nobody in. */
export const NO_ROOM: BusyReply = {
  kind: 'refusal',
  refusal: {
    code: 'busy',
    message:
      'overseerd runs and has no room for another client: too many are connected; try again in a moment',
  },
};
