import type { Hook, HookSnapshot } from '../../machines/hook.ts';
import type { JobEvent, JobSnapshot } from '../../machines/job.ts';
import type { Program, TestEnd } from '../../src/job/ports.ts';
import { jobState } from '../../src/plan/job-state.ts';
import { JobConfigs } from './job-configs.ts';
import { instanceOf } from './sketch.ts';
import type { World } from './world.ts';

/** A state for which a job has a hook, from when the job entered it. */
interface Entry {
  readonly state: string;
  readonly from: string;
  readonly enteredAt: number;
  /** The daemon that began its hook; null before that. */
  daemon: number | null;
  /** When it began last. */
  beganAt: number | null;
  /** It ended by itself or for its time; it did not where its daemon broke it off. */
  hasEnded: boolean;
  /** Its daemon died before it had noted the end, so the next one runs it again. */
  isOnRecord: boolean;
}

/** An entry that another one replaced before its hook began. */
interface Replaced {
  readonly entry: Entry;
  readonly replacedAt: number;
  /** Its daemon died in that moment, and had noted that its hook is under way. */
  readonly isOnRecord: boolean;
}

interface LiveHook {
  readonly entry: Entry;
  readonly daemon: number;
  readonly beganAt: number;
  readonly end: (signal: 'SIGKILL' | null) => void;
}

interface OnRecord {
  readonly first: string | null;
  readonly second: string | null;
}

/** A hook is killed after this, and that takes a moment. */
const LIMIT_MS = 30_000;
const LATE_MS = 1_500;

/** A hook that was under way, and the one that waited. */
const UNFORESEEN = 2;

/** Without faults a hook takes no longer, with the one before it. */
const CALM_MS = 100;

/** Runs the hooks of every daemon, and says so when one runs that must not, or is lost. */
export class SimHooks {
  readonly configs: JobConfigs;
  readonly #world: World;
  readonly #newest = new Map<string, Entry>();
  /** Entries that were replaced before their hook began, in their order. */
  readonly #replaced = new Map<string, readonly Replaced[]>();
  /** The entry whose hook began last. */
  readonly #begun = new Map<string, Entry>();
  readonly #live = new Map<string, LiveHook>();
  readonly #diedAt = new Map<number, number>();
  /** Instances of which it is open what is on record: so many hooks of them may come unforeseen. */
  readonly #open = new Map<string, number>();
  /** Instances of which the full disk has refused what their daemon knew about a hook. */
  readonly #refused = new Set<string>();
  /**
   * Of these the hooks that were on record when their daemon died: the next one runs the first, and the
   * second unless the job enters another state before that.
   */
  readonly #onRecord = new Map<string, OnRecord>();

  constructor(world: World) {
    this.#world = world;
    this.configs = new JobConfigs(world.disk);
  }

  /** A step of a job, after it was kept. */
  stepped(
    instance: string,
    event: JobEvent,
    { before, after }: { readonly before: JobSnapshot | null; readonly after: JobSnapshot },
  ): void {
    this.configs.stepped(instance, event);
    const [from, state] = [before === null ? null : wordOf(before), wordOf(after)];
    if (this.#world.has('full')) this.leftOpen(instance);
    if (state === null || state === from || !this.#hasHook(instance, state)) return;
    const { now } = this.#world.timeline;
    const older = this.#newest.get(instance);
    // It may have come to its turn already, and begins as soon as the step is over.
    if (older?.daemon === null)
      this.#replaced.set(instance, [
        ...(this.#replaced.get(instance) ?? []).filter((each) => this.#mayBegin(each)),
        { entry: older, replacedAt: now, isOnRecord: false },
      ]);
    const onRecord = this.#onRecord.get(instance);
    if (onRecord !== undefined) this.#onRecord.set(instance, { ...onRecord, second: null });
    this.#newest.set(instance, { ...UNBEGUN, state, from: from ?? '', enteredAt: now });
  }

  #hasHook(instance: string, state: string): boolean {
    const json = this.configs.of(instance);
    if (json === null) this.leftOpen(instance);
    if (json === null) return false;
    const { job } = JSON.parse(json) as { readonly job: { readonly on: object } };
    return Object.hasOwn(job.on, state);
  }

  /** The daemon dies, or is refused a write, between the records of a step and of its hook. */
  leftOpen(instance: string): void {
    this.#open.set(instance, UNFORESEEN);
  }

