import type { AnyStateMachine } from 'xstate';
import type { Kept, Step } from '../../host/chart-host.ts';
import type { Clock } from '../../host/clock.ts';
import { transitionsTaken } from '../../host/transitions-taken.ts';
import { isMeant, type Named } from '../../plan/names.ts';
import type { Answers, Inspection } from '../../wire/messages.ts';
import type { Peer } from '../../wire/peer.ts';

/** More charts at once help no reader, and would overfill a connection's queue. */
export const MOST_INSPECTED = 1_000;

/** The present state of one chart. */
export interface InspectedChart {
  readonly machine: Inspection['machine'];
  readonly id: string;
  /** The job of an instance. */
  readonly job: string;
  readonly tags: readonly string[];
  readonly snapshot: Kept & { readonly status: string };
}

interface Viewer {
  readonly jobs: readonly string[];
  readonly peer: Pick<Peer, 'reply'>;
  readonly end: () => void;
}

/** Sends each step of the charts to inspecting clients. Without such clients a step costs nothing. */
export class Inspections {
  readonly #clock: Pick<Clock, 'wall'>;
  readonly #viewers = new Set<Viewer>();

  constructor(clock: Pick<Clock, 'wall'>) {
    this.#clock = clock;
  }

  get hasViewers(): boolean {
    return this.#viewers.size > 0;
  }

  note<M extends AnyStateMachine>(
    machine: InspectedChart['machine'],
    id: string,
    step: Step<M>,
    { job, tags }: Pick<Named, 'job' | 'tags'> = { job: id, tags: [] },
  ): void {
    if (this.#viewers.size === 0) return;
    const { event, after, effects } = step;
    const { status, value, context } = after as InspectedChart['snapshot'];
    // A job that is forgotten has taken its last step.
    const snapshot = { status: effects.includes('forgetJob') ? 'stopped' : status, value, context };
    const chart = { machine, id, job, tags, snapshot };
    const viewers = [...this.#viewers].filter((viewer) => isShownTo(viewer, chart));
    if (viewers.length === 0) return;
    const inspection = this.#inspection(chart, { event, taken: transitionsTaken(step) });
    for (const { peer } of viewers) peer.reply({ kind: 'inspection', inspection });
  }

  /**
   * Sends these charts as they are, then each step of the daemon and of the jobs that are asked for; the
   * answer comes when the daemon ends.
   */
  follow(
    charts: readonly InspectedChart[],
    jobs: readonly string[],
    peer: Pick<Peer, 'reply' | 'onGone'>,
  ): Promise<Answers['inspect']> {
    return new Promise((resolve) => {
      const answer = { charts: charts.length };
      const end = (): void => {
        // Reply synchronously: the connection is closed in the same turn of the event loop.
        peer.reply({ kind: 'answer', answer });
        resolve(answer);
      };
      const viewer = { jobs, peer, end };
      for (const chart of charts)
        peer.reply({ kind: 'inspection', inspection: this.#inspection(chart, { event: null }) });
      this.#viewers.add(viewer);
      peer.onGone(() => {
        this.#viewers.delete(viewer);
        resolve(answer);
      });
    });
  }

  end(): void {
    const left = [...this.#viewers];
    this.#viewers.clear();
    for (const { end } of left) end();
  }

  #inspection(
    { machine, id, snapshot: { status, value, context } }: InspectedChart,
    { event, taken }: Pick<Inspection, 'event' | 'taken'>,
  ): Inspection {
    return {
      at: new Date(this.#clock.wall()).toISOString(),
      machine,
      id,
      event,
      ...(taken !== undefined && { taken }),
      snapshot: { status, value, context },
    };
  }
}

function isShownTo({ jobs }: Viewer, chart: InspectedChart): boolean {
  return (
    jobs.length === 0 ||
    chart.machine === 'daemon' ||
    jobs.some((word) => isMeant({ ...chart, name: chart.id }, word))
  );
}
