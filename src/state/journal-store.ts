import { isRefusal } from '../os/system-error.ts';
import type { AppendFile } from './append-file.ts';
import type { Disk } from './disk.ts';
import type { LiveLines } from './live-lines.ts';
import { abandonNew, beginNew, putInPlace, syncName } from './new-file.ts';
import { deleteLine, putLine } from './record.ts';
import { SharedSync } from './shared-sync.ts';
import type { Store } from './store.ts';

export interface JournalParts {
  readonly path: string;
  readonly disk: Disk;
  readonly header: string;
  readonly live: LiveLines;
  /** Null while the file cannot be written. */
  readonly file: AppendFile | null;
  /** Makes the file writable; throws the error of the file system. */
  readonly prepare: () => AppendFile;
}

/** A longer journal is not read, so none is written. */
export const JOURNAL_MAX = 256 * 1024 * 1024;
/**
 * A journal is rewritten when it is this many times as long as its live records, and longer than this
 * minimum.
 */
const REWRITE_RATIO = 4;
export const REWRITE_MIN = 64 * 1024;
/** Half-way to `JOURNAL_MAX` a smaller gain is enough. */
const REWRITE_GAIN = 1.25;

interface Rewriting {
  running: Promise<void> | null;
  /** Lines put since the new file was begun. */
  since: string[] | null;
  /** After a failed rewrite the next one is tried at twice the length. */
  notBelow: number;
}

/** The store of a journal that was read; `openJournal` makes it. */
export class JournalStore implements Store {
  readonly #parts: JournalParts;
  readonly #syncs = new SharedSync(() => this.#flush());
  readonly #rewriting: Rewriting = { running: null, since: null, notBelow: 0 };
  #file: AppendFile | null;
  /**
   * `unsynced` at first: the daemon that wrote the records may have died before its sync. `distrusted`: an
   * fsync failed. A later one may succeed although the data are gone, so only a new file helps.
   */
  #safety: 'synced' | 'unsynced' | 'distrusted' = 'unsynced';
  /** Settles when no fdatasync works on the file's descriptor. */
  #idle: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(parts: JournalParts) {
    this.#parts = parts;
    this.#file = parts.file;
  }

  get bytes(): number {
    return this.#file?.size ?? 0;
  }

  entries(): ReadonlyMap<string, unknown> {
    return this.#parts.live.values();
  }

  put(key: string, value: unknown): void {
    const line = putLine(key, value);
    this.#append(line);
    this.#parts.live.set(key, line);
    this.#rewriteIfDue();
  }

  delete(key: string): void {
    if (!this.#parts.live.has(key)) return;
    this.#append(deleteLine(key));
    this.#parts.live.delete(key);
    this.#rewriteIfDue();
  }

  sync(): Promise<void> {
    return this.#syncs.ask();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#closeWhenIdle(this.#file);
  }

  #append(line: string): void {
    if (this.#closed) throw new Error('the journal is closed');
    if (this.bytes + Buffer.byteLength(line) > JOURNAL_MAX) throw tooLong(this.#parts.path);
    this.#file ??= this.#parts.prepare();
    this.#file.append(line);
    this.#rewriting.since?.push(line);
    if (this.#safety === 'synced') this.#safety = 'unsynced';
  }

  async #flush(): Promise<void> {
    if (this.#safety === 'synced' || this.#file === null) return;
    if (this.#safety === 'unsynced' && (await this.#datasync(this.#file))) return;
    await this.#rewrite();
  }

  async #datasync(file: AppendFile): Promise<boolean> {
    // A record put while this runs makes it `unsynced` again.
    this.#safety = 'synced';
    const run = this.#parts.disk.datasync(file.fd);
    this.#idle = settled(run);
    try {
      await run;
      return true;
    } catch (error) {
      if (!isRefusal(error)) throw error;
      this.#safety = 'distrusted';
      return false;
    }
  }

  #rewriteIfDue(): void {
    const { live } = this.#parts;
    const wanted = Math.max(Math.min(live.bytes * REWRITE_RATIO, JOURNAL_MAX / 2), live.bytes * REWRITE_GAIN);
    if (this.bytes <= Math.max(wanted, REWRITE_MIN, this.#rewriting.notBelow)) return;
    this.#rewrite().catch((error: unknown) => {
      if (!isRefusal(error)) throw error;
      // The old journal is whole and in use.
      this.#rewriting.notBelow = this.bytes * 2;
    });
  }

  #rewrite(): Promise<void> {
    this.#rewriting.running ??= this.#rewriteOnce().finally(() => {
      this.#rewriting.running = null;
    });
    return this.#rewriting.running;
  }

  /**
   * Most of the file is synced in the background. The rest and the rename follow without giving control back
   * to the event loop.
   */
  async #rewriteOnce(): Promise<void> {
    const { disk, path, header, live } = this.#parts;
    const file = beginNew(disk, path, header + live.text());
    const since: string[] = [];
    this.#rewriting.since = since;
    try {
      await disk.datasync(file.fd);
      if (!this.#closed) putInPlace(disk, path, file, since.join(''));
    } catch (error) {
      abandonNew(disk, path, file);
      throw error;
    } finally {
      this.#rewriting.since = null;
    }
    // Another daemon may already use this name for its own new file, so the file is closed but not removed.
    if (this.#closed) file.close();
    else this.#use(file);
  }

  #use(file: AppendFile): void {
    this.#closeWhenIdle(this.#file);
    this.#file = file;
    this.#rewriting.notBelow = 0;
    this.#safety = 'distrusted';
    syncName(this.#parts.disk, this.#parts.path);
    this.#safety = 'synced';
  }

  /** A number that is closed under an fdatasync may already be another file's. */
  #closeWhenIdle(file: AppendFile | null): void {
    if (file !== null) void this.#idle.then(() => file.close());
  }
}

function settled(run: Promise<void>): Promise<void> {
  return run.then(
    () => undefined,
    () => undefined,
  );
}

function tooLong(path: string): Error {
  return Object.assign(
    new Error(`EFBIG: the journal would become longer than ${JOURNAL_MAX} bytes, write '${path}'`),
    {
      code: 'EFBIG',
      syscall: 'write',
    },
  );
}
