import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { Worker } from 'node:worker_threads';
import { configBytes } from '../config/config-bytes.ts';
import type { ConfigReading, Job } from '../config/config.ts';
import { hardLimits } from '../os/hard-limits.ts';
import { readSmallConfig, type FolderOptions } from '../config/read-config.ts';

/**
 * A config up to this size is read within some 50 ms on the main thread; a larger one in a thread of its own.
 */
const SMALL_BYTES = 32 * 1024;
/** The reading of a config up to this size is remembered, as 20,000 jobs may have. */
const REMEMBERED_BYTES = 2 * 1024 * 1024;
const TIME_LIMIT_MS = 30_000;
const MEMORY_LIMIT_MB = 512;

export interface ConfigReaderOptions {
  readonly home: string;
  /** The part of the daemon's environment that jobs inherit. */
  readonly base: Readonly<Record<string, string>>;
  /** The bundle of config-worker.ts. */
  readonly worker: URL;
  readonly timeLimitMs?: number;
  readonly memoryLimitMb?: number;
}

/** A reading without problems, and what identifies the files that it was made of. */
interface Remembered {
  readonly sign: string;
  readonly reading: ConfigReading;
}

/**
 * Reads the config without blocking the jobs, however large it is. Readings end in the order of their
 * requests, so that an older config never comes into force after a newer one. Files that are as they were
 * last time are not parsed again; then the jobs of the reading are the same objects, too.
 */
export class ConfigReader {
  readonly #options: ConfigReaderOptions;
  #last: Promise<ConfigReading> | null = null;
  #remembered: Remembered | null = null;
  /** The jobs of the last reading without problems, by name. */
  #jobs: ReadonlyMap<string, Job> = new Map();

  constructor(options: ConfigReaderOptions) {
    this.#options = options;
  }

  read(dir: string): ConfigReading | Promise<ConfigReading> {
    const sign = this.#last === null ? signOf(dir) : null;
    if (sign !== null && sign === this.#remembered?.sign) return this.#remembered.reading;
    const small =
      this.#last === null ? readSmallConfig({ ...this.#folder(dir), hardLimits }, SMALL_BYTES) : null;
    if (small !== null) return this.#remember(dir, sign, small);
    const reading = (this.#last ?? Promise.resolve())
      .then(() => this.#readApart(dir))
      .then((read) => this.#remember(dir, sign, read));
    this.#last = reading;
    void reading.finally(() => {
      if (this.#last === reading) this.#last = null;
    });
    return reading;
  }

  /** Files that were changed while they were read do not belong to the reading. */
  #remember(dir: string, sign: string | null, read: ConfigReading): ConfigReading {
    const reading = this.#withKnownJobs(read);
    const isSure = reading.ok && sign !== null && sign === signOf(dir);
    this.#remembered = isSure ? { sign, reading } : null;
    return reading;
  }

  /** A job that has not changed stays the same object, as in a config that has not changed at all. */
  #withKnownJobs(reading: ConfigReading): ConfigReading {
    if (!reading.ok) return reading;
    const jobs = reading.config.jobs.map((job) => {
      const known = this.#jobs.get(job.name);
      return known !== undefined && isDeepStrictEqual(known, job) ? known : job;
    });
    this.#jobs = new Map(jobs.map((job) => [job.name, job]));
    return { ...reading, config: { ...reading.config, jobs } };
  }

  #folder(dir: string): FolderOptions {
    const { home, base } = this.#options;
    return { dir, home, base };
  }

  #readApart(dir: string): Promise<ConfigReading> {
    const { worker: file, timeLimitMs = TIME_LIMIT_MS, memoryLimitMb = MEMORY_LIMIT_MB } = this.#options;
    return new Promise((resolve) => {
      const worker = new Worker(file, {
        workerData: this.#folder(dir),
        execArgv: [],
        resourceLimits: { maxOldGenerationSizeMb: memoryLimitMb },
      });
      const end = (reading: ConfigReading): void => {
        clearTimeout(timer);
        resolve(reading);
        void worker.terminate();
      };
      const fail = (why: string): void => end(unread(dir, why));
      const timer = setTimeout(
        () => fail(`takes longer than ${timeLimitMs / 1000} s to read: make it smaller`),
        timeLimitMs,
      );
      worker.once('message', end);
      worker.once('error', (error: NodeJS.ErrnoException) =>
        fail(
          error.code === 'ERR_WORKER_OUT_OF_MEMORY'
            ? `takes more than ${memoryLimitMb} MB of memory to read: make it smaller`
            : `cannot be read: ${error.message}`,
        ),
      );
      worker.once('exit', () => fail('cannot be read: its reader ended without an answer'));
    });
  }
}

/** Null where the files are too large for it, or the reading depends on others. */
function signOf(dir: string): string | null {
  const bytes = configBytes(dir, REMEMBERED_BYTES);
  return bytes === null ? null : createHash('sha256').update(dir).update('\0').update(bytes).digest('hex');
}

function unread(dir: string, why: string): ConfigReading {
  return {
    ok: false,
    files: [],
    problems: [{ file: dir, line: 1, column: 1, message: `the config ${why}` }],
  };
}
