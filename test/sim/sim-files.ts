import { constants, type FSWatcher, type Stats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import type { FileCalls } from '../../src/files/disk.ts';
import type { Incarnation } from './incarnation.ts';
import type { SimPipe } from './sim-pipes.ts';
import type { World } from './world.ts';

const { O_CREAT, O_EXCL, O_TRUNC } = constants;

/** Read once: each call of `getuid` is a system call. */
const UID = process.getuid?.() ?? 0;

/** How long a call takes at most that is waited for. */
const LATE_MOST_MS = 3;

/** How late a watch tells of a change, at most. */
const TOLD_MOST_MS = 20;

/** The share of worlds in which a call is refused now and then. */
const REFUSING_WORLDS = 0.3;
const REFUSALS = 0.01;

/** Thrown at a daemon that is dead, and so does nothing more. */
export class Dead extends Error {
  override readonly name = 'Dead';
}

/** A file, whatever its name is by now. */
export class SimFile {
  readonly ino: number;
  readonly bornAt: number;
  changedAt: number;
  data: Buffer = Buffer.alloc(0);

  constructor(ino: number, now: number) {
    this.ino = ino;
    this.bornAt = now;
    this.changedAt = now;
  }
}

/** The files on the disk: the logs of jobs, and what shells record of their programs. */
export class SimFiles {
  readonly #world: World;
  /** Whether a call is refused now and then. */
  readonly refuses: boolean;
  readonly #files = new Map<string, SimFile>();
  readonly #open = new Map<number, SimFile>();
  readonly #openPipes = new Map<number, SimPipe>();
  readonly #watchers = new Map<string, Set<() => void>>();
  #inodes = 0;
  #descriptors = 10;

  constructor(world: World) {
    this.#world = world;
    this.refuses = world.random('refusing').chance(REFUSING_WORLDS);
  }

  /** Whether the disk has refused, or may have refused, what keeps logs. */
  get isFaulty(): boolean {
    return this.refuses || this.#world.schedule.happenings.some(({ kind }) => kind === 'full');
  }

  find(path: string): SimFile | undefined {
    return this.#files.get(path);
  }

  /** Whether a line is in some file that has a name. */
  holds(line: string): boolean {
    return [...this.#files.values()].some(({ data }) => data.includes(line));
  }

  isLinked(file: SimFile): boolean {
    return [...this.#files.values()].includes(file);
  }

  opened(fd: number): SimFile {
    const file = this.#open.get(fd);
    if (file === undefined) throw refusal('EBADF', 'fd');
    return file;
  }

  /** A descriptor of a pipe. */
  openPipe(pipe: SimPipe): number {
    this.#descriptors += 1;
    this.#openPipes.set(this.#descriptors, pipe);
    return this.#descriptors;
  }

  pipeAt(fd: number): SimPipe | undefined {
    return this.#openPipes.get(fd);
  }

  /** As any process writes that has the file open; false where the disk is full. */
  append(file: SimFile, bytes: Uint8Array): boolean {
    if (this.#world.has('full')) return false;
    file.data = Buffer.concat([file.data, bytes]);
    this.#changed(file);
    return true;
  }

  /** Somebody removes all files of a folder. */
  removeUnder(folder: string): void {
    for (const path of this.#files.keys()) if (path.startsWith(`${folder}/`)) this.#files.delete(path);
  }

  /** The disk as one daemon sees it, which may die at any call. */
  of(daemon: Incarnation): FileCalls {
    const call = <T>(name: string, act: () => T): T => {
      if (!daemon.isAlive) throw new Dead(name);
      if (this.#isRefused()) throw refusal('EIO', name);
      this.#world.logs.interleave();
      const result = daemon.call<{ readonly value: T } | null>(`disk ${name}`, null, () => ({
        value: act(),
      }));
      if (result === null) throw new Dead(name);
      return result.value;
    };
    const disk = {
      closeSync: (fd: number) => this.#close(fd),
      existsSync: (path: string) => call('exists', () => this.#files.has(path)),
      fstatSync: (fd: number) => call('fstat', () => statsOf(this.opened(fd))),
      ftruncateSync: (fd: number, length: number) =>
        call('truncate', () => this.#truncate(this.opened(fd), length)),
      lstatSync: (path: string) => call('lstat', () => this.#stats(path)),
      mkdirSync: () => call('mkdir', () => undefined),
      openSync: (path: string, flags: number) => call('open', () => this.#openFile(path, flags)),
      readSync: (fd: number, into: Buffer, offset: number, length: number, at: number) =>
        call('read', () => this.opened(fd).data.copy(into, offset, at, at + length)),
      readdirSync: (folder: string) => call('readdir', () => this.#namesIn(folder)),
      renameSync: (from: string, to: string) => call('rename', () => this.#rename(from, to)),
      rmSync: (path: string) => call('rm', () => this.#remove(path)),
      statSync: (path: string) => call('stat', () => this.#stats(path)),
      writeSync: (fd: number, bytes: Uint8Array | string) => call('write', () => this.#write(fd, bytes)),
      promises: {
        open: (path: string, flags: number) =>
          this.#later(daemon, () =>
            this.#handle(
              daemon,
              call('open', () => this.#openFile(path, flags)),
              call,
            ),
          ),
        copyFile: (from: string, to: string) =>
          this.#later(daemon, () => call('copy', () => this.#copy(from, to))),
      },
    };
    return disk as unknown as FileCalls;
  }

  /** As `watch` of Node tells of one file. */
  watch(daemon: Incarnation, path: string, on: () => void): FSWatcher {
    const all = this.#watchers.get(path) ?? new Set();
    this.#watchers.set(path, all);
    const tell = (): void =>
      void this.#world.timeline.after(this.#random('watch').int(0, TOLD_MOST_MS), () => {
        if (daemon.isAlive && all.has(tell)) on();
      });
    all.add(tell);
    return { close: () => all.delete(tell), on: () => undefined } as unknown as FSWatcher;
  }

  #handle(daemon: Incarnation, fd: number, call: <T>(name: string, act: () => T) => T): FileHandle {
    const late = <T>(name: string, act: () => T): Promise<T> => this.#later(daemon, () => call(name, act));
    return {
      fd,
      stat: () => late('fstat', () => statsOf(this.opened(fd))),
      read: (buffer: Buffer, offset: number, length: number, at: number) =>
        late('read', () => ({
          buffer,
          bytesRead: this.opened(fd).data.copy(buffer, offset, at, at + length),
        })),
      appendFile: (bytes: Uint8Array) => late('append', () => void this.#write(fd, bytes)),
      datasync: () => late('datasync', () => undefined),
      close: () => late('close', () => void this.#open.delete(fd)),
    } as unknown as FileHandle;
  }

  #later<T>(daemon: Incarnation, act: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#world.timeline.after(this.#random('late').int(0, LATE_MOST_MS), () => {
        if (!daemon.isAlive) return;
        try {
          resolve(act());
        } catch (error) {
          // Nobody is there any more to hear of it.
          if (!(error instanceof Dead)) reject(error);
        }
      });
    });
  }

  #random(what: string): ReturnType<World['random']> {
    return this.#world.random(`disk ${what}`, this.#world.nth(`disk ${what}`));
  }

  #isRefused(): boolean {
    return this.refuses && !this.#world.isCalm && this.#random('refusal').chance(REFUSALS);
  }

  /** A folder is there as long as a file is in it. */
  #stats(path: string): Stats | undefined {
    const file = this.#files.get(path);
    if (file !== undefined) return statsOf(file);
    const isFolder = [...this.#files.keys()].some((each) => each.startsWith(`${path}/`));
    return isFolder ? FOLDER : undefined;
  }

  #close(fd: number): void {
    this.#open.delete(fd);
    this.#openPipes.delete(fd);
  }

  /** A pipe has no name but that of a descriptor. */
  #pipeOf(path: string): SimPipe | undefined {
    const own = /^\/proc\/self\/fd\/(\d+)$/.exec(path)?.[1];
    return own === undefined ? this.#world.logs.pipes.find(path) : this.pipeAt(Number(own));
  }

  #openFile(path: string, flags: number): number {
    const pipe = this.#pipeOf(path);
    if (pipe !== undefined) return this.openPipe(pipe);
    let file = this.#files.get(path);
    if (file === undefined && (flags & O_CREAT) === 0) throw refusal('ENOENT', 'open');
    if (file !== undefined && (flags & O_EXCL) !== 0) throw refusal('EEXIST', 'open');
    if (file === undefined) {
      if (this.#world.has('full')) throw refusal('ENOSPC', 'open');
      file = new SimFile((this.#inodes += 1), this.#world.wall());
      this.#files.set(path, file);
    }
    if ((flags & O_TRUNC) !== 0) this.#truncate(file, 0);
    this.#descriptors += 1;
    this.#open.set(this.#descriptors, file);
    return this.#descriptors;
  }

  #write(fd: number, data: Uint8Array | string): number {
    const bytes = typeof data === 'string' ? Buffer.from(data) : data;
    if (!this.append(this.opened(fd), bytes)) throw refusal('ENOSPC', 'write');
    return bytes.length;
  }

  #truncate(file: SimFile, length: number): void {
    file.data = Buffer.from(file.data.subarray(0, length));
    this.#changed(file);
  }

  #rename(from: string, to: string): void {
    const file = this.#files.get(from);
    if (file === undefined) throw refusal('ENOENT', 'rename');
    this.#files.delete(from);
    this.#files.set(to, file);
    for (const path of [from, to]) this.#tell(path);
  }

  #remove(path: string): void {
    this.#files.delete(path);
    this.removeUnder(path);
    this.#tell(path);
  }

  #copy(from: string, to: string): void {
    const file = this.#files.get(from);
    if (file === undefined) throw refusal('ENOENT', 'copyfile');
    if (this.#world.has('full')) throw refusal('ENOSPC', 'copyfile');
    const copy = new SimFile((this.#inodes += 1), this.#world.wall());
    copy.data = Buffer.from(file.data);
    this.#files.set(to, copy);
  }

  #namesIn(folder: string): readonly string[] {
    return [...this.#files.keys()]
      .filter((path) => path.startsWith(`${folder}/`))
      .map((path) => path.slice(folder.length + 1));
  }

  #changed(file: SimFile): void {
    file.changedAt = this.#world.wall();
    for (const path of this.#watchers.keys()) if (this.#files.get(path) === file) this.#tell(path);
  }

  #tell(path: string): void {
    for (const tell of this.#watchers.get(path) ?? []) tell();
  }
}

const FOLDER = { isFile: () => false, isDirectory: () => true, isSymbolicLink: () => false } as Stats;

function statsOf({ ino, data, changedAt, bornAt }: SimFile): Stats {
  const no = (): boolean => false;
  return {
    dev: 1,
    ino,
    uid: UID,
    nlink: 1,
    mode: 0o100_600,
    size: data.length,
    mtimeMs: changedAt,
    birthtimeMs: bornAt,
    isFile: () => true,
    isDirectory: no,
    isSymbolicLink: no,
    isFIFO: no,
    isSocket: no,
    isCharacterDevice: no,
  } as unknown as Stats;
}

function refusal(code: string, syscall: string): Error {
  return Object.assign(new Error(`${code}: ${syscall}`), { code, syscall });
}
