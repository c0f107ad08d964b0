import type { HookSnapshot } from '../../machines/hook.ts';
import type { JobSnapshot } from '../../machines/job.ts';
import type { Program, TestEnd } from '../../src/job/ports.ts';
import { jobState } from '../../src/plan/job-state.ts';
import { instanceOf } from './sketch.ts';
import type { World } from './world.ts';

/** A state for which a job has a hook, from when the job entered it. */
interface Entry {
  readonly state: string;
  readonly from: string;
  readonly enteredAt: number;
  /** The daemon that began its hook; null before that. */
  daemon: number | null;
  /** When it ended by itself or for its time; null where it was broken off. */
  endedAt: number | null;
}

interface LiveHook {
  readonly entry: Entry;
  readonly daemon: number;
  readonly beganAt: number;
  readonly end: (signal: 'SIGKILL' | null) => void;
}

/** A hook is killed after this, and that takes a moment. */
const LIMIT_MS = 30_000;
const LATE_MS = 1_500;

/** A hook that was under way, and the one that waited. */
const UNFORESEEN = 2;

/** So soon after the end of a hook its daemon may die before it has noted it. */
const NOTED_MS = 60;

/** Without faults a hook takes no longer, with the one before it. */
const CALM_MS = 100;

/** Runs the hooks of every daemon, and says so when one runs that must not, or is lost. */
export class SimHooks {
  readonly #world: World;
  readonly #newest = new Map<string, Entry>();
  /** Entries that were replaced before their hook began: of one moment the first. */
  readonly #first = new Map<string, { readonly entry: Entry; readonly replacedAt: number }>();
  /** The entry whose hook began last. */
  readonly #begun = new Map<string, Entry>();
  readonly #live = new Map<string, LiveHook>();
  readonly #diedAt = new Map<number, number>();
  /** Instances of which it is open what is on record: so many hooks of them may come unforeseen. */
  readonly #open = new Map<string, number>();
  /** Instances of which the full disk has refused what their daemon knew about a hook. */
  readonly #refused = new Set<string>();
  /** Of these the hooks that were on record when their daemon died: the next one runs just them, once. */
  readonly #onRecord = new Map<string, readonly string[]>();

  constructor(world: World) {
    this.#world = world;
  }

