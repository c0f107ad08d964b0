import type { JobSnapshot } from '../../../machines/job.ts';
import { hasEndedByItself, jobState, lastRunFailed, type JobState } from '../../plan/job-state.ts';
import { toneOf, type Tone } from '../../plan/state-tone.ts';
import type { ChangeOfJob, Inspection } from '../../wire/messages.ts';
import { stateWithExit } from '../words/state-words.ts';

/** A step of a chart, or a chart as it is now, as the server sends it to the pages. */
export interface ShownStep extends Inspection {
  /**
   * Unique among all charts: jobs are no children of the daemon's chart, and one may be called `daemon`.
   */
  readonly sessionId: string;
  readonly name: string;
  /** The state of a job; null for the daemon. */
  readonly look: Look | null;
}

/** A change of a job's state that the daemon remembers, as the page shows it. */
export type EarlierChange = Pick<ChangeOfJob, 'at' | 'event' | 'from' | 'to' | 'state' | 'detail'>;

interface Look {
  readonly state: JobState;
  /** As `status` has it, with the last exit where that explains the state. */
  readonly words: string;
  readonly tone: Tone;
}

/** The current state of each inspected chart. */
export class InspectedCharts {
  readonly #latest = new Map<string, ShownStep>();

  /** Takes a step; returns it for viewers that have followed so far. A chart's first step is how it is. */
  take(inspection: Inspection): ShownStep {
    const shown = shownStep(inspection);
    const isNew = !this.#latest.has(shown.sessionId);
    if (shown.snapshot.status === 'stopped') this.#latest.delete(shown.sessionId);
    else this.#latest.set(shown.sessionId, present(shown));
    return isNew ? present(shown) : shown;
  }

  /** Forgets all of them: their daemon has ended. */
  clear(): void {
    this.#latest.clear();
  }

  has(sessionId: string): boolean {
    return this.#latest.has(sessionId);
  }

  /** What a new viewer is told: each chart as it is now. */
  present(): readonly ShownStep[] {
    return [...this.#latest.values()];
  }
}

const present = (step: ShownStep): ShownStep => ({ ...step, event: null, taken: [] });

function shownStep(inspection: Inspection): ShownStep {
  const { machine, id, snapshot } = inspection;
  return {
    ...inspection,
    sessionId: `${machine}:${id}`,
    name: machine === 'daemon' ? 'overseerd' : id,
    look: machine === 'daemon' ? null : lookOf(snapshot as JobSnapshot),
  };
}

function lookOf(snapshot: JobSnapshot): Look {
  const { child, lastExit } = snapshot.context;
  const job = {
    state: jobState(snapshot),
    pid: hasEndedByItself(snapshot) ? null : (child?.pid ?? null),
    lastRunFailed: lastRunFailed(snapshot.context),
    lastExit,
  };
  return { state: job.state, words: stateWithExit(job), tone: toneOf(job) };
}
