import { isMeant } from '../../plan/names.ts';
import type { Answers, Transition } from '../../wire/messages.ts';
import type { EventFeed } from '../feeds/event-feed.ts';
import type { Asker, Outcome, RequestContext, RequestNamed } from './context.ts';
import { noSuchJob } from './refusals.ts';

const NONE_LEFT: Answers['events'] = { events: [] };

/** The last transitions of the named jobs, or with `follow` each new one. */
export function events(
  { fleet, feed }: RequestContext,
  { jobs, follow }: RequestNamed<'events'>,
  peer: Asker,
): Outcome | Promise<Outcome> {
  const recent = feed.recent();
  // A job that was removed has no instance any more, but its last transitions can still be shown.
  const unknown = jobs.filter(
    (name) => fleet.named(name).length === 0 && !recent.some((each) => isSelected(each, [name])),
  );
  if (unknown.length > 0) return { refusal: noSuchJob(unknown, fleet) };
  return follow
    ? followEvents(feed, jobs, peer)
    : { events: recent.filter((each) => isSelected(each, jobs)) };
}

/** Whether the names select this transition; no names select every chart. */
function isSelected({ id, job }: Transition, jobs: readonly string[]): boolean {
  return jobs.length === 0 || (job !== null && jobs.some((word) => isMeant({ name: id, job }, word)));
}

/** Sends each new transition; the answer comes when the daemon ends. */
function followEvents(feed: EventFeed, jobs: readonly string[], peer: Asker): Promise<Answers['events']> {
  return new Promise((resolve) => {
    const leave = feed.follow({
      event: (event) => {
        if (isSelected(event, jobs)) peer.reply({ kind: 'event', event });
      },
      // Reply synchronously: the connection is closed in the same turn of the event loop.
      end: () => {
        peer.reply({ kind: 'answer', answer: NONE_LEFT });
        resolve(NONE_LEFT);
      },
    });
    peer.onGone(leave);
  });
}
