import type { Config, ConfigReading } from '../../src/config/config.ts';
import type { Incarnation } from './incarnation.ts';
import { SimHooks } from './hooks.ts';
import { Rolls } from './rolls.ts';
import { Ledger } from './ledger.ts';
import type { SimProcess } from './process-table.ts';
import { ProcessTable } from './process-table.ts';
import { Checks } from './checks.ts';
import { Memory } from './memory.ts';
import { everyInstance, Promises } from './promises.ts';
import { Random } from '../support/random.ts';
import type { Happening, Says, Schedule } from './schedule.ts';
import { SimFiles } from './sim-files.ts';
import { SourceTree } from './source-tree.ts';
import { SimLogs } from './sim-logs.ts';
import { EXITS, LOGS } from './sim-os.ts';
import { SimDisk } from './sim-store.ts';
import type { Sketches } from './sketch.ts';
import { configOf } from './sketch.ts';
import { startAtBoot } from './strangers.ts';
import { Story } from './story.ts';
import { Timeline } from '../support/timeline.ts';
import { Watch } from './watch.ts';
import { WatchedFiles } from './watched-files.ts';

type Death = Extract<Happening, { readonly kind: 'killAtCall' }>;

/** Trouble that lasts for a while. */
export type Window = 'full' | 'noSync' | 'noConfigFiles' | 'brokenConfig' | 'noSpawn' | 'neverSpawns';

/** In so many worlds the machine is a Mac. */
const MACS = 0.3;

/** The share of worlds in which the system at times refuses to list processes; how long, and how often. */
const BLIND_WORLDS = 0.2;
const SPELL_MS = 400;
const BLIND_SPELLS = 0.15;

/** How soon a daemon writes what a full disk has refused, once there is room. */
const WRITTEN_MS = 1_100;

export interface WorldOptions {
  readonly schedule: Schedule;
  readonly isTold: boolean;
}

/** A machine with a disk, its processes, its users and their config: everything around the daemon. */
export class World {
  readonly schedule: Schedule;
  readonly timeline = new Timeline();
  readonly story: Story;
  readonly table: ProcessTable;
  readonly disk = new SimDisk();
  readonly files: SimFiles;
  readonly logs: SimLogs;
  /** The files that jobs watch, and who changes them. */
  readonly tree: SourceTree;
  readonly edits: WatchedFiles;
  readonly ledger: Ledger;
  readonly watch: Watch;
  readonly promises = new Promises(this);
  readonly memory = new Memory(this);
  readonly checks = new Checks(this);
  readonly hooks = new SimHooks(this);
  readonly rolls = new Rolls(this);
  readonly tests = new Map<string, Says>();
  /** Every transition of a chart that was taken, with the states that it leads from and to. */
  readonly taken = new Map<string, string>();
  /** The instances whose newest test could not be started: nobody asks again before the next trigger. */
  readonly unstartedTests = new Set<string>();
  readonly daemons: Incarnation[] = [];
  /** The daemon that has the lock. */
  owner: Incarnation | null = null;
  /** Some systems do not show the environment of a process. */
  readonly showsMarkers: boolean;
  /** Where processes are told by tools that take their time, starts in whole seconds, and no sessions. */
  readonly isMac: boolean;
  /** In some worlds the system cannot be asked about processes now and then. */
  readonly hasBlindSpells: boolean;
  sketches: Sketches;
  /** No more trouble from now on. */
  isCalm = false;
  violation: string | null = null;
  /** When the wall clock, by which schedules run, was set last. */
  wallSetAt = 0;
  /** When the machine had no time to look through the lines of a log. */
  busyAt = -Infinity;
  readonly #windows = new Map<Window, number>();
  readonly #deaths: readonly Death[];
  readonly #callsOf = new Map<string, number>();
  readonly #runs = new Map<string, number>();
  #wallOffset = Date.UTC(2026, 0, 1);
  #blind = { spell: -1, is: false };
  #config: { readonly of: Sketches; readonly config: Config } | null = null;

