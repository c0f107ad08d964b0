import type { RestartPolicy } from '../../src/config/config.ts';
import { isDeepStrictEqual } from 'node:util';
import type { ChildExit, ChildIdentity, LaunchRequest } from '../../src/job/ports.ts';
import { instancesOf } from '../../src/plan/instances.ts';
import type { Incarnation } from './incarnation.ts';
import type { SimProcess } from './process-table.ts';
import type { Sketch } from './sketch.ts';
import { ScheduledRuns } from './scheduled-runs.ts';
import { awaitedOf, jobNameOf } from './sketch.ts';
import type { World } from './world.ts';

/** An exit of a child that another daemon started is noticed by looking each second. */
const NOTICED_MS = 1_200;
/** Where a tool, which may hang, has to list what is left of its group, the look after that notices it. */
const NOTICED_BY_TOOL_MS = 6_500;

/** An exit may be noticed this much later than it happens. */
const HEARD_MS = 10;

/** The newest run of an instance, as the world saw it. */
interface Run {
  readonly daemon: number;
  /** How often the machine had booted by then. */
  readonly boots: number;
  /** When the daemon decided on it, asked for it, and got it. */
  readonly decidedAt: number;
  readonly launchedAt: number;
  readonly forkedAt: number;
  readonly process: SimProcess;
  /** The daemon has asked it to end. */
  isAsked: boolean;
  endedAt: number | null;
  exit: ChildExit | null;
}

/** Looks at every step that touches a process, and says so when it must not be. */
export class Watch {
  readonly #world: World;
  readonly #runs = new Map<string, Run>();
  readonly #released = new WeakSet<SimProcess>();
  /** Groups of which a lost state told; only their marker does now. */
  readonly #lostGroups = new Set<number>();
  /** Those who had left a group that was signalled, and whose parents were in it. */
  readonly #kin = new WeakMap<SimProcess, Incarnation | null>();
  readonly #failedForGood = new Set<string>();
  readonly #everBegun = new Set<string>();
  readonly #everWell = new Set<string>();
  readonly #sketches: ReadonlyMap<string, readonly Sketch[]>;
  #askedAt = 0;
  /** When a request reached an instance: a restart of several jobs, or a change, may wait for its turn. */
  readonly #reachedAt = new Map<string, number>();
  /** A job that runs at start is due when a daemon begins. */
  #daemonBeganAt = 0;
  readonly #endedAt = new Map<number, number>();
  /** When each child of an earlier daemon was replaced. */
  readonly #adoptedUntil = new Map<number, number>();
  readonly #begunAt = new WeakMap<SimProcess, number>();
  readonly #decidedAt = new Map<string, number>();
  readonly #scheduled = new ScheduledRuns();
  #touches = 0;

