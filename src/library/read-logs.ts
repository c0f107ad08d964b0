import { dataFolder } from '../data-folder.ts';
import { ownersAmong } from '../cli/ask/instances-known.ts';
import { loggedNames } from '../cli/logs/log-names.ts';
import { LineSplitter, type SplitLine } from '../cli/logs/line-splitter.ts';
import type { Chunk, TailWanted } from '../cli/logs/log-tail.ts';
import { followLogs, printLogs, type LogsSink } from '../cli/logs/print-logs.ts';
import { isMeant, type Named } from '../plan/names.ts';
import { NoDaemonError, NoSuchJobError } from './errors.ts';
import { requestOf, type Target } from './request.ts';
import type { LogLine } from './types.ts';

export interface LogsOfJobs {
  readonly jobs: readonly string[];
  readonly tail: TailWanted;
  readonly follow: boolean;
  readonly interrupted: AbortSignal;
  readonly give: (line: LogLine) => Promise<void>;
}

/**
 * Passes lines to their reader: the last lines of each job, and with `follow` each new one. Needs no daemon.
 */
export async function readLogs(target: Target, wanted: LogsOfJobs): Promise<void> {
  if (wanted.interrupted.aborted) return;
  const dir = dataFolder(target.homes.data).logs;
  const known = wanted.jobs.length === 0 ? [] : await instancesOf(target);
  const names = (): readonly string[] => {
    const logged = loggedNames(dir);
    const ownerOf = ownersAmong(known);
    if (wanted.jobs.length === 0) return logged;
    return logged.filter((name) => wanted.jobs.some((word) => isMeant(ownerOf(name), word)));
  };
  const owned = loggedNames(dir).map(ownersAmong(known));
  const unknown = wanted.jobs.find((word) => ![...known, ...owned].some((each) => isMeant(each, word)));
  if (unknown !== undefined)
    throw new NoSuchJobError('no-such-job', `no such job and no log of one: ${unknown}`);
  const { tail, follow, interrupted, give } = wanted;
  const sink = new LineSink(give, interrupted);
  if (!follow) return printLogs({ dir, tail, names }, sink);
  return followLogs({ dir, tail, names }, sink, { clock: target.ports.clock, interrupted });
}

/** The instances that the daemon knows; without a daemon they are guessed from the names of the logs. */
async function instancesOf(target: Target): Promise<readonly Named[]> {
  try {
    const request = { name: 'status', jobs: [] } as const;
    return (await requestOf<'status'>(target, { request, signals: [] })).jobs;
  } catch (error) {
    if (error instanceof NoDaemonError) return [];
    throw error;
  }
}

/** Gives what each job printed to the reader, line by line. */
class LineSink implements LogsSink {
  readonly #give: (line: LogLine) => Promise<void>;
  readonly #interrupted: AbortSignal;
  readonly #splitter = new LineSplitter();

  constructor(give: (line: LogLine) => Promise<void>, interrupted: AbortSignal) {
    this.#give = give;
    this.#interrupted = interrupted;
  }

  /** False when the reader has left. */
  async write(job: string, chunk: Chunk, now: number): Promise<boolean> {
    for (const line of this.#splitter.push(job, chunk, now)) {
      await this.#line(line);
      if (this.#interrupted.aborted) return false;
    }
    return !this.#interrupted.aborted;
  }

  /** At the end a line that never ended is one all the same; while it is followed its end is waited for. */
  async flush(now: number): Promise<boolean> {
    if (now !== Infinity) return true;
    for (const line of this.#splitter.due(now)) await this.#line(line);
    return !this.#interrupted.aborted;
  }

  #line({ name, line, time }: SplitLine): Promise<void> {
    const { at, isExact } = time();
    return this.#give({ job: name, line: line.toString('utf8'), at: new Date(at).toISOString(), isExact });
  }
}
