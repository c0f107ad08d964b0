import type { JobStep } from '../../fleet/job-instance.ts';
import type { JobTransition } from '../../wire/messages.ts';
import type { History, NotedStep } from './history.ts';
import type { JobSetting } from './step-detail.ts';
import type { Tallies } from './tallies.ts';

export interface ChronicleOptions {
  readonly history: History;
  readonly tallies: Tallies;
  readonly setting: (name: string) => JobSetting;
  /** Called with each step that moved a chart, in order. */
  readonly tell: (transition: JobTransition, noted: NotedStep) => void;
}

/**
 * Reports what the steps of the jobs mean, after their effects were performed: only then is it known when a
 * job starts again and what it waits for.
 */
export class Chronicle {
  readonly #options: ChronicleOptions;
  #pending: (() => void)[] = [];
  /** The step that was described before it was kept. */
  #described: { readonly step: JobStep; readonly noted: NotedStep | null } | null = null;

  constructor(options: ChronicleOptions) {
    this.#options = options;
  }

  /** One clause about a step that is about to be kept; `note` must follow. */
  describe(name: string, step: JobStep): string {
    const { history, setting } = this.#options;
    const noted = history.note(name, step);
    this.#described = { step, noted };
    return noted === null ? '' : history.detailOf(noted, setting(name));
  }

  note(name: string, job: string, step: JobStep): void {
    const { history, tallies, setting, tell } = this.#options;
    const described = this.#described?.step === step ? this.#described : null;
    this.#described = null;
    const noted = described === null ? history.note(name, step) : described.noted;
    tallies.note(name, step, noted?.transition.cause ?? null);
    if (noted === null) return;
    this.#later(() => tell(history.complete(noted, job, setting(name)), noted));
  }

  /** The job is gone: its last step is still told. */
  forget(name: string): void {
    this.#options.tallies.forget(name);
    this.#later(() => this.#options.history.forget(name));
  }

  /** Reports pending steps at once. */
  flush(): void {
    const pending = this.#pending;
    this.#pending = [];
    for (const each of pending) each();
  }

  #later(work: () => void): void {
    if (this.#pending.length === 0) queueMicrotask(() => this.flush());
    this.#pending.push(work);
  }
}
