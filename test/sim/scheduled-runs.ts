import type { Sketch } from './sketch.ts';

/** The least time from one start of a scheduled job to the next that its schedule asks for. */
const PERIOD_MS: Readonly<Record<string, number>> = {
  'every 1s': 1_000,
  'every 5s': 5_000,
  'every 10m': 600_000,
};

/** A timer may be early by so much. */
const SLACK_MS = 2;

interface Count {
  readonly since: number;
  readonly runs: number;
}

/** Counts how often a scheduled job is started for one time that is due. */
export class ScheduledRuns {
  readonly #counts = new Map<string, Count>();

  /** With the power went what was known of runs: they may be made up for. */
  recordsLost(): void {
    this.#counts.clear();
  }

  /**
   * Null, or what is wrong with this start. A time is due one period after the last start at the earliest;
   * `askedAt` is when somebody last asked for something that may start a job or change its config, or when a
   * daemon began that runs it at start.
   */
  started(
    instance: string,
    now: number,
    { sketches, askedAt }: { readonly sketches: readonly Sketch[]; readonly askedAt: number },
  ): string | null {
    const most = mostRuns(sketches);
    if (most === null) return null;
    const period = Math.min(...sketches.map(({ schedule }) => PERIOD_MS[schedule ?? ''] ?? 0));
    const last = this.#counts.get(instance);
    const isSame = last !== undefined && now - last.since < period - SLACK_MS && askedAt < last.since;
    const count = { since: isSame ? last.since : now, runs: isSame ? last.runs + 1 : 1 };
    this.#counts.set(instance, count);
    if (count.runs <= most) return null;
    return `${instance} runs ${count.runs} times for one time that is due, where max_restarts allows ${most}`;
  }
}

/** Null where it was not scheduled all the time, or may be restarted without an end. */
function mostRuns(sketches: readonly Sketch[]): number | null {
  if (sketches.some(({ schedule, isWatched }) => schedule === null || isWatched)) return null;
  const each = sketches.map(({ restart, maxRestarts }) => (restart === 'on-failure' ? maxRestarts : -1));
  // Never to be given up, and what comes back by itself, are other kinds.
  return each.includes(0) ? null : Math.max(...each, 0) + 1;
}
