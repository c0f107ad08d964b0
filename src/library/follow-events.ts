import type { Transition } from '../wire/messages.ts';
import { pause } from '../cli/ask/pause.ts';
import { ConnectionError, NoDaemonError, UnreachableError } from './errors.ts';
import { requestOf, type Target } from './request.ts';

/** How often to look for a daemon that has gone. */
const RECONNECT_MS = 250;

export interface EventsWanted {
  readonly jobs: readonly string[];
  readonly follow: boolean;
  readonly verbose: boolean;
  readonly reconnect: boolean;
  readonly signals: readonly AbortSignal[];
  readonly give: (event: Transition) => Promise<void>;
}

/**
 * Passes each transition to its reader. Resolves when the daemon ends; with `reconnect`, only when the reader
 * aborts.
 */
export async function followEvents(target: Target, wanted: EventsWanted): Promise<void> {
  const interrupted = AbortSignal.any([...wanted.signals]);
  for (;;) {
    try {
      await eventsOfOne(target, wanted);
      if (!wanted.reconnect || !wanted.follow) return;
    } catch (error) {
      if (interrupted.aborted) return;
      if (!wanted.reconnect || !isOfConnection(error)) throw error;
    }
    await pause(target.ports.clock, interrupted, RECONNECT_MS);
    if (interrupted.aborted) return;
  }
}

async function eventsOfOne(
  target: Target,
  { jobs, follow, verbose, signals, give }: EventsWanted,
): Promise<void> {
  const { events } = await requestOf<'events'>(target, {
    request: { name: 'events', jobs, follow, verbose },
    signals,
    screen: { showEvent: give },
  });
  for (const event of events) await give(event);
}

const isOfConnection = (error: unknown): boolean =>
  [NoDaemonError, ConnectionError, UnreachableError].some((kind) => error instanceof kind);
