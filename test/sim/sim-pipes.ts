import { keyOf, type Pipe } from '../../src/job/logs/copying-processes.ts';
import type { LogPipes, PipeSupply } from '../../src/job/logs/log-pipes.ts';
import type { Incarnation } from './incarnation.ts';
import type { Parent, SimProcess } from './process-table.ts';
import type { SimFile } from './sim-files.ts';
import type { Random } from '../support/random.ts';
import type { World } from './world.ts';

/** How long a writer takes at most to copy what was written, or to end, and how often it is kept waiting. */
const COPY_MOST_MS = 2;
const SLOW = 0.4;
const SLOW_MOST_MS = 60;

/** How late a daemon hears of the end of a writer, at most. */
const HEARD_MOST_MS = 2;

/** How long pipes take at most to be made, how many are made at once, and how often they cannot be. */
const MADE_MOST_MS = 5;
const BATCH = 8;
const REFUSED = 0.03;

/** How often somebody kills a writer, and how long it has lived by then at most. */
const KILLED = 0.5;
const KILLED_MOST_MS = 7_000;

/** How often a writer copies just before a call of a daemon to the disk. */
const INTERLEAVED = 0.3;

/** Nobody kills one later, so that all are replaced at rest. */
const LAST_KILL_MS = 30_000;

/** At rest nothing that was written waits for so long. */
const WAITS_MOST_MS = 5_000;

/** For so long a daemon waits for the output of a program that has ended. */
const DRAINS_MS = 500;

/** What may keep a daemon from replacing a writer. */
const HINDRANCES = ['full', 'noSpawn'] as const;

const FOLDER = '/pipes/';

/** What a program has written, and what becomes of it. */
interface Written {
  readonly instance: string;
  readonly bytes: Buffer;
  readonly line: { readonly writtenAt: number; landed(): void; lost(): void };
}

/** A pipe without a name, and what is in it. */
export class SimPipe {
  readonly ino: number;
  readonly madeBy: Incarnation;
  /** The process that a daemon gave it to; its children have it as well. */
  leader: SimProcess | null = null;
  isForgotten = false;
  readonly inside: Written[] = [];

  constructor(ino: number, madeBy: Incarnation) {
    this.ino = ino;
    this.madeBy = madeBy;
  }
}

/** A process that copies a pipe to a log. */
interface Copier {
  readonly pipe: SimPipe;
  readonly log: SimFile;
  readonly process: SimProcess;
}

interface Copying {
  readonly from: number;
  readonly log: number;
  readonly ended: () => void;
}

/** The pipes between programs and their logs, and the processes that copy them. */
export class SimPipes {
  readonly #world: World;
  readonly #pipes = new Map<number, SimPipe>();
  readonly #copiers = new Map<SimProcess, Copier>();
  readonly #parents = new Map<Incarnation, Parent>();
  /** What tells a daemon that its writer has ended. */
  readonly #ended = new WeakMap<SimProcess, () => void>();
  #made = 0;

  constructor(world: World) {
    this.#world = world;
  }

  /** The system as the log writers of one daemon have it. */
  of(daemon: Incarnation): LogPipes {
    return {
      stockOf: () => this.#supply(daemon),
      pipeOf: (pid) => this.#pipeOf(pid),
      copying: () => this.#byKeys(),
      copy: (from, log, { ended }) => this.#copy(daemon, { from, log, ended }),
    };
  }

  /** The pipe of this path. */
  find(path: string): SimPipe | undefined {
    return path.startsWith(FOLDER) ? this.#pipes.get(Number(path.slice(FOLDER.length))) : undefined;
  }

  write(pipe: SimPipe, written: Written, isCopiedAtOnce: boolean): void {
    pipe.inside.push(written);
    const copiers = this.#copiersOf(pipe);
    if (copiers.length === 0) this.#checkLater(pipe, written);
    for (const copier of copiers)
      if (isCopiedAtOnce) this.#carry(copier);
      else this.#carrySoon(copier);
  }

