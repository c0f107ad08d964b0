import type { Pause } from '../../src/os/pause-group.ts';
import { rotatedLog, logIndexOf } from '../../src/data-folder.ts';
import { readMarks } from '../../src/text/log-times.ts';
import type { Incarnation } from './incarnation.ts';
import type { SimProcess } from './process-table.ts';
import type { SimFile } from './sim-files.ts';
import { SimPipe, SimPipes } from './sim-pipes.ts';
import { jobNameOf, READY_WORD, type Sketch } from './sketch.ts';
import type { World } from './world.ts';

/** How often a program writes, and how much at once. */
const WRITES_MS = { faults: 700, calm: 4_000 } as const;

/** The share of programs with a writer that seldom write: their logs are watched instead of polled. */
const QUIET = 0.3;
const QUIET_WRITES_MS = 9_000;
const LINES_MOST = 6;
const BURST_MOST = 12;

/** How long a program takes at most to say that it is ready. */
const ANNOUNCED_MS = { faults: 1_500, calm: 100 } as const;

/** How often a program writes just before a call of a daemon to the disk. */
const INTERLEAVED = 0.1;

/** How often a program writes just before it ends. */
const LAST_WORDS = 0.5;

/** How soon that is noticed at the latest, once a new daemon has begun to look after its jobs. */
const NOTICED_MS = 1_000;
const BEGUN_MS = 2_100;
/** When a busy machine is asked again. */
const BUSY_MS = 1_000;

/** How soon a log that does not grow is checked again. */
const PAUSED_MS = 3;

/** No rotation of logs as small as these takes longer. */
const PAUSE_LONGEST_MS = 500;

/** The probability that a group cannot be paused. */
const UNPAUSED = 0.05;

/** In so many worlds the logs of jobs are kept small, and their programs write. */
const WORLDS = 0.25;

/** Where a program writes: to its log, or into a pipe that another process copies to it. */
type Output = SimFile | SimPipe;

/** How long what was written may be in a pipe at rest. */
const UNDER_WAY_MS = 100;

/** The logs that programs write, and what must be true of them. */
export class SimLogs {
  readonly isKept: boolean;
  readonly hasWriters: boolean;
  readonly pipes: SimPipes;
  readonly #world: World;
  /** The groups that a daemon has paused, and when. */
  readonly #paused = new Map<number, { readonly daemon: Incarnation; readonly since: number }>();
  readonly #writers = new Map<SimProcess, { readonly instance: string; readonly output: Output }>();
  /** The lines of each instance, by their numbers. */
  readonly #written = new Map<string, Line[]>();

  constructor(world: World) {
    this.#world = world;
    this.isKept = world.random('logs').chance(WORLDS);
    this.hasWriters = this.isKept && !world.isMac && world.schedule.hasWriters === true;
    this.pipes = new SimPipes(world);
  }

  /** A program begins to write to what it has open. */
  began(instance: string, program: SimProcess, output: Output): void {
    this.#announce(instance, program, { output, line: null, by: null });
    this.#goOn(instance, program, output);
  }

