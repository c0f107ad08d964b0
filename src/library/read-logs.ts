import { dataFolder } from '../data-folder.ts';
import { ownersAmong } from '../cli/ask/instances-known.ts';
import { loggedNames } from '../cli/logs/log-names.ts';
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

const NEWLINE = 10;
/** A line without an end is given in pieces of this many bytes. */
const LINE_BYTES = 64 * 1024;

type TimeOf = Chunk['timeAt'];

/** Cuts what each job printed into lines. */
class LineSink implements LogsSink {
  readonly #give: (line: LogLine) => Promise<void>;
  readonly #interrupted: AbortSignal;
  readonly #begun = new Map<string, { readonly bytes: Buffer; readonly time: ReturnType<TimeOf> }>();

  constructor(give: (line: LogLine) => Promise<void>, interrupted: AbortSignal) {
    this.#give = give;
    this.#interrupted = interrupted;
  }

  async write(job: string, { bytes, timeAt }: Chunk): Promise<boolean> {
    let from = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, from)) {
      await this.#line(job, bytes.subarray(from, end), () => timeAt(from));
      if (this.#interrupted.aborted) return false;
      from = end + 1;
    }
    const rest = bytes.subarray(from);
    if (rest.length === 0) return true;
    const begun = this.#begun.get(job);
    const held = Buffer.concat([begun?.bytes ?? Buffer.alloc(0), rest]);
    this.#begun.set(job, { bytes: held, time: begun?.time ?? timeAt(from) });
    if (held.length > LINE_BYTES) await this.#line(job, Buffer.alloc(0), () => timeAt(from));
    return !this.#interrupted.aborted;
  }

  /** The last line counts even if it has no end. While following, its end is awaited. */
  async flush(now: number): Promise<boolean> {
    if (now !== Infinity) return true;
    for (const [job, { time }] of this.#begun) await this.#line(job, Buffer.alloc(0), () => time);
    return !this.#interrupted.aborted;
  }

  #line(job: string, bytes: Buffer, time: () => ReturnType<TimeOf>): Promise<void> {
    const begun = this.#begun.get(job);
    this.#begun.delete(job);
    const { at, isExact } = begun?.time ?? time();
    const line = Buffer.concat([begun?.bytes ?? Buffer.alloc(0), bytes]).toString('utf8');
    return this.#give({ job, line, at: new Date(at).toISOString(), isExact });
  }
}