  /** Writers copy between any two calls of a daemon to the disk. */
  interleave(random: Random): void {
    for (const copier of this.#copiers.values())
      if (copier.pipe.inside.length > 0 && random.chance(INTERLEAVED)) this.#carry(copier);
  }

  /** A process that stood still goes on. */
  resumed(pid: number): void {
    for (const copier of this.#copiers.values()) if (copier.process.pid === pid) this.#carrySoon(copier);
    this.processEnded();
  }

  /** A writer ends when nobody has its pipe any more, and what is in a pipe is lost without either. */
  processEnded(): void {
    for (const pipe of this.#pipes.values()) {
      if (pipe.leader === null || this.#isHeld(pipe)) continue;
      const copiers = this.#copiersOf(pipe);
      for (const copier of copiers) this.#endSoon(copier);
      if (copiers.length === 0) this.#lose(pipe);
    }
  }

  /** The daemon is dead: init takes its writers, and pipes that only it had are gone. */
  abandon(daemon: Incarnation): void {
    for (const { process } of this.#copiers.values())
      if (process.parent === this.#parents.get(daemon)) this.#world.table.orphan(process);
    for (const pipe of this.#pipes.values())
      if (pipe.leader === null && pipe.madeBy === daemon) this.#pipes.delete(pipe.ino);
  }

  /** Nothing of all this outlives the power. */
  losePower(): void {
    this.#pipes.clear();
    this.#copiers.clear();
  }

  /** The state is lost: no daemon knows the jobs that write to these pipes. */
  forget(): void {
    for (const pipe of this.#pipes.values()) pipe.isForgotten = true;
  }

  /** When all has come to rest. */
  check(): void {
    const { timeline } = this.#world;
    for (const pipe of this.#pipes.values())
      if (pipe.leader?.isZombie === true && this.#copiersOf(pipe).length === 0) this.#lose(pipe);
    for (const pipe of this.#pipes.values()) {
      // Nobody finds a pipe when the job is gone that had it, if some process keeps it open.
      if (pipe.isForgotten || pipe.leader?.isZombie !== false) continue;
      const [oldest] = pipe.inside;
      if (oldest !== undefined && timeline.now - oldest.line.writtenAt > WAITS_MOST_MS)
        this.#world.violate(`nobody carries the output of ${oldest.instance} to its log`);
      if (this.#copiersOf(pipe).length > 1)
        this.#world.violate(`two processes carry the same output to a log`);
    }
  }

  /**
   * A job counts as ended when what its program wrote is in its log, where somebody carries it there, the
   * daemon has launched it itself, and the wait is not over.
   */
  checkLanded({ pid, start }: Pick<SimProcess, 'pid' | 'start'>, by: Incarnation): void {
    const { timeline, schedule } = this.#world;
    // A bug of ours may have lost the end.
    if (schedule.throws !== undefined) return;
    for (const { pipe, process } of this.#copiers.values()) {
      const { leader, madeBy, inside } = pipe;
      if (leader === null || leader.pid !== pid || leader.start !== start || madeBy !== by) continue;
      const endedAt = leader.endedAt ?? -Infinity;
      const isAwaited = process.forkedAt <= endedAt && timeline.now - endedAt < DRAINS_MS;
      const left = inside.find(({ line }) => line.writtenAt <= endedAt);
      if (isAwaited && left !== undefined)
        this.#world.violate(`${left.instance} counts as ended before its output is in its log`);
    }
  }

  /** A writer that was killed is replaced soon, also where nobody looks at the log. */
  #checkLater(pipe: SimPipe, written: Written): void {
    const { owner, timeline, schedule, files } = this.#world;
    timeline.after(WAITS_MOST_MS, () => {
      const isHindered =
        owner === null ||
        owner !== this.#world.owner ||
        owner.isAskedToEnd ||
        timeline.now - owner.bornAt < WAITS_MOST_MS ||
        schedule.throws !== undefined ||
        files.refuses ||
        this.#world.wasBlind(WAITS_MOST_MS) ||
        HINDRANCES.some((each) => this.#world.hadWithin(WAITS_MOST_MS, each));
      const isWaiting = pipe.leader?.isZombie === false && pipe.inside.includes(written);
      if (isWaiting && !isHindered && !pipe.isForgotten)
        this.#world.violate(`nobody carries the output of ${written.instance} to its log`);
    });
  }

  #parentOf(daemon: Incarnation): Parent {
    const { table, timeline } = this.#world;
    const parent = this.#parents.get(daemon) ?? {
      childEnded: (process, _exit, reap) =>
        void timeline.after(this.#ms('heard', HEARD_MOST_MS), () => {
          if (!daemon.isAlive) return table.orphan(process);
          reap();
          this.#ended.get(process)?.();
        }),
    };
    this.#parents.set(daemon, parent);
    return parent;
  }

  #supply(daemon: Incarnation): PipeSupply {
    const { files, timeline } = this.#world;
    const stock: number[] = [];
    return {
      get isEmpty() {
        return stock.length === 0;
      },
      take: () => stock.shift() ?? null,
      refill: (done) =>
        void timeline.after(this.#ms('made', MADE_MOST_MS), () => {
          if (!daemon.isAlive) return;
          if (!this.#world.isCalm && this.#random('refill').chance(REFUSED))
            return done({ ok: false, lasts: false, why: 'EAGAIN' });
          for (let count = 0; count < BATCH; count += 1) stock.push(files.openPipe(this.#newPipe(daemon)));
          done({ ok: true });
        }),
    };
  }

  #newPipe(daemon: Incarnation): SimPipe {
    this.#made += 1;
    // No file has such a number.
    const pipe = new SimPipe(-this.#made, daemon);
    this.#pipes.set(pipe.ino, pipe);
    return pipe;
  }

  #pipeOf(pid: number): Pipe | null {
    const found = this.#world.table.find(pid);
    if (found === undefined || found.isZombie) return null;
    const pipe = [...this.#pipes.values()].find((each) => has(found, each));
    return pipe === undefined
      ? null
      : { path: `${FOLDER}${pipe.ino}`, key: keyOf({ dev: 1, ino: pipe.ino }) };
  }

  #byKeys(): ReadonlyMap<string, number> {
    const found = new Map<string, number>();
    for (const { pipe, log, process } of this.#copiers.values())
      for (const { ino } of [pipe, log])
        if (!process.isZombie) found.set(keyOf({ dev: 1, ino }), process.pid);
    return found;
  }

  #copy(daemon: Incarnation, { from, log, ended }: Copying): number | null {
    const { files, table, timeline, story } = this.#world;
    if (this.#world.has('noSpawn')) return null;
    const pipe = files.pipeAt(from);
    const process = table.fork({
      instance: null,
      role: 'writer',
      parent: this.#parentOf(daemon),
      onSignal: (signal) => this.#world.violate(`${signal} reaches the writer of a log`),
    });
    if (process === null || pipe === undefined) return null;
    const copier = { pipe, log: files.opened(log), process };
    this.#copiers.set(process, copier);
    this.#ended.set(process, ended);
    story.tell(() => `pid ${process.pid} carries output to a log`);
    this.#carrySoon(copier);
    const random = this.#random('killed');
    if (random.chance(KILLED))
      timeline.after(random.int(1, KILLED_MOST_MS), () => {
        if (timeline.now > LAST_KILL_MS || !this.#copiers.has(process)) return;
        story.tell(() => `somebody kills the writer of a log, pid ${process.pid}`);
        this.#end(copier, 'SIGKILL');
      });
    return process.pid;
  }

  #copiersOf(pipe: SimPipe): readonly Copier[] {
    return [...this.#copiers.values()].filter((each) => each.pipe === pipe);
  }

  #carrySoon(copier: Copier): void {
    this.#world.timeline.after(this.#delay('carried'), () => this.#carry(copier));
  }

  /** All that is in the pipe. What it has read when the disk is full is lost with it. */
  #carry(copier: Copier): void {
    const { files, logs } = this.#world;
    const { pipe, log, process } = copier;
    if (!this.#copiers.has(process) || logs.isPaused(process.pid) || pipe.inside.length === 0) return;
    const all = pipe.inside.splice(0);
    const isWritten = files.append(log, Buffer.concat(all.map(({ bytes }) => bytes)));
    // Nobody reads what goes to a file that was removed.
    for (const each of all)
      if (isWritten && files.isLinked(log)) each.line.landed();
      else each.line.lost();
    if (!isWritten) this.#end(copier);
  }

  #endSoon(copier: Copier): void {
    this.#world.timeline.after(this.#delay('end'), () => {
      if (!this.#copiers.has(copier.process) || this.#world.logs.isPaused(copier.process.pid)) return;
      this.#carry(copier);
      this.#end(copier);
    });
  }

  #end({ process }: Copier, signal: NodeJS.Signals | null = null): void {
    if (!this.#copiers.delete(process)) return;
    this.#world.table.end(process, { code: signal === null ? 0 : null, signal });
  }

  #isHeld(pipe: SimPipe): boolean {
    return this.#world.table.all.some((each) => !each.isZombie && has(each, pipe));
  }

  #lose(pipe: SimPipe): void {
    for (const each of pipe.inside.splice(0)) each.line.lost();
    this.#pipes.delete(pipe.ino);
  }

  #random(what: string): ReturnType<World['random']> {
    return this.#world.random(`pipe ${what}`, this.#world.nth(`pipe ${what}`));
  }

  #delay(what: string): number {
    const random = this.#random(what);
    return random.int(0, random.chance(SLOW) ? SLOW_MOST_MS : COPY_MOST_MS);
  }

  #ms(what: string, most: number): number {
    return this.#random(what).int(0, most);
  }
}

/** Whether a process has a pipe open: the one who was given it, and who was forked since. */
function has(process: SimProcess, { leader }: SimPipe): boolean {
  if (leader === null || process.hidesLog) return false;
  for (let each: SimProcess | null = process; each !== null; each = each.by) if (each === leader) return true;
  return false;
}
