import type { Inspection } from '../../wire/messages.ts';

/** The version of @statelyai/inspect whose messages these are. */
const PROTOCOL = '0.7.2';

interface Base {
  readonly _version: string;
  /** Milliseconds since 1970, as a text. */
  readonly createdAt: string;
  readonly id: null;
  readonly rootId: string;
  readonly sessionId: string;
}

type Snapshot = Inspection['snapshot'];
type ChartEvent = NonNullable<Inspection['event']>;

/** Messages for Stately's inspector: a chart, an event, a snapshot. */
export type StatelyMessage =
  | (Base & {
      readonly type: '@xstate.actor';
      readonly name: string;
      readonly definition: string;
      readonly snapshot: Snapshot;
    })
  | (Base & { readonly type: '@xstate.event'; readonly event: ChartEvent })
  | (Base & { readonly type: '@xstate.snapshot'; readonly event: ChartEvent; readonly snapshot: Snapshot });

export type Definitions = Readonly<Record<Inspection['machine'], string>>;

/** The charts that are inspected, in the words of Stately's inspector. */
export class InspectedCharts {
  readonly #definitions: Definitions;
  readonly #latest = new Map<string, Inspection>();

  /** `definitions` are the configs of the machines as JSON. */
  constructor(definitions: Definitions) {
    this.#definitions = definitions;
  }

  /** Takes a step; returns the messages for viewers that have followed so far. */
  take(inspection: Inspection): readonly StatelyMessage[] {
    const { event, snapshot } = inspection;
    const base = baseOf(inspection);
    const isNew = event === null || !this.#latest.has(base.sessionId);
    if (snapshot.status === 'stopped') this.#latest.delete(base.sessionId);
    else this.#latest.set(base.sessionId, inspection);
    if (isNew) return [this.#actor(inspection)];
    return [
      { ...base, type: '@xstate.event', event },
      { ...base, type: '@xstate.snapshot', event, snapshot },
    ];
  }

  /** The messages for a new viewer: each chart as it is now. */
  present(): readonly StatelyMessage[] {
    return this.latest().map((inspection) => this.#actor(inspection));
  }

  /** The last step of each chart that there is. */
  latest(): readonly Inspection[] {
    return [...this.#latest.values()];
  }

  #actor(inspection: Inspection): StatelyMessage {
    const { machine, id, snapshot } = inspection;
    const name = machine === 'daemon' ? 'overseerd' : id;
    return {
      ...baseOf(inspection),
      type: '@xstate.actor',
      name,
      definition: this.#definitions[machine],
      snapshot,
    };
  }
}

/**
 * Each chart is a system of its own: jobs are no children of the daemon's chart, and one may be called
 * `daemon`.
 */
export const sessionIdOf = (machine: Inspection['machine'], id: string): string => `${machine}:${id}`;

function baseOf({ at, machine, id }: Inspection): Base {
  const sessionId = sessionIdOf(machine, id);
  return { _version: PROTOCOL, createdAt: String(Date.parse(at)), id: null, rootId: sessionId, sessionId };
}
