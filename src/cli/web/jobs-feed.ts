import type { Clock } from '../../host/clock.ts';
import { NoSuchJobError } from '../../library/errors.ts';
import { followEvents } from '../../library/follow-events.ts';
import { requestOf, type Target } from '../../library/request.ts';
import type { JobStatus } from '../../wire/messages.ts';
import { jobJson } from '../render/status.ts';
import { measureUsage } from '../usage/measure.ts';
import type { Usage } from '../usage/usage.ts';
import type { JobsMessage, WebJob } from './messages.ts';

/** Changes that come so soon after each other are sent as one. */
const CALM_MS = 16;
/** How often to look for a daemon that has gone. */
const LOST_MS = 400;
/** How often the usage is measured anew, and how often is looked whether there is something to measure. */
const MEASURE_MS = 2_000;
const NOTHING_RUNS_MS = 100;
/** If more jobs than this have changed, all jobs are requested. */
const MOST_NAMED = 200;
/**
 * How often all jobs are asked for; events name the jobs to ask for in between. A job that is removed while
 * it is stopped sends no event.
 */
const ASK_ALL_MS = 1_000;
/** A daemon with very many jobs is asked less often: this share of the time at most is spent on it. */
const ASK_ALL_SHARE = 1 / 20;

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
  /** The jobs to ask for, or all of them. */
  #due: Set<string> | 'all' = new Set();
  #isAsking = false;
  /** How long the last answer about all jobs took. */
  #askedAllMs = 0;
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
      void this.#askAllAgain(this.#following.signal);
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
          give: async ({ machine, id }) => {
            if (machine === 'job') this.#note(id, ended);
          },
        });
        // It is awaited below; the first request reports a failure before that.
        events.catch(() => undefined);
        await Promise.race([this.#begin(ended), events]);
        await events;
        this.#lose('the daemon has ended', ended);
      } catch (error) {
        this.#lose((error as Error).message, ended);
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

  /** Asks soon for this job, or for all of them. */
  #note(name: string | null, ended: AbortSignal): void {
    if (name === null) this.#due = 'all';
    else if (this.#due !== 'all') this.#due = this.#due.size < MOST_NAMED ? this.#due.add(name) : 'all';
    if (this.#isAsking) return;
    this.#isAsking = true;
    this.#clock.after(CALM_MS, () => void this.#ask(ended));
  }

  /** One question at a time, so that no older answer overtakes a newer one. */
  async #ask(ended: AbortSignal): Promise<void> {
    try {
      while ((this.#due === 'all' || this.#due.size > 0) && !ended.aborted) {
        const asked = this.#due;
        this.#due = new Set();
        if (asked === 'all') await this.#askAll(ended);
        else this.#compare([...asked], await this.#statusesOf([...asked], ended));
      }
    } catch {
      // The stream of events says so as well, and what becomes of it.
    } finally {
      this.#isAsking = false;
    }
  }

  async #askAll(ended: AbortSignal): Promise<void> {
    const before = this.#clock.monotonic();
    const now = await this.#statusesOf([], ended);
    this.#compare([...this.#known.keys()], now);
    this.#askedAllMs = this.#clock.monotonic() - before;
  }

  async #statusesOf(jobs: readonly string[], ended: AbortSignal): Promise<readonly Known[]> {
    try {
      const request = { name: 'status', jobs } as const;
      const answer = await requestOf<'status'>(this.#target, { request, signals: [ended] });
      return answer.jobs.map((job) => this.#shown(job));
    } catch (error) {
      if (!(error instanceof NoSuchJobError)) throw error;
      // One of them has been removed meanwhile.
      const all = await this.#statusesOf([], ended);
      return all.filter(({ job }) => jobs.includes(job.name));
    }
  }

  async #askAllAgain(ended: AbortSignal): Promise<void> {
    while (!ended.aborted) {
      const waitMs = Math.max(ASK_ALL_MS, this.#askedAllMs / ASK_ALL_SHARE);
      await new Promise<void>((resolve) => this.#clock.after(waitMs, resolve));
      if (this.#lost === null && !ended.aborted) this.#note(null, ended);
    }
  }

  /** Takes in how these jobs are now; one that has no status is gone. */
  #compare(asked: readonly string[], now: readonly Known[]): void {
    const changed = now.filter(({ job, text }) => this.#known.get(job.name)?.text !== text);
    const names = new Set(now.map(({ job }) => job.name));
    const removed = asked.filter((name) => this.#known.has(name) && !names.has(name));
    for (const each of changed) this.#known.set(each.job.name, each);
    for (const name of removed) this.#known.delete(name);
    if (changed.length + removed.length > 0)
      this.#tell({ kind: 'changed', jobs: changed.map(({ job }) => job), removed });
  }

  /** Measures what the jobs use again and again, for as long as somebody looks. */
  async #measure(ended: AbortSignal): Promise<void> {
    while (!ended.aborted) {
      const pids = [...this.#known.values()].flatMap(({ job }) => (job.pid === null ? [] : [job.pid]));
      this.#usages = await measureUsage(pids);
      const now = [...this.#known.values()].map(({ job }) => known({ ...job, ...this.#usageOf(job.pid) }));
      this.#compare([], now);
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

  /** Once all viewers have left, those who come then have a session of their own. */
  #lose(why: string, ended: AbortSignal): void {
    if (ended.aborted || this.#lost !== null) return;
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

type Extra = Pick<WebJob, 'job' | 'lastRunFailed' | 'hasOldConfig'>;

const extra = ({ job, lastRunFailed, hasOldConfig }: Extra): Extra => ({
  job,
  lastRunFailed,
  ...(hasOldConfig === true && { hasOldConfig }),
});
