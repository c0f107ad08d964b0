import type { Timer } from '../../host/clock.ts';
import { isOfNoRoom } from '../no-room.ts';
import type { WatchEvents, WatchRequest } from '../ports.ts';
import { FolderWatches } from './folder-watches.ts';
import { ownFiles, type OwnFiles, type OwnFolder } from './own-files.ts';
import { Walk, nothing, type File, type Found } from './walk.ts';
import { realWatchCalls, type WatchCalls } from './watch-calls.ts';
import { next, watchedPaths, type WatchedPaths } from './watched-paths.ts';

/** Events within this window are looked into together. */
const GATHER_MS = 30;

/** The time until a scan for which the system had no room is tried again. */
const NO_ROOM_MS = 1_000;

/** With more changed places than this, a full scan is less work. */
const MAX_PLACES = 100;

export interface TreeRequest extends WatchRequest {
  /** The daemon's own folder, which no job watches. */
  readonly own: OwnFolder;
  /** The machine's own, unless a test or a simulation has others. */
  readonly calls?: WatchCalls;
}

/**
 * Watches every file that matches the globs, now and later. An event only says where to look; changes are
 * found by comparing with the state before. So a replaced folder, a changed link and a lost event are handled
 * alike.
 */
export class WatchTree {
  readonly #request: TreeRequest;
  readonly #on: WatchEvents;
  readonly #calls: WatchCalls;
  readonly #paths: WatchedPaths;
  readonly #watches: FolderWatches;
  #found: Found = nothing();
  #own: OwnFiles | null = null;
  #isKnown = false;
  #isWalking = false;
  #isOver = false;
  /**
   * The pause before the next scan: as long as the last one took, so that scanning never takes more than half
   * of the time.
   */
  #pauseMs = 0;
  #timer: Timer | null = null;
  #all = true;
  /** Names to check, by folder. */
  #places = new Map<string, Set<string>>();