  daemonDied(daemon: number): void {
    const { now } = this.#world.timeline;
    this.#diedAt.set(daemon, now);
    this.configs.daemonDied();
    for (const [instance, all] of this.#replaced) {
      const { current } = this.#recordOf(instance);
      const isOnRecord = (each: Replaced): boolean => this.#mayBegin(each) && current === wordsOf(each.entry);
      this.#replaced.set(
        instance,
        all.map((each) => ({ ...each, isOnRecord: isOnRecord(each) })),
      );
    }
    for (const [instance, begun] of this.#begun) {
      const { current, next } = this.#recordOf(instance);
      const newest = this.#newest.get(instance);
      // The newest may be just alike: its hook has not begun, and it is the one on record.
      const isOfNewest = newest?.daemon === null && wordsOf(newest) === current && next !== current;
      begun.isOnRecord = current === wordsOf(begun) && !isOfNewest;
      // The disk has refused that it began.
      if (this.#refused.has(instance) && !begun.isOnRecord) this.#begun.delete(instance);
    }
    const unfinished = [...this.#onRecord].filter(([, { first, second }]) => (first ?? second) !== null);
    for (const instance of new Set([...this.#refused, ...unfinished.map(([name]) => name)])) {
      const { current, next } = this.#recordOf(instance);
      this.#onRecord.set(instance, { first: current ?? next, second: current === null ? null : next });
    }
    this.#refused.clear();
  }

  /** The hooks that the next daemon runs. */
  #recordOf(instance: string): { readonly current: string | null; readonly next: string | null } {
    const json = this.#world.disk.newest(`hooks:${instance}`);
    if (json === null) return { current: null, next: null };
    const { value, context } = JSON.parse(json) as HookSnapshot;
    const words = (hook: Hook | null): string | null => (hook === null ? null : wordsOf(hook));
    return { current: value === 'Running' ? words(context.current) : null, next: words(context.next) };
  }

  #noteRefusal(instance: string): void {
    if (this.#world.has('full')) this.#refused.add(instance);
  }

  /**
   * Records that were not synced may be lost, and a state whose record was lost does not count as entered.
   */
  recordsLost(): void {
    for (const known of [this.#newest, this.#begun, this.#onRecord])
      for (const instance of known.keys()) this.leftOpen(instance);
    this.#replaced.clear();
    this.#newest.clear();
    this.#begun.clear();
    this.#live.clear();
    this.#onRecord.clear();
  }

  /** The next daemon kills what an earlier one has left. */
  endOrphans(daemon: number): void {
    for (const [instance, live] of this.#live) if (live.daemon !== daemon) this.#live.delete(instance);
  }

  run(program: Program, daemon: number, done: (end: TestEnd) => void): { end(): void } {
    const { timeline, isCalm, story } = this.#world;
    const instance = instanceOf(program.env);
    const entry = this.#begin(instance, program, daemon);
    const random = this.#world.random('hook', instance, this.#world.nth(`hook ${instance}`));
    const livesMs = random.weighted({ short: 6, long: 3, endless: 1 });
    let isOver = false;
    const live: LiveHook = {
      entry,
      daemon,
      beganAt: timeline.now,
      end: (signal) => {
        if (isOver) return;
        isOver = true;
        this.#ended(instance, live, signal);
        story.tell(() => `${instance}: its hook ends, ${signal ?? 'by itself'}`);
        done({ code: signal === null ? random.int(0, 1) : null, signal, error: null, output: '' });
      },
    };
    this.#live.set(instance, live);
    if (isCalm || livesMs !== 'endless')
      timeline.after(random.int(0, !isCalm && livesMs === 'long' ? 3_000 : 30), () => live.end(null));
    return { end: () => timeline.after(2, () => live.end('SIGKILL')) };
  }

  #begin(instance: string, { env }: Program, daemon: number): Entry {
    const { OVERSEER_STATE: state = '', OVERSEER_FROM: from = '' } = env;
    this.#world.story.tell(() => `${instance}: its hook for ${state} begins, it was ${from}`);
    if (this.#live.has(instance) && !this.#isBlind)
      this.#world.violate(`two hooks of ${instance} run at a time`);
    this.#noteRefusal(instance);
    const entry = Object.assign(this.#entryOf(instance, { state, from }, daemon), {
      daemon,
      beganAt: this.#world.timeline.now,
      hasEnded: false,
      isOnRecord: false,
    });
    this.#begun.set(instance, entry);
    return entry;
  }

  /** Whether the hook of a replaced entry may still begin. */
  #mayBegin({ replacedAt, isOnRecord }: Replaced): boolean {
    return isOnRecord || replacedAt === this.#world.timeline.now;
  }

  /** The state that the job has entered and that this hook belongs to. */
  #entryOf(instance: string, { state, from }: Pick<Entry, 'state' | 'from'>, daemon: number): Entry {
    const newest = this.#newest.get(instance);
    const replaced = this.#replaced.get(instance) ?? [];
    this.#replaced.delete(instance);
    const begun = this.#begun.get(instance);
    const is = (entry: Entry | undefined): entry is Entry => entry?.state === state && entry.from === from;
    const newEntry = { ...UNBEGUN, state, from, enteredAt: this.#world.timeline.now };
    const { first = null, second = null } = this.#onRecord.get(instance) ?? {};
    if ((first ?? second) === wordsOf({ state, from })) {
      const isLast = first === null || second === null;
      this.#onRecord.set(instance, { first: null, second: isLast ? null : second });
      // The job may have entered the same again since.
      const died = Math.max(...this.#diedAt.values());
      const isOlder = (each: Entry): boolean => each.daemon !== daemon && each.enteredAt <= died;
      const last = [newest, begun].find((each) => is(each) && isOlder(each));
      return isLast && last !== undefined ? last : newEntry;
    }
    // Of two that look alike the one that was broken off comes first.
    if (is(begun) && mayRunAgain(begun, daemon)) return begun;
    // Of two that look alike the newest one begins last.
    const isNewest = is(newest) && this.#recordOf(instance).next === null;
    const older = replaced.find((each) => this.#mayBegin(each) && is(each.entry));
    const due = isNewest ? newest : (older?.entry ?? newest);
    if (is(due) && due.daemon === null) return due;
    const unforeseen = this.#open.get(instance) ?? 0;
    if (unforeseen <= 0 && !this.#isBlind)
      this.#world.violate(
        `the hook of ${instance} for ${state} runs ${is(begun) ? 'twice' : 'although that was not entered'}`,
      );
    this.#open.set(instance, unforeseen - 1);
    return newEntry;
  }

  #ended(instance: string, live: LiveHook, signal: 'SIGKILL' | null): void {
    const { now } = this.#world.timeline;
    const tookMs = now - live.beganAt;
    if (this.#live.get(instance) === live) this.#live.delete(instance);
    if (tookMs > LIMIT_MS + LATE_MS && !this.#isBlind)
      this.#world.violate(`a hook of ${instance} ran for ${tookMs} ms`);
    // The end of its daemon breaks it off, and a dead one hears of no end.
    if (this.#diedAt.has(live.daemon)) return;
    this.#noteRefusal(instance);
    if (live.entry.daemon !== live.daemon) return;
    if (signal === null || tookMs >= LIMIT_MS) live.entry.hasEnded = true;
  }

  /** Some time after the faults: every state that was entered last has had its hook, and no hook hangs. */
  checkAtRest({ isOver = false } = {}): void {
    if (this.#isBlind) return;
    const isLate = (since: number): boolean => this.#world.timeline.now - since > CALM_MS;
    for (const [instance, { state, daemon, enteredAt }] of this.#newest)
      if (daemon === null && isLate(enteredAt) && !this.#open.has(instance))
        this.#world.violate(`${instance} is ${state}, and the hook for that has never run`);
    for (const [instance, { beganAt }] of this.#live)
      if (isLate(beganAt)) this.#world.violate(`a hook of ${instance} still runs at rest`);
    for (const [instance, { state, daemon, beganAt, hasEnded }] of this.#begun) {
      const diedAt = daemon === null ? undefined : this.#diedAt.get(daemon);
      if (isOver || hasEnded || diedAt === undefined || this.#open.has(instance)) continue;
      // A hook that its daemon was about to kill for its time is not run again.
      if (diedAt - (beganAt ?? 0) < LIMIT_MS)
        this.#world.violate(`the hook of ${instance} for ${state} was broken off, and never runs again`);
    }
  }

  /** If a port throws, that counts as a failed hook. */
  get #isBlind(): boolean {
    return this.#world.schedule.throws !== undefined;
  }
}

const UNBEGUN = { daemon: null, beganAt: null, hasEnded: false, isOnRecord: false } as const;

/** Only after the death of the daemon that had begun it, and before that had noted its end. */
const mayRunAgain = ({ daemon, hasEnded, isOnRecord }: Entry, now: number): boolean =>
  daemon !== null && daemon !== now && (!hasEnded || isOnRecord);

/** By what one hook is told from another. */
const wordsOf = ({ state, from }: Pick<Entry, 'state' | 'from'>): string => `${state}, was ${from}`;

/**
 * The state that users are told: none before the first decision, and a repeated test of a held job is
 * no news.
 */
function wordOf(snapshot: JobSnapshot): string | null {
  const { want } = snapshot.value;
  const state = jobState(snapshot);
  if (want === 'Unknown' && state === 'held') return null;
  return state === 'testing' && typeof want === 'object' && want.No === 'ByTest' ? 'held' : state;
}
