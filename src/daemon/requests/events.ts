import type { Fleet } from '../../fleet/fleet.ts';
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
    (name) => fleet.named(name).length === 0 && !recent.some((each) => isSelected(each, [name], fleet)),
  );
  if (unknown.length > 0) return { refusal: noSuchJob(unknown, fleet.all) };
  const isWanted = (event: Transition): boolean => isSelected(event, jobs, fleet);
  return follow ? followEvents(feed, isWanted, peer) : { events: recent.filter(isWanted) };
}

/** Whether the names select this transition; no names select every chart. Tags are those that the job has now. */
function isSelected({ id, job }: Transition, jobs: readonly string[], fleet: Fleet): boolean {
  if (jobs.length === 0) return true;
  const tags = fleet.get(id)?.job.tags ?? [];
  return job !== null && jobs.some((word) => isMeant({ name: id, job, tags }, word));
}

/** Sends each new transition; the answer comes when the daemon ends. */
function followEvents(
  feed: EventFeed,
  isWanted: (event: Transition) => boolean,
  peer: Asker,
): Promise<Answers['events']> {
  return new Promise((resolve) => {
    const leave = feed.follow({
      event: (event) => {
        if (isWanted(event)) peer.reply({ kind: 'event', event });
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
