import { constants } from 'node:fs';
import { dirname } from 'node:path';
import { pipesIn } from '../../data-folder.ts';
import { type FileCalls, realDisk } from '../../files/disk.ts';
import { leadsNowhere, openJobLog } from '../../files/open-log-file.ts';
import type { Clock } from '../../host/clock.ts';
import { realClock } from '../../host/real-clock.ts';
import type { DaemonLog } from '../ports.ts';
import type { Identity, Os } from '../../os/os.ts';
import { asked, isRefusal } from '../../os/system-error.ts';
import { Copies } from './copying-processes.ts';
import type { JobOutput } from './job-output.ts';
import { type LogPipes, type PipeSupply, realPipes } from './log-pipes.ts';

const { O_RDONLY } = constants;

/**
 * How long the writer of an older run may take to finish. A process that left the job may hold its pipe for
 * ever.
 */
const DRAIN_MS = 500;
/**
 * How often a job without a known writer is checked: a writer that ended early, for example on a full disk,
 * is replaced.
 */
const TEND_MS = 2_000;
/**
 * The interval for a job that writes to its log directly, as one whose leader has redirected its output may
 * seem to do.
 */
const LONG_TEND_MS = 60_000;
/** How often to check whether a writer of an earlier daemon has ended. */
const POLL_MS = 20;
/** How long no pipes are requested after the system has refused them. */
const NO_PIPES_MS = 60_000;
/** How long no pipes are requested after a temporary refusal; jobs are not started meanwhile. */
const NO_ROOM_MS = 500;

/** Thrown where no process or no pipe can be made, which another time may do. */
class NoWriter extends Error {
  override readonly name = 'NoWriter';
  readonly code = 'EAGAIN';
  readonly syscall = 'spawn';

  constructor(why = 'there is no room for it (EAGAIN)') {
    super(`the process that writes its log cannot be started: ${why}`);
  }
}

interface Writer {
  readonly pid: number;
  /** Empty if the system could not be asked when the writer was started. */
  start: string;
  /** Whether the system announces its exit. A writer that an earlier daemon started must be polled. */
  readonly isChild: boolean;
  readonly whenOver: (() => void)[];
}

export interface LogWritersOptions {
  readonly os: Pick<Os, 'identify'>;
  readonly log: DaemonLog;
  /** The machine's own, unless all of this is simulated. */
  readonly clock?: Clock;
  readonly disk?: FileCalls;
  readonly pipes?: LogPipes;
}

/**
 * Between a job and its log: a pipe, and a process that copies it to the log. A job that opens `/dev/stderr`
 * or `/dev/stdout` by name opens the pipe, which nothing truncates; and to rotate the log only the copying
 * process has to stand still. It is in a session of its own, outlives the daemon, and ends when nobody holds
 * the job's end of the pipe any more.
 */
export class LogWriters {
  readonly #os: LogWritersOptions['os'];
  readonly #log: DaemonLog;
  readonly #clock: Clock;
  readonly #disk: FileCalls;
  readonly #pipes: LogPipes;
  readonly #copies: Copies;
  readonly #stocks = new Map<string, PipeSupply>();
  /** By log; a writer that has ended is removed. */
  readonly #writers = new Map<string, Writer>();
  /** The pids of the writers that this daemon started, until the system has announced their exit. */
  readonly #own = new Set<number>();
  /** When to check the writer of each log next. */
  readonly #tended = new Map<string, number>();
  /** Logs of running jobs for which a writer could not be started. */
  readonly #lacking = new Set<string>();
  #onEnd: (path: string) => void = () => undefined;
  #noPipesUntil = 0;
  #noRoomUntil = 0;
  /** The error of the last attempt to make pipes. */
  #noRoom: string | undefined;

  constructor({ os, log, clock = realClock, disk = realDisk, pipes = realPipes }: LogWritersOptions) {
    this.#os = os;
    this.#log = log;
    this.#clock = clock;
    this.#disk = disk;
    this.#pipes = pipes;
    this.#copies = new Copies({ ...pipes, os, clock, disk });
  }

