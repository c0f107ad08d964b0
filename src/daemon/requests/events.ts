import { isMeant } from '../../plan/names.ts';
import type { Answers, Transition } from '../../wire/messages.ts';
import type { Peer } from '../../wire/peer.ts';
import type { EventFeed } from '../feeds/event-feed.ts';

const NONE_LEFT: Answers['events'] = { events: [] };

/** Whether a transition is one of a job that is asked for; no names ask for those of every chart. */
export function isAskedFor({ id, job }: Transition, jobs: readonly string[]): boolean {
  return jobs.length === 0 || (job !== null && jobs.some((word) => isMeant({ name: id, job }, word)));
}

/** Sends each transition from now on; the answer comes when the daemon ends. */
export function followEvents(
  feed: EventFeed,
  jobs: readonly string[],
  peer: Pick<Peer, 'reply' | 'onGone'>,
): Promise<Answers['events']> {
  return new Promise((resolve) => {
    const leave = feed.follow({
      event: (event) => {
        if (isAskedFor(event, jobs)) peer.reply({ kind: 'event', event });
      },
      // At once: the connection ends in the same turn.
      end: () => {
        peer.reply({ kind: 'answer', answer: NONE_LEFT });
        resolve(NONE_LEFT);
      },
    });
    peer.onGone(leave);
  });
}
