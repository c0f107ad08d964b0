import type { ConfigReading } from '../../config/config.ts';
import type { Fleet } from '../../fleet/fleet.ts';
import type { JobInstance } from '../../fleet/job-instance.ts';
import type { PersistedState } from '../../fleet/persisted/persisted-state.ts';
import type { JobWorld } from '../../job/world.ts';
import type { AnyAnswer, DaemonStatus, Refusal, Report, Request, RequestName } from '../../wire/messages.ts';
import type { Peer } from '../../wire/peer.ts';
import type { EventFeed } from '../feeds/event-feed.ts';
import type { History } from '../feeds/history.ts';
import type { InspectedChart, Inspections } from '../feeds/inspections.ts';
import type { Tallies } from '../feeds/tallies.ts';
import { noSuchJob } from './refusals.ts';

/** The parts of the daemon that requests read and change. */
export interface RequestContext {
  readonly fleet: Fleet;
  readonly world: JobWorld;
  readonly history: History;
  readonly tallies: Tallies;
  readonly feed: EventFeed;
  readonly inspections: Inspections;
  /** The daemon's own chart as it is now. */
  readonly chart: () => InspectedChart;
  /** Answers at once, or later where the config is large. */
  readonly readConfig: (dir: string) => ConfigReading | Promise<ConfigReading>;
  /** A path without its links. */
  readonly realPath: (path: string) => string;
  /** What speaks against the login session of this daemon; null where there is no such thing. */
  readonly loginTrouble: () => Promise<Report['login'] | null> | null;
  /** Whether the daemon is shutting down: then no job may be started any more. */
  readonly isEnding: () => boolean;
  readonly daemon: () => DaemonStatus;
  readonly kept: PersistedState;
}

/** Every request but `DIE`, which the daemon chart answers by its own state `Exit`. */
export type JobRequest = Exclude<Request, { readonly name: 'DIE' }>;

export type RequestNamed<Name extends RequestName> = Extract<Request, { readonly name: Name }>;

/** The client that waits for an answer. */
export type Asker = Pick<Peer, 'reply' | 'onGone' | 'client'>;

export type Outcome = AnyAnswer | { readonly refusal: Refusal };

/** Calls `answer` with the instances that the names select, or refuses names that select none. */
export function withJobs<T>(
  { fleet }: RequestContext,
  { names, all }: { readonly names: readonly string[]; readonly all: boolean },
  answer: (jobs: readonly JobInstance[]) => T,
): T | Outcome {
  if (all) return answer(fleet.all);
  const unknown = names.filter((name) => fleet.named(name).length === 0);
  if (unknown.length > 0) return { refusal: noSuchJob(unknown, fleet.all) };
  return answer([...new Set(names.flatMap((name) => fleet.named(name)))]);
}