  constructor({ schedule, isTold }: WorldOptions) {
    this.schedule = schedule;
    this.sketches = schedule.sketches;
    this.story = new Story(() => this.timeline.now, isTold);
    this.showsMarkers = this.random('markers').chance(0.5);
    // Each with random numbers of its own: so the worlds without them stayed as they were when these were
    // added.
    this.isMac = this.random('mac').chance(MACS);
    this.hasBlindSpells = this.random('blind').chance(BLIND_WORLDS);
    this.table = new ProcessTable({
      timeline: this.timeline,
      random: this.random('table'),
      tickMs: this.isMac ? 1_000 : null,
      hasWriters: schedule.hasWriters === true,
      onEnd: () => this.logs.pipes.processEnded(),
    });
    this.ledger = new Ledger(everyInstance(this));
    this.files = new SimFiles(this);
    this.logs = new SimLogs(this);
    this.watch = new Watch(this);
    this.tree = new SourceTree(this);
    this.edits = new WatchedFiles(this);
    this.#deaths = schedule.happenings.filter((each) => each.kind === 'killAtCall');
    for (const { of } of this.#deaths) this.#callsOf.set(of, 0);
  }

  random(...key: readonly (string | number)[]): Random {
    return new Random(this.schedule.seed, ...key);
  }

  /** Counts the runs of each instance and test, so that what one does is the same whatever else happens. */
  nth(what: string): number {
    const nth = (this.#runs.get(what) ?? 0) + 1;
    this.#runs.set(what, nth);
    return nth;
  }

  wall(): number {
    return this.#wallOffset + this.timeline.now;
  }

  jumpWall(byMs: number): void {
    this.story.tell(() => `the wall clock is set by ${byMs} ms`);
    this.#wallOffset += byMs;
    this.wallSetAt = this.timeline.now;
  }

  open(window: Window, forMs: number): void {
    this.#windows.set(window, Math.max(this.#windows.get(window) ?? 0, this.timeline.now + forMs));
  }

  has(window: Window): boolean {
    return !this.isCalm && (this.#windows.get(window) ?? 0) > this.timeline.now;
  }

  /** Whether that is so, or was so a while ago. */
  hadWithin(ms: number, window: Window): boolean {
    return (this.#windows.get(window) ?? -Infinity) + ms > this.timeline.now;
  }

  /** Whether a daemon may know more than the disk, which has been full. */
  get isDiskBehind(): boolean {
    return this.hadWithin(WRITTEN_MS, 'full');
  }

  /** Whether the system cannot be asked about processes just now. */
  get isBlind(): boolean {
    if (!this.hasBlindSpells || this.isCalm) return false;
    const spell = Math.floor(this.timeline.now / SPELL_MS);
    if (this.#blind.spell !== spell) this.#blind = { spell, is: this.#isBlindIn(spell) };
    return this.#blind.is;
  }

  /** Whether the system could not be asked at some moment of the last so many milliseconds. */
  wasBlind(ms: number): boolean {
    if (!this.hasBlindSpells) return false;
    const { now } = this.timeline;
    for (let at = Math.max(0, now - ms); at <= now; at += SPELL_MS)
      if (this.#isBlindIn(Math.floor(at / SPELL_MS))) return true;
    return this.#isBlindIn(Math.floor(now / SPELL_MS));
  }

  #isBlindIn(spell: number): boolean {
    return this.random('spell', spell).chance(BLIND_SPELLS);
  }

  /** Whether this call of a job into the world throws. */
  throwsNow(): boolean {
    const { throws } = this.schedule;
    return throws !== undefined && !this.isCalm && this.random('throw', this.nth('throw')).chance(throws);
  }

  /** Something that must never be. The first one counts. */
  violate(rule: string): void {
    if (this.violation !== null) return;
    this.violation = rule;
    this.story.tell(() => `VIOLATION  ${rule}`);
  }

  /** The death that the schedule has for this call into the world. */
  nextCall(name: string): Death | null {
    for (const [of, calls] of this.#callsOf) if (isMeantBy(of, name)) this.#callsOf.set(of, calls + 1);
    if (this.isCalm) return null;
    return this.#deaths.find(({ of, call }) => isMeantBy(of, name) && this.#callsOf.get(of) === call) ?? null;
  }

  get config(): Config {
    if (this.#config?.of !== this.sketches)
      this.#config = { of: this.sketches, config: configOf(this.sketches) };
    return this.#config.config;
  }

  readConfig(): ConfigReading {
    const file = 'all.toml';
    if (this.has('brokenConfig'))
      return { ok: false, files: [file], problems: [{ file, line: 1, column: 1, message: 'broken' }] };
    if (this.has('noConfigFiles')) return { ok: true, files: [], config: { jobs: [] } };
    return { ok: true, files: [file], config: this.config };
  }

  losePower(): void {
    this.story.tell(() => 'the power goes');
    this.owner = null;
    for (const daemon of this.daemons) daemon.die();
    const lost = this.disk.losePower(this.random('power', this.nth('power')));
    this.table.reboot();
    this.logs.pipes.losePower();
    this.hooks.recordsLost();
    if (lost > 0) this.watch.recordsLost();
    startAtBoot(this);
    if (this.random('exits', this.nth('exits')).chance(0.5)) this.files.removeUnder(EXITS);
    this.story.tell(() => `the machine boots again, ${lost} lines of the journal are lost`);
  }

  /** The daemon is killed, and before the next one comes somebody empties the data folder. */
  loseState(): void {
    this.story.tell(() => 'the data folder is emptied');
    this.owner?.kill();
    this.disk.empty();
    for (const folder of [EXITS, LOGS]) this.files.removeUnder(folder);
    this.logs.forget();
    this.ledger.stateLost();
    this.watch.stateLost();
    this.hooks.recordsLost();
  }

  /** The programs of an instance that live, but for those that nobody can know of. */
  programsOf(instance: string): readonly SimProcess[] {
    return this.table.liveOf(instance).filter((each) => each.role === 'program' && !this.watch.isLost(each));
  }
}

/** Those that count all calls do not count those to the disk, which came later. */
function isMeantBy(of: string, name: string): boolean {
  return of === '' ? !name.startsWith('disk ') : name.startsWith(of);
}
