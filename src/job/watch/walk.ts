import type { Dirent } from 'node:fs';
import { join, resolve } from 'node:path';
import { quietly, seenAt, type Seen } from './file-sign.ts';
import type { FolderWatches } from './folder-watches.ts';
import { MAX_FOLDERS } from './folder-watches.ts';
import type { OwnFiles } from './own-files.ts';
import type { WatchCalls } from './watch-calls.ts';
import { isEnd, namesAt, next, type WatchedPlace, type WatchedPaths } from './watched-paths.ts';

/** Limits for one job: remembered files, and names visited in one scan. */
const MAX_FILES = 20_000;
const MAX_NAMES = 200_000;

/** This many files are checked in parallel. */
const SIDE_BY_SIDE = 64;

/** Links that lead to links, as many as the system itself follows. */
const MAX_LINKS = 40;

/** A file that a glob means. */
export interface File {
  readonly seen: Seen;
  readonly globs: readonly number[];
}

/** The result of a scan. */
export interface Found {
  readonly files: Map<string, File>;
  /** Visited folders, each with the names and patterns to look for in it. */
  readonly folders: Map<string, readonly WatchedPlace[]>;
  /** For each folder the names in it that links lead through. */
  readonly hops: Map<string, Set<string>>;
  readonly remarks: Set<string>;
}

export const nothing = (): Found => ({
  files: new Map(),
  folders: new Map(),
  hops: new Map(),
  remarks: new Set(),
});

export interface WalkOptions {
  readonly paths: WatchedPaths;
  readonly own: OwnFiles;
  readonly watches: FolderWatches;
  readonly calls: WatchCalls;
  /** Whether the result is no longer needed. */
  readonly isOver: () => boolean;
}

interface Visit {
  readonly folder: string;
  readonly places: readonly WatchedPlace[];
}

/**
 * Scans once: from folder to folder along the globs, nearer ones first. Each folder is watched before it is
 * read, so that no change is missed in between.
 */
export class Walk {
  readonly found = nothing();
  readonly #options: WalkOptions;
  readonly #queue: Visit[] = [];
  #names = 0;

  constructor(options: WalkOptions) {
    this.#options = options;
  }

  async from(folder: string, places: readonly WatchedPlace[]): Promise<Found> {
    this.#queue.push({ folder, places });
    return this.#run();
  }

  /** Visits one entry of a folder, and everything below it. */
  async child(folder: string, name: string, places: readonly WatchedPlace[]): Promise<Found> {
    await this.#look(folder, name, places);
    return this.#run();
  }

  async #run(): Promise<Found> {
    for (let at = 0; at < this.#queue.length; at += 1) {
      if (this.#options.isOver()) break;
      await this.#visit(this.#queue[at]!);
    }
    return this.found;
  }

