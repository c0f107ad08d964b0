import type { Clock } from '../../host/clock.ts';
import { followEvents } from '../../library/follow-events.ts';
import { requestOf, type Target } from '../../library/request.ts';
import type { JobStatus } from '../../wire/messages.ts';
import { jobJson } from '../render/status.ts';
import { measureUsage } from '../usage/measure.ts';
import type { Usage } from '../usage/usage.ts';
import type { JobsMessage, WebJob } from './messages.ts';

/** Changes that come so soon after each other are sent as one. */
const CALM_MS = 16;
/** How often a daemon that went away is looked for. */
const LOST_MS = 400;
/** How often the usage is measured anew, and how often is looked whether there is something to measure. */
const MEASURE_MS = 2_000;
const NOTHING_RUNS_MS = 100;

/**
 * Tells every viewer how the jobs are and what changes. It asks the daemon for nothing while nobody looks.
 */
export class JobsFeed {
  readonly #target: Target;
  readonly #clock: Clock;
  readonly #viewers = new Set<(message: JobsMessage) => void>();
  #known = new Map<string, Known>();
  #version = '';
  #lost: string | null = null;
  #following: AbortController | null = null;
  #isDue = false;
  #isAsking = false;
  #usages: ReadonlyMap<number, Usage> = new Map();

  constructor(target: Target) {
    this.#target = target;
    this.#clock = target.ports.clock;
  }

  /** Sends all jobs, then each change, until the returned function is called. */
  watch(viewer: (message: JobsMessage) => void): () => void {
    this.#viewers.add(viewer);
    if (this.#lost !== null) viewer({ kind: 'lost', why: this.#lost });
    else if (this.#following !== null && this.#version !== '') viewer(this.#all());
    if (this.#following === null) {
      this.#following = new AbortController();
      void this.#follow(this.#following.signal);
      void this.#measure(this.#following.signal);
    }
    return () => {
      this.#viewers.delete(viewer);
      if (this.#viewers.size > 0) return;
      this.#following?.abort();
      this.#following = null;
      this.#known.clear();
      this.#version = '';
      this.#lost = null;
    };
  }

  /** One daemon after the other: all jobs, then its events until it ends. */
  async #follow(ended: AbortSignal): Promise<void> {
    while (!ended.aborted) {
      try {
        // Followed before it is asked, so that nothing in between is missed.
        const events = followEvents(this.#target, {
          jobs: [],
          follow: true,
          reconnect: false,
          verbose: false,
          signals: [ended],
          give: async ({ machine }) => {
            if (machine === 'job') this.#note(ended);
          },
        });
        // It is awaited below; the first request reports a failure before that.
        events.catch(() => undefined);
        await Promise.race([this.#begin(ended), events]);
        await events;
        this.#lose('the daemon has ended');
      } catch (error) {
        this.#lose((error as Error).message);
      }
      if (!ended.aborted) await new Promise<void>((resolve) => this.#clock.after(LOST_MS, resolve));
    }
  }

  async #begin(ended: AbortSignal): Promise<void> {
    const { daemon, jobs } = await requestOf<'status'>(this.#target, {
      request: { name: 'status', jobs: [] },
      signals: [ended],
    });
    this.#lost = null;
    this.#version = daemon.version;
    this.#known = new Map(jobs.map((job) => [job.name, this.#shown(job)]));
    this.#tell(this.#all());
  }

  #note(ended: AbortSignal): void {
    this.#isDue = true;
    if (this.#isAsking) return;
    this.#isAsking = true;
    this.#clock.after(CALM_MS, () => void this.#ask(ended));
  }

  async #ask(ended: AbortSignal): Promise<void> {
    try {
      while (this.#isDue && !ended.aborted) {
        this.#isDue = false;
        const request = { name: 'status', jobs: [] } as const;
        const { jobs } = await requestOf<'status'>(this.#target, { request, signals: [ended] });
        this.#compare(jobs.map((job) => this.#shown(job)));
      }
    } catch {
      // The stream of events says so as well, and what becomes of it.
    } finally {
      this.#isAsking = false;
    }
  }

  #compare(now: readonly Known[]): void {
    const before = this.#known;
    this.#known = new Map(now.map((each) => [each.job.name, each]));
    const changed = now.filter(({ job, text }) => before.get(job.name)?.text !== text);
    const removed = [...before.keys()].filter((name) => !this.#known.has(name));
    if (changed.length + removed.length > 0)
      this.#tell({ kind: 'changed', jobs: changed.map(({ job }) => job), removed });
  }

  /** Measures what the jobs use again and again, for as long as somebody looks. */
  async #measure(ended: AbortSignal): Promise<void> {
    while (!ended.aborted) {
      const pids = [...this.#known.values()].flatMap(({ job }) => (job.pid === null ? [] : [job.pid]));
      this.#usages = await measureUsage(pids);
      this.#compare([...this.#known.values()].map(({ job }) => known({ ...job, ...this.#usageOf(job.pid) })));
      const wait = pids.length === 0 ? NOTHING_RUNS_MS : MEASURE_MS;
      await new Promise<void>((resolve) => this.#clock.after(wait, resolve));
    }
  }

  #shown(job: JobStatus): Known {
    return known({ ...jobJson(job), ...extra(job), ...this.#usageOf(job.pid) });
  }

  #usageOf(pid: number | null): Pick<WebJob, 'cpuPercent' | 'memoryBytes'> {
    const usage = pid === null ? undefined : this.#usages.get(pid);
    return { cpuPercent: usage?.cpuPercent ?? null, memoryBytes: usage?.memoryBytes ?? null };
  }

  #lose(why: string): void {
    if (this.#viewers.size === 0 || this.#lost !== null) return;
    this.#lost = why;
    this.#tell({ kind: 'lost', why });
  }

  #all(): JobsMessage {
    return { kind: 'all', version: this.#version, jobs: [...this.#known.values()].map(({ job }) => job) };
  }

  #tell(message: JobsMessage): void {
    for (const viewer of this.#viewers) viewer(message);
  }
}

interface Known {
  readonly job: WebJob;
  readonly text: string;
}

const known = (job: WebJob): Known => ({
  job,
  text: JSON.stringify(job),
});

const extra = ({
  job,
  lastRunFailed,
}: Pick<WebJob, 'job' | 'lastRunFailed'>): Pick<WebJob, 'job' | 'lastRunFailed'> => ({
  job,
  lastRunFailed,
});