  constructor(request: TreeRequest, on: WatchEvents) {
    this.#request = request;
    this.#on = on;
    this.#calls = request.calls ?? realWatchCalls;
    this.#paths = watchedPaths(request);
    this.#watches = new FolderWatches(this.#calls, {
      event: (folder, name) => this.#note(folder, name),
      gone: () => this.renew(),
    });
    // Unusable globs are reported at once; the scan may take a while.
    if (this.#paths.refused.length > 0) on.remarked(this.#refusals());
    void this.#work();
  }

  /** Scans again from the root folder. */
  renew(): void {
    this.#all = true;
    this.#soon();
  }

  end(): void {
    this.#isOver = true;
    this.#timer?.clear();
    this.#watches.end();
  }

  #note(folder: string, name: string | null): void {
    if (name === null || this.#found.hops.get(folder)?.has(name) === true) return this.renew();
    const places = this.#found.folders.get(folder);
    // A folder that is being walked through for the first time is not known yet.
    if (places !== undefined ? next(places, folder, name).length === 0 : !this.#isWalking) return;
    const names = this.#places.get(folder) ?? new Set<string>();
    this.#places.set(folder, names.add(name));
    this.#soon();
  }

  #soon(): void {
    if (this.#isOver || this.#isWalking || this.#timer !== null) return;
    const afterMs = this.#all ? Math.max(GATHER_MS, this.#pauseMs) : GATHER_MS;
    this.#timer = this.#calls.clock.after(afterMs, () => {
      this.#timer = null;
      void this.#work();
    });
  }

  async #work(): Promise<void> {
    if (this.#isOver) return;
    this.#isWalking = true;
    try {
      const places = [...this.#places].flatMap(([folder, names]) =>
        [...names].map((name) => ({ folder, name })),
      );
      this.#places = new Map();
      if (this.#all || places.length > MAX_PLACES) await this.#lookAround(places);
      else for (const { folder, name } of places) await this.#lookAt(folder, name);
    } catch (error) {
      this.#on.remarked([`it cannot be watched: ${error instanceof Error ? error.message : String(error)}`]);
      if (isOfNoRoom(error)) [this.#all, this.#pauseMs] = [true, NO_ROOM_MS];
    } finally {
      this.#isWalking = false;
    }
    if (this.#all || this.#places.size > 0) this.#soon();
  }

  async #lookAround(places: readonly { readonly folder: string; readonly name: string }[]): Promise<void> {
    this.#all = false;
    const { clock } = this.#calls;
    const begin = clock.monotonic();
    this.#own = await ownFiles(this.#request.own, this.#request.cwd, this.#calls);
    const found = await this.#walk(this.#own).from('/', this.#paths.start);
    this.#pauseMs = clock.monotonic() - begin;
    if (this.#isOver) return this.#watches.end();
    const before = this.#found;
    this.#found = found;
    this.#watches.keepOnly(new Set([...found.folders.keys(), ...found.hops.keys()]));
    const named = new Set(
      places.map(({ folder, name }) => (folder === '/' ? `/${name}` : `${folder}/${name}`)),
    );
    if (this.#isKnown) this.#compare(before.files, found.files, named);
    this.#isKnown = true;
    this.#on.remarked(this.#remarks());
  }

  /**
   * Checks one name of an event. With a link among the paths, everything is scanned, since links lead
   * elsewhere.
   */
  async #lookAt(folder: string, name: string): Promise<void> {
    const places = this.#found.folders.get(folder);
    if (this.#own === null || places === undefined || this.#all) return;
    // Events during the first scan of a folder are recorded before it is known which names match.
    if (next(places, folder, name).length === 0) return;
    const path = folder === '/' ? `/${name}` : `${folder}/${name}`;
    const found = await this.#walk(this.#own).child(folder, name, places);
    if (this.#isOver) return this.#watches.end();
    const isFolder = this.#found.folders.has(path) || found.folders.has(path);
    const before = isFolder ? below(this.#found.files, path) : alone(this.#found.files, path);
    if (found.hops.size > 0 || [...before.values()].some(({ seen }) => seen.link !== null)) {
      this.#all = true;
      return;
    }
    if (isFolder) this.#dropBelow(path, found);
    for (const known of before.keys()) this.#found.files.delete(known);
    for (const [each, file] of found.files) this.#found.files.set(each, file);
    for (const [each, into] of found.folders) this.#found.folders.set(each, into);
    for (const remark of found.remarks) this.#found.remarks.add(remark);
    this.#compare(before, found.files, new Set([path]));
    this.#on.remarked(this.#remarks());
  }

  #dropBelow(path: string, found: Found): void {
    this.#watches.keepBelow(path, new Set([...found.folders.keys(), ...this.#found.hops.keys()]));
    for (const known of below(this.#found.folders, path).keys()) this.#found.folders.delete(known);
  }

  #walk(own: OwnFiles): Walk {
    return new Walk({
      paths: this.#paths,
      own,
      watches: this.#watches,
      calls: this.#calls,
      isOver: () => this.#isOver,
    });
  }

  #compare(
    before: ReadonlyMap<string, File>,
    after: ReadonlyMap<string, File>,
    named: ReadonlySet<string>,
  ): void {
    for (const [path, { seen }] of after) {
      const old = before.get(path)?.seen;
      const isSame = old?.sign === seen.sign && !(seen.isFresh && named.has(path));
      if (!isSame) this.#on.changed(path);
    }
    for (const path of before.keys()) if (!after.has(path)) this.#on.changed(path);
  }

  #refusals(): readonly string[] {
    return this.#paths.refused.map(({ glob, why }) => `${JSON.stringify(glob)} is not watched: ${why}`);
  }

  #remarks(): readonly string[] {
    const matching = new Set([...this.#found.files.values()].flatMap(({ globs }) => globs));
    const { refused, globs } = this.#paths;
    const unusable = new Set(refused.map(({ glob }) => glob));
    return [
      ...this.#refusals(),
      ...globs
        .filter((glob, index) => !matching.has(index) && !unusable.has(glob))
        .map((glob) => `${JSON.stringify(glob)} matches nothing so far`),
      ...this.#found.remarks,
    ];
  }
}

function alone<T>(all: ReadonlyMap<string, T>, path: string): ReadonlyMap<string, T> {
  const known = all.get(path);
  return new Map(known === undefined ? [] : [[path, known]]);
}

function below<T>(all: ReadonlyMap<string, T>, path: string): ReadonlyMap<string, T> {
  return new Map([...all].filter(([each]) => each === path || each.startsWith(`${path}/`)));
}