  /** It says once that it is ready, and again if that line is on no disk any more. */
  #announce(instance: string, program: SimProcess, said: Announced): void {
    const { timeline, isCalm, watch } = this.#world;
    if (!watch.sketchesOf(instance).some(({ saysReady }) => saysReady)) return;
    const random = this.#world.random('announce', this.#world.nth('announce'));
    const isSoon = isCalm && said.line === null;
    const afterMs = random.int(1, isSoon ? ANNOUNCED_MS.calm : ANNOUNCED_MS.faults);
    timeline.after(afterMs, () => {
      if (program.isZombie || this.#world.table.find(program.pid) !== program) return;
      const isThere = said.line !== null && this.#world.files.holds(said.line.text);
      if (isThere) this.#checkReady(instance, said);
      const waits = isThere || this.#paused.has(program.pgid);
      const line = waits ? said.line : this.#line(instance, said.output, READY_WORD);
      // Much more follows at once, so that the log may be rotated before anybody has read the line.
      if (!waits && this.isKept)
        for (let count = random.int(0, BURST_MOST); count > 0; count -= 1) this.#line(instance, said.output);
      const news = { ...said, line, by: this.#world.owner };
      this.#announce(instance, program, waits ? said : news);
    });
  }

  /** A daemon finds the line soon, in whatever log it is by now. */
  #checkReady(instance: string, { line, by }: Announced): void {
    const { schedule, timeline, owner, watch } = this.#world;
    if (by === null || by !== owner || by.isAskedToEnd || schedule.throws !== undefined) return;
    const at = Math.max(line?.landedAt ?? timeline.now, by.bornAt + BEGUN_MS);
    if (timeline.now < Math.max(at, this.#world.busyAt + BUSY_MS) + NOTICED_MS) return;
    if (!watch.sketchesOf(instance).every(({ saysReady }) => saysReady)) return;
    // Then the daemon may know more than the disk.
    if (this.#world.isDiskBehind) return;
    if (this.#isProbed(instance))
      this.#world.violate(`${instance} has said that it is ready, and nobody has noticed`);
  }

  #goOn(instance: string, program: SimProcess, output: Output): void {
    if (!this.isKept) return;
    this.#writers.set(program, { instance, output });
    const { timeline, isCalm } = this.#world;
    const random = this.#world.random('write', this.#world.nth('write'));
    const isQuiet = output instanceof SimPipe && this.#world.random('quiet', instance).chance(QUIET);
    const mostMs = isQuiet ? QUIET_WRITES_MS : isCalm ? WRITES_MS.calm : WRITES_MS.faults;
    timeline.after(random.int(1, mostMs), () =>
      this.#write(instance, program, output, random.int(1, LINES_MOST)),
    );
  }

  #write(instance: string, program: SimProcess, output: Output, lines: number): void {
    if (program.isZombie || this.#world.table.find(program.pid) !== program)
      return void this.#writers.delete(program);
    if (this.#paused.has(program.pgid))
      return void this.#world.timeline.after(PAUSED_MS, () => this.#write(instance, program, output, lines));
    for (let count = 0; count < lines; count += 1) this.#line(instance, output);
    this.#goOn(instance, program, output);
  }

  /** Many programs say something before they end. */
  saysLast(program: SimProcess): void {
    const writer = this.#writers.get(program);
    if (writer === undefined || !(writer.output instanceof SimPipe) || this.#paused.has(program.pgid)) return;
    if (this.#world.random('last', this.#world.nth('last')).chance(LAST_WORDS))
      this.#line(writer.instance, writer.output);
  }

  /** As with the real one, the group goes on when the daemon dies: a helper sees to it. */
  async pause(daemon: Incarnation, pgid: number, isOurs: () => boolean): Promise<Pause> {
    const { table } = this.#world;
    const random = this.#world.random('pause', this.#world.nth('pause'));
    await this.#wait(daemon, random.int(1, 5));
    if (!table.all.some((each) => each.pgid === pgid && !each.isZombie) || !isOurs()) return { kind: 'gone' };
    // The daemon may have died during that look; then it pauses nobody.
    if (!daemon.isAlive) return new Promise(() => undefined);
    if (random.chance(UNPAUSED))
      return { kind: 'refused', message: `process group ${pgid} is stopped already` };
    if (table.all.some((each) => each.pgid === pgid && each.instance === null && each.role !== 'writer'))
      this.#world.violate(`a foreign group ${pgid} is paused`);
    this.#paused.set(pgid, { daemon, since: this.#world.timeline.now });
    await this.#wait(daemon, random.int(0, 2));
    return {
      kind: 'paused',
      since: this.#world.timeline.now,
      resume: async () => this.#goesOn(pgid),
    };
  }

  #wait(daemon: Incarnation, ms: number): Promise<void> {
    return new Promise((resolve) =>
      this.#world.timeline.after(ms, () => {
        if (daemon.isAlive) resolve();
      }),
    );
  }

  died(daemon: Incarnation): void {
    for (const [pgid, by] of this.#paused)
      if (by.daemon === daemon) this.#world.timeline.after(1, () => this.#goesOn(pgid));
  }

  isPaused(pgid: number): boolean {
    return this.#paused.has(pgid);
  }

  #goesOn(pgid: number): void {
    this.#paused.delete(pgid);
    this.pipes.resumed(pgid);
  }

  /** Programs write between any two calls of a daemon to the disk. */
  interleave(): void {
    if (this.#writers.size === 0) return;
    const random = this.#world.random('interleave', this.#world.nth('interleave'));
    this.pipes.interleave(random);
    if (!random.chance(INTERLEAVED)) return;
    for (const [program, { instance, output }] of this.#writers)
      if (!program.isZombie && !this.#paused.has(program.pgid))
        this.#line(instance, output, undefined, random.chance(0.5));
  }

  /** The line that was written; null where that was not possible. */
  #line(instance: string, output: Output, word?: string, isCopiedAtOnce = false): Line | null {
    // Nobody reads what goes to a file that was removed.
    const isUnread = output instanceof SimPipe ? output.isForgotten : !this.#world.files.isLinked(output);
    if (isUnread) return null;
    const written = this.#written.get(instance) ?? [];
    this.#written.set(instance, written);
    const line = new Line(
      `${instance} ${written.length}${word === undefined ? '' : ` ${word}`}\n`,
      this.#world,
    );
    const bytes = Buffer.from(line.text);
    if (output instanceof SimPipe) {
      written.push(line);
      this.pipes.write(output, { instance, bytes, line }, isCopiedAtOnce);
      return line;
    }
    if (!this.#world.files.append(output, bytes)) return null;
    written.push(line);
    line.landed();
    return line;
  }

  /** Then nothing of its log is dropped. */
  #isProbed(instance: string): boolean {
    return this.#world.disk.newest(`state:${instance}`)?.includes('"Probing"') === true;
  }

  /** Lost with the data folder. */
  forget(): void {
    this.#written.clear();
    this.pipes.forget();
  }

  /** When all has come to rest. */
  check(logOf: (instance: string) => string): void {
    if (!this.isKept || this.#world.table.boots > 1) return;
    // A pause may be under way just now.
    for (const { since } of this.#paused.values())
      if (this.#world.timeline.now - since > PAUSE_LONGEST_MS)
        this.#world.violate('a job stands still for ever');
    this.pipes.check();
    for (const [instance, written] of this.#written) {
      const sketches = this.#world.watch.sketchesOf(jobNameOf(instance));
      const policies = sketches.flatMap(({ log }) => log ?? []);
      const kept = this.#kept(logOf(instance));
      this.#checkLines({ instance, kept, written, policies });
      // A daemon may die between a log and its index.
      if (!this.#world.daemons.some(({ wasKilled }) => wasKilled))
        for (const each of kept) this.#checkTimes(instance, each, written);
      const keep = Math.max(...policies.map((policy) => policy.keep));
      const hasMore = this.#world.files.find(rotatedLog(logOf(instance), keep + 1)) !== undefined;
      // A log that is never rotated keeps what was left for `ready`, and a disk that refuses keeps anything.
      const mayHaveMore =
        this.#world.files.isFaulty ||
        policies.some(({ rotate }) => rotate === 'off') ||
        this.#isProbed(instance);
      if (hasMore && !mayHaveMore) this.#world.violate(`${instance} has more than ${keep} rotated logs`);
    }
  }

  /** The log and the older ones, the oldest first. */
  #kept(log: string): readonly string[] {
    const paths = [log];
    for (let at = 1; this.#world.files.find(rotatedLog(log, at)) !== undefined; at += 1)
      paths.unshift(rotatedLog(log, at));
    return paths;
  }

  /** Only the oldest lines may be missing, and no line is there twice, unless a daemon died between calls. */
  #checkLines({ instance, kept, written, policies }: Kept): void {
    const { files, daemons } = this.#world;
    const numbers = kept.flatMap((path) => numbersIn(files.find(path)));
    const seen = new Set(numbers);
    const mayRepeat = files.isFaulty || daemons.some(({ wasKilled }) => wasKilled);
    if (!mayRepeat && seen.size < numbers.length)
      this.#world.violate(`${instance} has lines in its log twice`);
    if (!mayRepeat && numbers.some((number, at) => at > 0 && number < (numbers[at - 1] ?? 0)))
      this.#world.violate(`${instance} has lines in its log in another order than it wrote them`);
    // Where writers stand still for it, a rotation is exact for every job.
    if (policies.some(({ keep, rotate }) => keep === 0 || (rotate === 'truncate' && !this.hasWriters)))
      return;
    const first = Math.min(written.length, ...numbers);
    for (const [number, line] of written.entries())
      if (number >= first && !seen.has(number) && !this.#isExcused(line))
        return this.#world.violate(`${instance} has lost a line from the middle of its log, ${number}`);
    const isDropped = written.slice(0, first).some((line) => !this.#isExcused(line));
    if (isDropped && !mayRepeat) this.#checkKept(instance, kept, policies);
  }

  /** What was lost with a pipe or refused by the disk, and what is just being copied. */
  #isExcused({ isLost, landedAt, writtenAt }: Line): boolean {
    return isLost || (landedAt === null && this.#world.timeline.now - writtenAt < UNDER_WAY_MS);
  }

  /** The dropped part must have been more than may be kept. */
  #checkKept(instance: string, kept: readonly string[], policies: Kept['policies']): void {
    const sizes = kept.map((path) => this.#world.files.find(path)?.data.length ?? 0);
    const log = sizes.pop() ?? 0;
    const bytes = sizes.reduce((sum, size) => sum + size, 0);
    // As many older logs as one config keeps may each be as long as another one had them.
    const rotated = policies.filter(({ rotate }) => rotate !== 'off');
    const leastOf = (key: 'keep' | 'maxBytes'): number => Math.min(...rotated.map((policy) => policy[key]));
    const least = rotated.length < policies.length ? 0 : leastOf('keep') * leastOf('maxBytes');
    // A log that is longer than all older ones may be takes their place before it is rotated itself.
    if (bytes < least / 2 && log <= least)
      this.#world.violate(`${instance} has dropped output that was to be kept`);
  }

  /** A mark says up to where the log had been written at a time. */
  #checkTimes(instance: string, log: string, written: readonly Line[]): void {
    const { files } = this.#world;
    const file = files.find(log);
    const index = files.find(logIndexOf(log));
    if (file === undefined || index === undefined) return;
    for (const { at, size } of readMarks(index.data.toString('latin1'))) {
      const [last] = numbersIn(file, size).slice(-1);
      const wall = written[last ?? -1]?.landedAtWall;
      if (size <= file.data.length && typeof wall === 'number' && Math.abs(wall - at) > 1)
        return this.#world.violate(`the index of the log of ${instance} has a line ${at - wall} ms off`);
    }
  }
}

/** A line that a program has written. */
class Line {
  readonly text: string;
  readonly writtenAt: number;
  isLost = false;
  /** When it came to its log, null before that: by the timeline, and by the wall clock. */
  landedAt: number | null = null;
  landedAtWall: number | null = null;
  readonly #world: World;

  constructor(text: string, world: World) {
    this.text = text;
    this.writtenAt = world.timeline.now;
    this.#world = world;
  }

  landed(): void {
    this.landedAt = this.#world.timeline.now;
    this.landedAtWall = this.#world.wall();
  }

  lost(): void {
    this.isLost = true;
  }
}

interface Announced {
  readonly output: Output;
  /** The line by which it has said so; null before that. */
  readonly line: Line | null;
  /** The daemon that was there then. */
  readonly by: Incarnation | null;
}

interface Kept {
  readonly instance: string;
  readonly kept: readonly string[];
  readonly written: readonly Line[];
  readonly policies: readonly NonNullable<Sketch['log']>[];
}

/** The numbers of the lines up to a place. */
function numbersIn(file: SimFile | undefined, end?: number): readonly number[] {
  const lines = (file?.data.toString('latin1', 0, end) ?? '').split('\n');
  return lines.slice(0, -1).map((line) => Number(line.split(' ')[1]));
}
