import { requestOf, type Target } from '../../library/request.ts';
import { clockWords } from '../render/clock-words.ts';
import type { WebJob } from '../web/messages.ts';
import { whySentences } from '../words/why-words.ts';

/** Why a job is in its state. */
export interface JobReason {
  /** A clause for the table, such as `exited with 3`; may be empty. */
  readonly clause: string;
  /** What `overseer why` says first. */
  readonly sentences: string;
}

/** Drops the time left, which was right only when asked; the column UP counts down. */
const NEXT_START = /, next start in [\d.]+ s$/;

/** Asks why jobs are in their states, one after the other, and only for those that are looked at. */
export class Reasons {
  readonly #target: Target;
  readonly #changed: () => void;
  readonly #known = new Map<string, JobReason & { readonly stamp: string }>();
  #wanted: readonly WebJob[] = [];
  #isAsking = false;

  constructor(target: Target, changed: () => void) {
    this.#target = target;
    this.#changed = changed;
  }

  /** The newest answer; of a job whose state has changed since, the last one until the next comes. */
  of(name: string): JobReason | null {
    return this.#known.get(name) ?? null;
  }

  /** Says which jobs are looked at now. */
  want(jobs: readonly WebJob[]): void {
    this.#wanted = jobs;
    if (!this.#isAsking) void this.#ask();
  }

  async #ask(): Promise<void> {
    this.#isAsking = true;
    try {
      for (let job = this.#next(); job !== undefined; job = this.#next()) {
        const { name } = job;
        const request = { name: 'why', job: name } as const;
        const { jobs } = await requestOf<'why'>(this.#target, { request, signals: [] });
        const why = jobs.find(({ status }) => status.name === name) ?? jobs[0];
        const last = why?.history.at(-1);
        this.#known.set(name, {
          stamp: stampOf(job),
          clause: last?.state === job.state ? last.detail.replace(NEXT_START, '') : '',
          sentences: why === undefined ? '' : whySentences(why, (at) => clockWords(at, Date.now())).join(' '),
        });
        this.#changed();
      }
    } catch {
      // Without a daemon there is no answer; the feed says so, and the next draw asks again.
    } finally {
      this.#isAsking = false;
    }
  }

  #next(): WebJob | undefined {
    return this.#wanted.find((job) => this.#known.get(job.name)?.stamp !== stampOf(job));
  }
}

/** Changes whenever the reason may have changed. */
const stampOf = ({ state, startedAt, lastExit, nextStartAt, test, reason, stoppedByHand }: WebJob): string =>
  JSON.stringify([state, startedAt, lastExit, nextStartAt, test, reason, stoppedByHand]);