  async #visit({ folder, places }: Visit): Promise<void> {
    this.found.folders.set(folder, places);
    const names = namesAt(places);
    const refusal = await this.#watch(folder);
    if (refusal !== null && (names === null || !(await this.#isThere(folder, names))))
      this.#remark(refusal, folder);
    if (names !== null) for (const name of names) await this.#look(folder, name, places);
    else await this.#lookAtAll(folder, places);
  }

  async #watch(folder: string): Promise<string | null> {
    const { watches } = this.#options;
    // On macOS the events of a folder come with those of all below it: these would be everybody's.
    if (process.platform === 'darwin' && folder.split('/').length <= 2) return null;
    return (await watches.ensure(folder))?.code ?? null;
  }

  async #isThere(folder: string, names: ReadonlySet<string>): Promise<boolean> {
    for (const name of names) if ((await this.#seenAt(join(folder, name))) === null) return false;
    return true;
  }

  async #lookAtAll(folder: string, places: readonly WatchedPlace[]): Promise<void> {
    const listing = await quietly(this.#options.calls.opendir(folder, { bufferSize: 512 }));
    if (listing === null) return;
    const names = new Map<string, Dirent>();
    const reading = listing[Symbol.asyncIterator]();
    for (let entry = await nextEntry(reading); entry !== null; entry = await nextEntry(reading)) {
      if (this.#options.isOver()) break;
      this.#names += 1;
      if (this.#names > MAX_NAMES) {
        this.found.remarks.add(
          `more than ${MAX_NAMES} names were looked at, and those beyond are not watched`,
        );
        break;
      }
      names.set(entry.name, entry);
    }
    // A folder that was read to its end is closed already.
    await quietly(reading.return?.(null) ?? Promise.resolve(null));
    if (this.#options.own.isData(names)) return void this.found.folders.delete(folder);
    const entries = [...names.values()];
    for (let at = 0; at < entries.length; at += SIDE_BY_SIDE) {
      if (this.#options.isOver()) return;
      const some = entries.slice(at, at + SIDE_BY_SIDE);
      await Promise.all(some.map((entry) => this.#look(folder, entry.name, places, entry)));
    }
  }

  async #look(folder: string, name: string, places: readonly WatchedPlace[], entry?: Dirent): Promise<void> {
    const { paths, own } = this.#options;
    const there = next(places, folder, name);
    if (there.length === 0) return;
    const path = join(folder, name);
    const ends = there.filter(isEnd);
    // Skip files that no glob ends at, and files beyond the limit.
    if (entry?.isFile() === true && (ends.length === 0 || !this.#hasRoom())) return;
    const seen = await this.#seenAt(path);
    if (seen === null || (await own.has(seen.id, folder, name))) return;
    if (seen.link !== null) await this.#follow(folder, name, seen.link, MAX_LINKS);
    if (ends.length > 0 && !paths.isOut(path)) this.#keep(path, seen, ends);
    if (!seen.isFolder) return;
    const further = there.filter((place) => !isEnd(place) && (seen.link === null || place.isWrittenOut));
    if (further.length > 0 && !paths.isAllOut(path)) this.#queue.push({ folder: path, places: further });
  }

  #keep(path: string, seen: Seen, ends: readonly WatchedPlace[]): void {
    if (this.#hasRoom()) this.found.files.set(path, { seen, globs: ends.map(({ pattern }) => pattern.glob) });
  }

  #hasRoom(): boolean {
    const { files, remarks } = this.found;
    if (files.size < MAX_FILES) return true;
    remarks.add(`more than ${MAX_FILES} files match, and those beyond are not watched`);
    return false;
  }

  /** Every folder on the way to a link's target is watched, so that a change of any link is noticed. */
  async #follow(folder: string, name: string, link: string, left: number): Promise<void> {
    await this.#hop(folder, name);
    const real = await quietly(this.#options.calls.realpath(folder));
    if (real === null || left === 0) return;
    let at = '/';
    for (const part of resolve(real, link)
      .split('/')
      .filter((each) => each !== '')) {
      await this.#hop(at, part);
      const seen = await this.#seenAt(join(at, part));
      if (seen === null) return;
      if (seen.link !== null) await this.#follow(at, part, seen.link, left - 1);
      at = join(at, part);
    }
  }

  #seenAt(path: string): Promise<Seen | null> {
    return seenAt(path, this.#options.calls);
  }

  async #hop(folder: string, name: string): Promise<void> {
    const names = this.found.hops.get(folder) ?? new Set<string>();
    this.found.hops.set(folder, names);
    if (names.size === 0) await this.#watch(folder);
    names.add(name);
  }

  #remark(code: string, folder: string): void {
    if (code !== 'ENOENT' && code !== 'ENOTDIR')
      this.found.remarks.add(REFUSALS[code]?.(folder) ?? `${folder} cannot be watched: ${code}`);
  }
}

const REFUSALS: Readonly<Record<string, (folder: string) => string>> = {
  TOOMANY: () => `more than ${MAX_FOLDERS} folders match, and those beyond are not watched`,
  ENOSPC: () =>
    'the system has no more watches to give, so not every folder is watched: raise ' +
    'fs.inotify.max_user_watches',
  EMFILE: () =>
    'the system has no more watches to give, so nothing is watched: raise ' +
    'fs.inotify.max_user_instances or the limit of open files',
  EACCES: (folder) => `${folder} cannot be watched: it may not be read`,
};

async function nextEntry(reading: AsyncIterator<Dirent>): Promise<Dirent | null> {
  const result = await quietly(reading.next());
  return result === null || result.done === true ? null : result.value;
}