  constructor(world: World) {
    this.#world = world;
    const { sketches, happenings } = world.schedule;
    this.#sketches = new Map(
      Object.entries(sketches).map(([name, first]) => [
        name,
        [
          first,
          ...happenings.flatMap((each) =>
            each.kind === 'edit' && each.job === name && each.to !== null ? [each.to] : [],
          ),
        ],
      ]),
    );
  }

  /** How often a process was started or signalled. */
  get touches(): number {
    return this.#touches;
  }

  /** Every config that the schedule ever has for a job. */
  sketchesOf(instance: string): readonly Sketch[] {
    return this.#sketches.get(jobNameOf(instance)) ?? [];
  }

  runOf(instance: string): Readonly<Run> | undefined {
    return this.#runs.get(instance);
  }

  hasFailedForGood(instance: string): boolean {
    return this.#failedForGood.has(instance);
  }

  /** Whether one of its runs may be remembered as one that needs no other. */
  mayHaveFinished(instance: string, restart: RestartPolicy): boolean {
    if (restart === 'always') return false;
    return (restart === 'never' ? this.#everBegun : this.#everWell).has(instance);
  }

  /** When the program of this pid ended; undefined of one that lives. */
  endedAt(pid: number): number | undefined {
    return this.#endedAt.get(pid);
  }

  /** When another copy took the place of this child, which an earlier daemon had started. */
  adoptedUntil(pid: number): number | undefined {
    return this.#adoptedUntil.get(pid);
  }

  /** Whether an exit counts as success by one of the configs that the job ever has. */
  isSuccess(instance: string, { code }: ChildExit): boolean {
    return this.sketchesOf(instance).some((sketch) => code !== null && successCodesOf(sketch).includes(code));
  }

  /** The same by all of them. */
  isSurelySuccess(instance: string, { code }: ChildExit): boolean {
    return this.sketchesOf(instance).every(
      (sketch) => code !== null && successCodesOf(sketch).includes(code),
    );
  }

  /** What lives now is on no record any more. */
  stateLost(): void {
    for (const { instance, pgid } of this.#world.table.all) if (instance !== null) this.#lostGroups.add(pgid);
  }

  /** Some of what was not synced went with the power. */
  recordsLost(): void {
    this.#scheduled.recordsLost();
  }

  /** The daemon can only come upon it by its marker, which it looks for before it starts another copy. */
  isLost({ pgid, by }: SimProcess): boolean {
    return this.#lostGroups.has(pgid) || (by !== null && this.isLost(by));
  }

  /** A person or a program asked a daemon for something that may reset a backoff. */
  asked(): void {
    this.#askedAt = this.#world.timeline.now;
  }

  daemonBegan(): void {
    this.#daemonBeganAt = this.#world.timeline.now;
  }

  reached(instance: string): void {
    this.#reachedAt.set(instance, this.#world.timeline.now);
  }

  /** The chart has decided on a start; the search that goes first may throw, and is asked for again later. */
  decided(instance: string): void {
    this.#decidedAt.set(instance, this.#world.timeline.now);
  }

  /** What a job comes after must be up when its launch is asked for, or the search before that. */
  checkOrder(instance: string): void {
    const { ledger, schedule } = this.#world;
    // A poll that throws takes an ended job for alive, and a search that throws comes after the decision.
    if (schedule.throws !== undefined) return;
    const job = ledger.config?.jobs.find(({ name }) => name === jobNameOf(instance));
    if (job === undefined) return;
    for (const other of ledger.config === null ? [] : instancesOf(ledger.config)) {
      const awaited = awaitedOf(job, other);
      if (awaited === null) continue;
      if (awaited === 'finished' ? !this.#hasSucceeded(other.name) : !this.#isUp(other.name))
        this.#world.violate(
          awaited === 'finished'
            ? `${instance} starts although ${other.name}, which it comes after, has not finished with success`
            : `${instance} starts although ${other.name}, which it comes after, is not up`,
        );
    }
  }

  /** The daemon asks for a child. */
  launched(instance: string, request: LaunchRequest): void {
    this.#touches += 1;
    this.#checkProgram(instance, request);
    if (this.#world.ledger.isHeld(instance))
      this.#world.violate(
        `${instance} is started although it was stopped by hand, and the stop was acknowledged`,
      );
    this.#checkBackoff(instance);
    this.#checkEnabled(instance);
  }

  forked(instance: string, process: SimProcess, launchedAt: number): void {
    const { timeline, table, owner } = this.#world;
    this.#lostGroups.delete(process.pid);
    const before = this.#runs.get(instance);
    if (before !== undefined && before.daemon !== owner?.number)
      this.#adoptedUntil.set(before.process.pid, timeline.now);
    this.#runs.set(instance, {
      daemon: owner?.number ?? 0,
      boots: table.boots,
      decidedAt: this.#decidedAt.get(instance) ?? launchedAt,
      launchedAt,
      forkedAt: timeline.now,
      process,
      isAsked: false,
      endedAt: null,
      exit: null,
    });
  }

  failedForGood(instance: string): void {
    this.#failedForGood.add(instance);
  }

  /** The gate opens: the record must exist by now. */
  released(instance: string, process: SimProcess): void {
    const { pid, start } = process;
    const { disk, table } = this.#world;
    const json = disk.newest(`state:${instance}`);
    const child =
      json === null
        ? null
        : (JSON.parse(json) as { readonly context: { readonly child: ChildIdentity | null } }).context.child;
    const isRecorded = child?.pid === pid && child.start === start && child.boot === table.bootId;
    if (!isRecorded)
      this.#world.violate(`the gate of ${instance} is opened before its pid ${pid} is recorded`);
    const run = this.#runs.get(instance);
    if (run === undefined) return;
    // It need not be the newest: where a `cancel` has thrown, an older shell may come to its gate later.
    this.#released.add(process);
    const sketches = this.sketchesOf(instance);
    const dueAtStart = sketches.some(({ runAtStart }) => runAtStart === true) ? this.#daemonBeganAt : 0;
    const wrong = this.#scheduled.started(instance, run.launchedAt, {
      sketches,
      // That a run was begun may have gone with the power, so a boot counts as one more question.
      askedAt: Math.max(
        this.#askedAt,
        this.#reachedAt.get(instance) ?? 0,
        dueAtStart,
        table.bootedAt,
        this.#world.wallSetAt,
      ),
    });
    if (wrong !== null) this.#world.violate(wrong);
  }

  began(instance: string, program: SimProcess): void {
    // A shell of a lost state that was slow at its gate had no marker until now.
    const isFound = this.#world.isMac || !this.isLost(program);
    const others = this.#copiesOf(instance).filter(
      (each) =>
        each.pgid !== program.pgid &&
        (!this.isLost(each) || (this.#isFindable(each) && !this.#hadNoMarker(each))),
    );
    this.#begunAt.set(program, this.#world.timeline.now);
    this.#everBegun.add(instance);
    this.#world.story.tell(() => `${instance}: its program begins, pid ${program.pid}`);
    if (isFound && others.length > 0)
      this.#world.violate(
        `two live copies of ${instance}: pid ${program.pid} begins while ${others.map(inWords).join(' and ')} lives`,
      );
  }

  ended(instance: string, program: SimProcess, exit: ChildExit): void {
    this.#world.story.tell(
      () => `${instance}: its program ends, pid ${program.pid}, ${exit.signal ?? exit.code}`,
    );
    this.#everBegun.add(instance);
    this.#endedAt.set(program.pid, this.#world.timeline.now);
    if (this.isSuccess(instance, exit)) this.#everWell.add(instance);
    const run = this.#runs.get(instance);
    if (run?.process.pgid === program.pgid) Object.assign(run, { endedAt: this.#world.timeline.now, exit });
  }

  signalled(pgid: number, signal: NodeJS.Signals): void {
    this.#touches += 1;
    this.#world.story.tell(() => `${signal} to group ${pgid}`);
    for (const run of this.#runs.values())
      if (run.process.pid === pgid && this.#isThere(run.process)) run.isAsked = true;
  }

  /** A stop covers processes that left the group, if a living parent leads to them and they can be listed. */
  stopped({ pid, start, boot }: ChildIdentity): void {
    const { hasBlindSpells, table } = this.#world;
    const isOther = boot !== table.bootId || (table.find(pid)?.start ?? start) !== start;
    if (hasBlindSpells || isOther) return;
    for (const each of table.all)
      if (each.role === 'stray' && each.by?.pgid === pid && this.#isAlive(each.by))
        this.#kin.set(each, this.#world.owner);
  }

  #isAlive(process: SimProcess): boolean {
    return !process.isZombie && this.#world.table.find(process.pid) === process;
  }

  /** Whether a process, or what is left of its group, has the number still. */
  #isThere(process: SimProcess): boolean {
    const leader = this.#world.table.find(process.pid);
    return leader === undefined || leader === process;
  }

  /** A chart is told how its child has ended; that may be unknown, but not otherwise. */
  heard(instance: string, { code, signal }: ChildExit): void {
    const { exit = null, process } = this.#runs.get(instance) ?? {};
    if (exit === null || (code === null && signal === null)) return;
    // A shell that is killed with its program cannot tell how the program would have ended.
    if (process?.role === 'shell' && process.exit?.signal === 'SIGKILL' && signal === 'SIGKILL') return;
    if (exit.code !== code || exit.signal !== signal)
      this.#world.violate(
        `${instance} is said to have ended by ${signal ?? code}, where it was ${exit.signal ?? exit.code}`,
      );
  }

  /** The processes of an instance that run or will run; a shell whose gate stays shut never will. */
  aliveOf(instance: string): readonly SimProcess[] {
    return this.#copiesOf(instance).filter((each) => !this.isLost(each));
  }

  #copiesOf(instance: string): readonly SimProcess[] {
    const { table, showsMarkers } = this.#world;
    return table.liveOf(instance).filter((each) => {
      if (each.role === 'gate') return this.#released.has(each);
      // A call that throws has not searched.
      if (each.role === 'stray') return this.#world.schedule.throws === undefined && this.#isFindable(each);
      return each.role !== 'leftover' || showsMarkers;
    });
  }

  /** Whether an unrecorded process can be found by its parent, its environment or its output. */
  #isFindable(process: SimProcess): boolean {
    const { env, hidesMarker, hidesLog } = process;
    const { showsMarkers, isMac } = this.#world;
    // The next daemon does not know of it.
    if (this.#kin.has(process) && this.#kin.get(process) === this.#world.owner) return true;
    return (showsMarkers && !hidesMarker && 'OVERSEER_JOB' in env) || (isMac && !hidesLog);
  }

  /** A daemon looks once for what is on no record. A shell that was at its gate then had no marker yet. */
  #hadNoMarker(process: SimProcess): boolean {
    return (this.#begunAt.get(process) ?? process.forkedAt) >= this.#daemonBeganAt;
  }

  #checkBackoff(instance: string): void {
    const run = this.#runs.get(instance);
    const { timeline, owner } = this.#world;
    if (run === undefined || run.endedAt === null || run.isAsked || run.daemon !== owner?.number) return;
    if (Math.max(this.#askedAt, this.#reachedAt.get(instance) ?? 0) >= run.decidedAt) return;
    const sketches = this.sketchesOf(instance);
    // A watched file restarts some time after it was touched, and a schedule knows no backoff.
    if (sketches.some(({ isWatched, schedule }) => isWatched || schedule !== null)) return;
    const hasFailed =
      run.endedAt - run.forkedAt < Math.min(...sketches.map(countsAsRunningAfterMs)) - HEARD_MS;
    const leastMs = 0.9 * Math.min(...sketches.map(({ backoffMinMs }) => backoffMinMs)) - 1;
    if (hasFailed && timeline.now - run.endedAt < leastMs)
      this.#world.violate(
        `${instance} comes back ${timeline.now - run.endedAt} ms after it failed to start, without its backoff`,
      );
  }

  /** Once a config is acknowledged, no earlier one starts anything. */
  #checkProgram(instance: string, { args, nice, limits }: LaunchRequest): void {
    const { config } = this.#world.ledger;
    if (config === null) return;
    const named = instancesOf(config).find(({ name }) => name === instance);
    if (named === undefined) this.#world.violate(`${instance} is started, which no config names`);
    else if (named.job.command.args.join(' ') !== args.join(' '))
      this.#world.violate(
        `${instance} is started as ${args.join(' ')}, where the config in force has ${named.job.command.args.join(' ')}`,
      );
    else if (named.job.nice !== nice || !isDeepStrictEqual(named.job.limits, limits))
      this.#world.violate(`${instance} is started with other limits than those of the config in force`);
  }

  /** Whether the newest run has ended well; where its record may be lost, whether any has. */
  #hasSucceeded(instance: string): boolean {
    if (!this.#everWell.has(instance)) return false;
    const run = this.#runs.get(instance);
    const { table, owner } = this.#world;
    if (run === undefined || run.boots < table.boots || run.daemon !== owner?.number) return true;
    return run.exit !== null && this.isSuccess(instance, run.exit);
  }

  /** Once a config that disables a job is acknowledged, only somebody by hand starts it. */
  #checkEnabled(instance: string): void {
    const { config } = this.#world.ledger;
    const job = config?.jobs.find(({ name }) => name === jobNameOf(instance));
    if (job?.enabled === false && !this.#world.ledger.wasEverStarted(instance))
      this.#world.violate(`${instance} is started, which its config disables and nobody has started by hand`);
  }

  #isUp(instance: string): boolean {
    const run = this.#runs.get(instance);
    if (run === undefined) return false;
    const { timeline, table, owner } = this.#world;
    const { now } = timeline;
    const leastMs = Math.min(...this.sketchesOf(instance).map(countsAsRunningAfterMs));
    // If the record of that run was lost or never written, an earlier run counts that ended well.
    const isUnrecorded =
      run.boots < table.boots || (run.daemon !== owner?.number && !this.#released.has(run.process));
    if (isUnrecorded && this.#everWell.has(instance)) return true;
    // A shell that could not become its program, or left its gate late, is dead before the daemon knows.
    const sinceHeard = (endedAt: number): number => now - Math.max(endedAt, this.#daemonBeganAt);
    const isHeardOf = sinceHeard(run.process.endedAt ?? run.forkedAt) > NOTICED_MS;
    if (run.endedAt === null) return now - run.forkedAt >= leastMs && !(run.process.isZombie && isHeardOf);
    // Who could not be looked at passes for alive.
    if (run.daemon !== owner?.number && this.#world.wasBlind(NOTICED_MS)) return true;
    const isOwn = run.daemon === owner?.number;
    // As long as its end has not been heard of, it grows older.
    const heardAt = isOwn ? run.endedAt + HEARD_MS : now;
    const noticedMs = isOwn || !this.#world.isMac ? NOTICED_MS : NOTICED_BY_TOOL_MS;
    return (
      (run.exit !== null && this.isSuccess(instance, run.exit)) ||
      (sinceHeard(run.endedAt) <= noticedMs && heardAt - run.forkedAt >= leastMs)
    );
  }
}

/** A job that is probed counts as running as soon as it is ready, which it may be at once. */
const countsAsRunningAfterMs = ({ isProbed, startMs }: Sketch): number => (isProbed ? 0 : startMs);

const successCodesOf = ({ successCodes }: Sketch): readonly number[] => successCodes ?? [0];

function inWords({ pid, role }: SimProcess): string {
  return `pid ${pid} (${role})`;
}