  /**
   * Calls back when a run may begin to write to this log: what the one before it wrote is in there, and there
   * is a pipe.
   */
  prepare(path: string, ready: () => void): void {
    this.whenDrained(path, () => {
      if (this.isPrepared(path)) return ready();
      this.#stock(path).refill((refill) => {
        if (!refill.ok && refill.lasts) this.#refuse(refill.why);
        if (!refill.ok && !refill.lasts) {
          this.#noRoomUntil = this.#clock.monotonic() + NO_ROOM_MS;
          this.#noRoom = refill.why;
        }
        ready();
      });
    });
  }

  /** Whether `open` has an answer; `prepare` sees to it. */
  isPrepared(path: string): boolean {
    return (
      !this.#stock(path).isEmpty || this.#clock.monotonic() < Math.max(this.#noPipesUntil, this.#noRoomUntil)
    );
  }

  /**
   * Opens the output of a job: a pipe, or the log itself where the system has no pipes. Throws the error of
   * the file system.
   */
  open(path: string): JobOutput {
    const log = openJobLog(path, this.#disk);
    const open: number[] = [log];
    const close = (): void => {
      for (const fd of open.splice(0)) this.#disk.closeSync(fd);
    };
    try {
      const isLost = leadsNowhere(path, this.#disk);
      const pipe = isLost ? null : this.#stock(path).take();
      if (pipe === null) {
        if (!isLost && this.#clock.monotonic() >= this.#noPipesUntil) throw new NoWriter(this.#noRoom);
        return { fd: log, startWriter: () => undefined, close };
      }
      open.push(pipe);
      const from = this.#disk.openSync(`/proc/self/fd/${pipe}`, O_RDONLY);
      open.push(from);
      return { fd: pipe, startWriter: () => this.#copy(path, from, log), close };
    } catch (error) {
      close();
      throw error;
    }
  }

  /** Calls back when the last run's output is in its log, or when that takes too long. */
  whenDrained(path: string, done: () => void): void {
    const writer = this.#writers.get(path);
    if (writer === undefined) return done();
    const end = this.#clock.monotonic() + DRAIN_MS;
    if (!writer.isChild)
      return this.#pollUntil(() => !this.#isAlive(writer) || this.#clock.monotonic() > end, done);
    let isDone = false;
    const once = (): void => {
      if (isDone) return;
      isDone = true;
      timer.clear();
      done();
    };
    const timer = this.#clock.after(DRAIN_MS, once);
    writer.whenOver.push(once);
  }

  /**
   * The process that copies to the log of a running job; null where the job itself writes to it. Throws
   * `CannotAsk` where the system cannot tell.
   */
  find(path: string, leader: number): Identity | null {
    const known = this.#writers.get(path);
    // The number of a child is nobody else's before its exit is announced.
    if (known?.isChild === true && known.start === '') known.start = this.#startOf(known.pid);
    if (known !== undefined && (known.isChild || this.#isAlive(known))) return known;
    this.#writers.delete(path);
    const found = this.#copies.find(path, leader);
    if (found !== null) this.#writers.set(path, { ...found, isChild: false, whenOver: [] });
    return found;
  }

  /** A job whose writer has ended gets another; until then it waits, as soon as the pipe is full. */
  tend(
    path: string,
    { pgid: leader, isOurs }: { readonly pgid: number; readonly isOurs: () => boolean },
  ): void {
    const now = this.#clock.monotonic();
    if (this.#writers.get(path)?.isChild === true || now < (this.#tended.get(path) ?? 0)) return;
    this.#lacking.delete(path);
    const pipe = this.#pipes.pipeOf(leader);
    this.#tended.set(path, now + (pipe === null ? LONG_TEND_MS : TEND_MS));
    if (pipe === null) return;
    const isCopied = asked<boolean | null>(null, () => this.find(path, leader) !== null);
    if (isCopied === true) return;
    this.#lacking.add(path);
    // A pipe that belongs to another program is never read. Where the system cannot tell, it is asked again.
    if (isCopied === null || !isOurs()) return;
    const open: number[] = [];
    try {
      open.push(this.#disk.openSync(pipe.path, O_RDONLY));
      open.push(openJobLog(path, this.#disk));
      this.#copy(path, open[0] as number, open[1] as number);
    } catch (error) {
      if (!isRefusal(error)) throw error;
    } finally {
      for (const fd of open) this.#disk.closeSync(fd);
    }
  }

  /** Whether a running job may need a writer for this log that could not be started so far. */
  lacks(path: string): boolean {
    return this.#lacking.has(path);
  }

  /** Whether a child of this daemon is one of its writers. */
  isOwn(pid: number): boolean {
    return this.#own.has(pid);
  }

  /** Calls back with the log when a writer that this daemon started has ended. */
  whenOneEnds(callback: (path: string) => void): void {
    this.#onEnd = callback;
  }

  /** The job of this log is gone. */
  forget(path: string): void {
    this.#tended.delete(path);
    this.#lacking.delete(path);
    if (this.#writers.get(path)?.isChild === false) this.#writers.delete(path);
  }

  #stock(path: string): PipeSupply {
    const folder = pipesIn(dirname(path));
    const stock = this.#stocks.get(folder) ?? this.#pipes.stockOf(folder);
    this.#stocks.set(folder, stock);
    return stock;
  }

  /** Throws when the system allows no further process. */
  #copy(path: string, from: number, log: number): void {
    const pid = this.#pipes.copy(from, log, {
      missing: () => this.#refuse('there is no `cat`'),
      ended: () => this.#ended(path, writer),
    });
    if (pid === null) throw new NoWriter();
    const writer: Writer = {
      pid,
      start: this.#startOf(pid),
      isChild: true,
      whenOver: [],
    };
    this.#own.add(pid);
    this.#writers.set(path, writer);
    this.#tended.delete(path);
    this.#lacking.delete(path);
  }

  #ended(path: string, writer: Writer): void {
    this.#own.delete(writer.pid);
    if (this.#writers.get(path) === writer) this.#writers.delete(path);
    this.#onEnd(path);
    for (const tell of writer.whenOver) tell();
  }

  #startOf(pid: number): string {
    return asked('', () => this.#os.identify(pid)?.start ?? '');
  }

  #isAlive({ pid, start }: Identity): boolean {
    return asked(true, () => this.#os.identify(pid)?.start === start);
  }

  #pollUntil(isSo: () => boolean, done: () => void): void {
    if (isSo()) done();
    else this.#clock.after(POLL_MS, () => this.#pollUntil(isSo, done));
  }

  #refuse(error: string): void {
    if (this.#clock.monotonic() >= this.#noPipesUntil)
      this.#log.line(`log: no pipes for the outputs of jobs, which write to their logs themselves: ${error}`);
    this.#noPipesUntil = this.#clock.monotonic() + NO_PIPES_MS;
  }
}
