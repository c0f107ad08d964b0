import { isDeepStrictEqual } from 'node:util';
import { Worker } from 'node:worker_threads';
import { configContents, type FileContent } from '../config/config-contents.ts';
import type { ConfigReading, Job } from '../config/config.ts';
import { hardLimits } from '../os/hard-limits.ts';
import { readChangedJobs } from '../config/read-changed-jobs.ts';
import { readSmallConfig, type FolderOptions } from '../config/read-config.ts';

/**
 * This much of a config is read within some 50 ms on the main thread. Where more of it is to be read, a
 * thread of its own does that.
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

type Contents = readonly FileContent[];
type GoodReading = Extract<ConfigReading, { readonly ok: true }>;

/** A reading without problems, and the files that it was made of. */
interface Remembered {
  readonly dir: string;
  readonly contents: Contents;
  readonly reading: GoodReading;
}

/**
 * Reads the config without blocking the jobs, however large it is. Readings end in the order of their
 * requests, so that an older config never comes into force after a newer one. Tables that have
 * certainly not changed since the last reading are not parsed again; their jobs stay the same objects.
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
    const contents = this.#last === null ? configContents(dir, REMEMBERED_BYTES) : null;
    const known = contents === null ? null : this.#readingOf(dir, contents);
    if (known !== null) return known;
    const small =
      this.#last === null ? readSmallConfig({ ...this.#folder(dir), hardLimits }, SMALL_BYTES) : null;
    if (small !== null) return this.#remember(dir, contents, small);
    const reading = (this.#last ?? Promise.resolve())
      .then(() => this.#readApart(dir))
      .then((read) => this.#remember(dir, contents, read));
    this.#last = reading;
    void reading.finally(() => {
      if (this.#last === reading) this.#last = null;
    });
    return reading;
  }

  /** What the last reading has made known of these files; null where that is not enough. */
  #readingOf(dir: string, contents: Contents): ConfigReading | null {
    if (this.#remembered?.dir !== dir) return null;
    const { contents: before, reading } = this.#remembered;
    if (isDeepStrictEqual(before, contents)) return reading;
    const jobs = readChangedJobs(
      contents,
      { contents: before, jobs: reading.config.jobs },
      { ...this.#folder(dir), hardLimits, maxLetters: SMALL_BYTES },
    );
    if (jobs === null) return null;
    const changed = this.#withKnownJobs({ ...reading, config: { ...reading.config, jobs } });
    return this.#keep(dir, contents, changed);
  }

  /** Files that were changed while they were read do not belong to the reading. */
  #remember(dir: string, contents: Contents | null, read: ConfigReading): ConfigReading {
    if (!read.ok) return read;
    const reading = this.#withKnownJobs(read);
    const isSure = contents !== null && isDeepStrictEqual(contents, configContents(dir, REMEMBERED_BYTES));
    if (isSure) return this.#keep(dir, contents, reading);
    this.#remembered = null;
    return reading;
  }

  #keep(dir: string, contents: Contents, reading: GoodReading): GoodReading {
    this.#remembered = { dir, contents, reading };
    return reading;
  }

  /** A job that has not changed stays the same object, as in a config that has not changed at all. */
  #withKnownJobs(reading: GoodReading): GoodReading {
    const jobs = reading.config.jobs.map((job) => {
      const known = this.#jobs.get(job.name);
      if (known !== undefined && isDeepStrictEqual(known, job)) return known;
      // What comes from another thread has a hidden class of its own for each object.
      return Object.assign({}, job);
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

function unread(dir: string, why: string): ConfigReading {
  return {
    ok: false,
    files: [],
    problems: [{ file: dir, line: 1, column: 1, message: `the config ${why}` }],
  };
}
