import type { Fleet } from '../../../fleet/fleet.ts';
import { isMeant } from '../../../plan/names.ts';
import type { Answers, Transition } from '../../../wire/messages.ts';
import type { JobInstance } from '../../../fleet/job-instance.ts';
import type { EventFeed } from '../../feeds/event-feed.ts';
import type { History } from '../../feeds/history.ts';
import type { Asker, Outcome, RequestContext, RequestNamed } from '../context.ts';
import { noSuchJob } from '../refusals.ts';

const NONE_LEFT: Answers['events'] = { events: [] };

/** The last transitions of the named jobs, or with `follow` each new one. */
export function events(
  { fleet, feed, history }: RequestContext,
  { jobs, follow, verbose }: RequestNamed<'events'>,
  peer: Asker,
): Outcome | Promise<Outcome> {
  const recent = feed.recent();
  // A job that was removed has no instance any more, but its last transitions can still be shown.
  const unknown = jobs.filter(
    (name) => fleet.named(name).length === 0 && !recent.some((each) => isSelected(each, [name], fleet)),
  );
  if (unknown.length > 0) return { refusal: noSuchJob(unknown, fleet.all) };
  const isShown = (event: Transition): boolean =>
    (verbose || event.isChange === true) && isSelected(event, jobs, fleet);
  if (follow) return followEvents(feed, isShown, peer);
  const instances = jobs.length === 0 ? fleet.all : [...new Set(jobs.flatMap((job) => fleet.named(job)))];
  return { events: withEarlier(recent.filter(isShown), instances, history) };
}

/** The histories of more instances would take long to read. */
const MOST_RECALLED = 200;
const MOST_TOLD = 1_000;

/** Adds transitions that earlier daemons recorded for these instances. */
function withEarlier(
  recent: readonly Transition[],
  instances: readonly JobInstance[],
  history: History,
): readonly Transition[] {
  if (instances.length > MOST_RECALLED) return recent;
  const names = new Set(instances.map(({ name }) => name));
  const recalled = instances.flatMap(({ name, job }) =>
    history.changesOf(name).map(({ age: _, ...change }): Transition => ({
      ...change,
      machine: 'job',
      id: name,
      job: job.name,
      isChange: true,
    })),
  );
  const others = recent.filter(({ isChange, id }) => isChange !== true || !names.has(id));
  return inOrder([...inOrder(recalled).slice(-MOST_TOLD), ...others]);
}

/** Sorting is stable: what happened in the same millisecond stays in its order. */
const inOrder = (transitions: readonly Transition[]): readonly Transition[] =>
  transitions.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));

/**
 * Whether the names select this transition; no names select every chart. Tags are those that the job has now.
 */
function isSelected({ id, job }: Transition, jobs: readonly string[], fleet: Fleet): boolean {
  if (jobs.length === 0) return true;
  const tags = fleet.get(id)?.job.tags ?? [];
  return job !== null && jobs.some((word) => isMeant({ name: id, job, tags }, word));
}

/** Sends each new transition; the answer comes when the daemon ends. */
function followEvents(
  feed: EventFeed,
  isShown: (event: Transition) => boolean,
  peer: Asker,
): Promise<Answers['events']> {
  return new Promise((resolve) => {
    const leave = feed.follow({
      event: (event) => {
        if (isShown(event)) peer.reply({ kind: 'event', event });
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