  /** A step of a job, after it was kept. */
  stepped(instance: string, before: JobSnapshot | null, after: JobSnapshot): void {
    const [from, state] = [before === null ? null : wordOf(before), wordOf(after)];
    if (this.#world.has('full')) this.leftOpen(instance);
    if (state === null || state === from || !this.#hasHook(instance, state)) return;
    const { now } = this.#world.timeline;
    const older = this.#newest.get(instance);
    // It may have come to its turn already, and begins as soon as the step is over.
    if (older?.daemon === null && this.#first.get(instance)?.replacedAt !== now)
      this.#first.set(instance, { entry: older, replacedAt: now });
    this.#newest.set(instance, { state, from: from ?? '', enteredAt: now, daemon: null, endedAt: null });
  }

  #hasHook(instance: string, state: string): boolean {
    const json = this.#world.disk.newest(`config:${instance}`);
    // The disk has refused its config so far.
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
    this.#diedAt.set(daemon, this.#world.timeline.now);
    for (const instance of this.#refused) this.#onRecord.set(instance, this.#recordOf(instance));
    this.#refused.clear();
  }

  #recordOf(instance: string): readonly string[] {
    const json = this.#world.disk.newest(`hooks:${instance}`);
    if (json === null) return [];
    const { value, context } = JSON.parse(json) as HookSnapshot;
    const toRun = [value === 'Running' ? context.current : null, context.next];
    return toRun.flatMap((hook) => (hook === null ? [] : [wordsOf(hook)]));
  }

  #noteRefusal(instance: string): void {
    if (this.#world.has('full')) this.#refused.add(instance);
  }

  /** What was not synced may be lost, and what was lost is not entered. */
  recordsLost(): void {
    for (const instance of [...this.#newest.keys(), ...this.#begun.keys()]) this.leftOpen(instance);
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
    const entry = this.#entryOf(instance, { state, from }, daemon);
    this.#begun.set(instance, entry);
    return entry;
  }

  /** What the job has entered that this hook is for. */
  #entryOf(instance: string, { state, from }: Pick<Entry, 'state' | 'from'>, daemon: number): Entry {
    const newest = this.#newest.get(instance);
    const first = this.#first.get(instance);
    this.#first.delete(instance);
    const begun = this.#begun.get(instance);
    const is = (entry: Entry | undefined): entry is Entry => entry?.state === state && entry.from === from;
    const newEntry = { state, from, enteredAt: this.#world.timeline.now, daemon, endedAt: null };
    const [onRecord, ...others] = this.#onRecord.get(instance) ?? [];
    if (onRecord === wordsOf({ state, from })) {
      this.#onRecord.set(instance, others);
      const last = [newest, begun].find((each) => is(each) && each.daemon !== daemon);
      return others.length === 0 && last !== undefined
        ? Object.assign(last, { daemon, endedAt: null })
        : newEntry;
    }
    const mayRunAgain = is(begun) && this.#mayRunAgain(begun, daemon);
    // Of two that look alike the one that was broken off comes first.
    if (mayRunAgain && begun.endedAt === null) return Object.assign(begun, { daemon });
    const isFirst = first?.replacedAt === this.#world.timeline.now && is(first.entry);
    const due = isFirst ? first.entry : newest;
    if (is(due) && due.daemon === null) return Object.assign(due, { daemon });
    if (mayRunAgain) return Object.assign(begun, { daemon, endedAt: null });
    const unforeseen = this.#open.get(instance) ?? 0;
    if (unforeseen <= 0 && !this.#isBlind)
      this.#world.violate(
        `the hook of ${instance} for ${state} runs ${is(begun) ? 'twice' : 'although that was not entered'}`,
      );
    this.#open.set(instance, unforeseen - 1);
    return newEntry;
  }

  /** Only after the death of the daemon that had begun it, and before that had noted its end. */
  #mayRunAgain({ daemon, endedAt }: Entry, now: number): boolean {
    if (daemon === null || daemon === now) return false;
    return endedAt === null || (this.#diedAt.get(daemon) ?? 0) - endedAt <= NOTED_MS;
  }

  #ended(instance: string, live: LiveHook, signal: 'SIGKILL' | null): void {
    const { now } = this.#world.timeline;
    const tookMs = now - live.beganAt;
    this.#noteRefusal(instance);
    if (this.#live.get(instance) === live) this.#live.delete(instance);
    if (tookMs > LIMIT_MS + LATE_MS && !this.#isBlind)
      this.#world.violate(`a hook of ${instance} ran for ${tookMs} ms`);
    // The end of its daemon breaks it off, and a dead one hears of no end.
    if (live.entry.daemon !== live.daemon || this.#diedAt.has(live.daemon)) return;
    if (signal === null || tookMs >= LIMIT_MS) live.entry.endedAt = now;
  }

  /** Some time after the faults: every state that was entered last has had its hook, and no hook hangs. */
  checkAtRest(): void {
    if (this.#isBlind) return;
    const isLate = (since: number): boolean => this.#world.timeline.now - since > CALM_MS;
    for (const [instance, { state, daemon, enteredAt }] of this.#newest)
      if (daemon === null && isLate(enteredAt) && !this.#open.has(instance))
        this.#world.violate(`${instance} is ${state}, and the hook for that has never run`);
    for (const [instance, { beganAt }] of this.#live)
      if (isLate(beganAt)) this.#world.violate(`a hook of ${instance} still runs at rest`);
  }

  /** A port that throws is taken for a hook that has failed. */
  get #isBlind(): boolean {
    return this.#world.schedule.throws !== undefined;
  }
}

/** By what one hook is told from another. */
const wordsOf = ({ state, from }: Pick<Entry, 'state' | 'from'>): string => `${state}, was ${from}`;

/** The state that users are told: none before the first decision, and a repeated test of a held job is no news. */
function wordOf(snapshot: JobSnapshot): string | null {
  const { want } = snapshot.value;
  const state = jobState(snapshot);
  if (want === 'Unknown' && state === 'held') return null;
  return state === 'testing' && typeof want === 'object' && want.No === 'ByTest' ? 'held' : state;
}
