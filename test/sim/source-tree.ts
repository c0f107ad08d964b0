import type { BigIntStats, FSWatcher } from 'node:fs';
import type { Clock } from '../../src/host/clock.ts';
import type { WatchCalls } from '../../src/job/watch/watch-calls.ts';
import type { Incarnation } from './incarnation.ts';
import type { World } from './world.ts';

/** How long a call takes at most, and how late the system tells of a change. */
const LATE_MOST_MS = 3;
const TOLD_MOST_MS = 20;

/** The times of files move in steps, as on a disk. */
const TICK_MS = 4;

interface Folder {
  readonly ino: number;
  readonly entries: Map<string, Node>;
  readonly watchers: Map<(type: string, name: string) => void, Watcher>;
}

/** Whose watch it is, and since when. */
interface Watcher {
  readonly daemon: Incarnation;
  readonly since: number;
}

interface File {
  readonly ino: number;
  readonly changedAt: number;
  readonly bytes: number;
}

type Node = Folder | File;

/** The folders and files that jobs watch, with what Node tells of them. */
export class SourceTree {
  readonly #world: World;
  #inodes = 1;
  readonly #root: Folder;

  constructor(world: World) {
    this.#world = world;
    this.#root = this.#newFolder();
  }

  /** Writes a file, new or not, with the folders that are missing. */
  write(path: string): void {
    const { folder, name } = this.#place(path, { isMade: true });
    const before = folder.entries.get(name);
    const ino = before !== undefined && !isFolder(before) ? before.ino : this.#newInode();
    folder.entries.set(name, this.#newFile(ino));
    this.#tell(folder, before === undefined ? 'rename' : 'change', name);
  }

  /** Gives a file or folder another name, in the place of whatever has that now. */
  move(from: string, to: string): void {
    const old = this.#place(from);
    const node = old.folder.entries.get(old.name);
    if (node === undefined) return;
    const { folder, name } = this.#place(to, { isMade: true });
    old.folder.entries.delete(old.name);
    folder.entries.set(name, node);
    this.#tell(old.folder, 'rename', old.name);
    this.#tell(folder, 'rename', name);
    if (isFolder(node)) this.#tell(node, 'rename', old.name);
  }

  /** Removes a file, or a folder with all that is in it. */
  remove(path: string): void {
    const { folder, name } = this.#place(path);
    const node = folder.entries.get(name);
    if (node === undefined) return;
    if (isFolder(node)) {
      for (const each of node.entries.keys()) this.remove(`${path}/${each}`);
      this.#tell(node, 'rename', name);
    }
    folder.entries.delete(name);
    this.#tell(folder, 'rename', name);
  }

  /** Since when a daemon has watched a folder; null where it does not. */
  watchedSince(path: string, daemon: Incarnation): number | null {
    const node = this.#find(path);
    const watchers = node !== undefined && isFolder(node) ? [...node.watchers.values()] : [];
    return watchers.find((each) => each.daemon === daemon)?.since ?? null;
  }

  /** A file, or all files in a folder. */
  filesIn(path: string): readonly string[] {
    const node = this.#find(path);
    if (node === undefined) return [];
    return isFolder(node)
      ? [...node.entries.keys()].flatMap((name) => this.filesIn(`${path}/${name}`))
      : [path];
  }

  /** All files in a folder; one that is written anew, or that takes the place of another, looks different. */
  looksOf(path: string): string {
    const files = this.filesIn(path).toSorted();
    return JSON.stringify(files.map((file) => [file, this.#find(file)]));
  }

  /** The same as one daemon sees it, which may die at any call. */
  of(daemon: Incarnation, clock: Clock): WatchCalls {
    const late = <T>(act: () => T): Promise<T> =>
      new Promise((resolve, reject) => {
        this.#world.timeline.after(this.#random('look').int(0, LATE_MOST_MS), () => {
          if (!daemon.isAlive) return;
          try {
            resolve(act());
          } catch (error) {
            reject(error);
          }
        });
      });
    const calls = {
      lstat: (path: string) => late(() => this.#stats(path)),
      stat: (path: string) => late(() => this.#stats(path)),
      readlink: (path: string) => late(() => Promise.reject(refusal('EINVAL', path))),
      realpath: (path: string) => late(() => (this.#existing(path), path)),
      readdir: (path: string) => late(() => this.#listed(path)),
      opendir: (path: string) => late(() => this.#reading(path, late)),
      watch: (path: string, on: (type: string, name: string) => void) => this.#watch(daemon, path, on),
      clock,
    };
    return calls as unknown as WatchCalls;
  }

  #watch(daemon: Incarnation, path: string, on: (type: string, name: string) => void): FSWatcher {
    const folder = this.#existing(path);
    if (!isFolder(folder)) throw refusal('ENOTDIR', path);
    let toldAt = 0;
    const tell = (type: string, name: string): void => {
      // The events of one folder come in their order.
      toldAt = Math.max(toldAt, this.#world.timeline.now + this.#random('tell').int(0, TOLD_MOST_MS));
      this.#world.timeline.after(toldAt - this.#world.timeline.now, () => {
        if (daemon.isAlive && folder.watchers.has(tell)) on(type, name);
      });
    };
    folder.watchers.set(tell, { daemon, since: this.#world.timeline.now });
    return {
      close: () => folder.watchers.delete(tell),
      on: () => undefined,
    } as unknown as FSWatcher;
  }

  #tell({ watchers }: Folder, type: string, name: string): void {
    for (const tell of watchers.keys()) tell(type, name);
  }

  /** The names of a folder, as they are when it is opened: later ones may be among them or not. */
  #reading(path: string, late: <T>(act: () => T) => Promise<T>): unknown {
    const entries = this.#listed(path);
    return {
      async *[Symbol.asyncIterator]() {
        for (const entry of entries) yield await late(() => entry);
      },
    };
  }

  #listed(path: string): readonly unknown[] {
    const folder = this.#existing(path);
    if (!isFolder(folder)) throw refusal('ENOTDIR', path);
    return [...folder.entries].map(([name, node]) => ({
      name,
      isFile: () => !isFolder(node),
      isSymbolicLink: () => false,
    }));
  }

  #stats(path: string): BigIntStats {
    const node = this.#existing(path);
    const [changedAt, size] = isFolder(node) ? [0, 0] : [node.changedAt, node.bytes];
    return {
      dev: 1n,
      ino: BigInt(node.ino),
      mode: 0n,
      size: BigInt(size),
      mtimeMs: BigInt(changedAt),
      mtimeNs: BigInt(changedAt) * 1_000_000n,
      isDirectory: () => isFolder(node),
      isSymbolicLink: () => false,
    } as unknown as BigIntStats;
  }

  #existing(path: string): Node {
    const node = this.#find(path);
    if (node === undefined) throw refusal('ENOENT', path);
    return node;
  }

  #find(path: string): Node | undefined {
    let node: Node | undefined = this.#root;
    for (const name of namesOf(path))
      node = node !== undefined && isFolder(node) ? node.entries.get(name) : undefined;
    return node;
  }

  #place(path: string, { isMade = false } = {}): { readonly folder: Folder; readonly name: string } {
    const names = namesOf(path);
    const name = names.pop() ?? '';
    let folder = this.#root;
    for (const each of names) {
      let inner = folder.entries.get(each);
      if (inner === undefined || !isFolder(inner)) {
        inner = this.#newFolder();
        if (isMade) {
          folder.entries.set(each, inner);
          this.#tell(folder, 'rename', each);
        }
      }
      folder = inner;
    }
    return { folder, name };
  }

  #newFolder(): Folder {
    return { ino: this.#newInode(), entries: new Map(), watchers: new Map() };
  }

  /** Of the length that it had, mostly: a digit is another one. */
  #newFile(ino: number): File {
    const now = this.#world.wall();
    return { ino, changedAt: now - (now % TICK_MS), bytes: this.#random('bytes').pick([40, 40, 41]) };
  }

  #newInode(): number {
    this.#inodes += 1;
    return this.#inodes;
  }

  #random(what: string): ReturnType<World['random']> {
    return this.#world.random(`tree ${what}`, this.#world.nth(`tree ${what}`));
  }
}

const isFolder = (node: Node): node is Folder => 'entries' in node;

const namesOf = (path: string): string[] => path.split('/').filter((name) => name !== '');

function refusal(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${path}`), { code, syscall: 'stat' });
}
