import type { Job } from '../../src/config/config.ts';
import { Fleet } from '../../src/fleet/fleet.ts';
import { PersistedState } from '../../src/fleet/persisted/persisted-state.ts';
import type {
  ChildExit,
  Files,
  Launch,
  LaunchEvents,
  LaunchRequest,
  Marker,
  Processes,
  Program,
  SpawnedChild,
  TestEnd,
} from '../../src/job/ports.ts';
import { instancesOf } from '../../src/plan/instances.ts';
import type { JobStep } from '../../src/fleet/job-instance.ts';
import type { JobWorld } from '../../src/job/world.ts';
import type { Store } from '../../src/state/store.ts';
import { FakeClock } from './fake-clock.ts';
import { LEAST_JOB } from './least-job.ts';
import { leastWorld } from './least-world.ts';

/** A child of the system: it outlives the daemon that launched it. */
interface Living {
  readonly instance: string;
  readonly pid: number;
  isReleased: boolean;
  readonly on: { events: LaunchEvents | null };
}

/**
 * A fleet in a system that starts every child at once and ends it at its first signal, but for those of
 * `stubborn`. What happens is told in `story`. `crash` loses the daemon alone.
 */
export class FleetStage {
  readonly clock = new FakeClock();
  readonly story: string[] = [];
  readonly log: string[] = [];
  readonly forgotten: string[] = [];
  /** Names of instances that only SIGKILL ends. */
  readonly stubborn = new Set<string>();
  /** What the disk answers to a write. */
  refusal: Error | null = null;
  /** What the test of each job says. */
  readonly verdicts = new Map<string, number>();
  /** Why the test of each of these cannot be started. */
  readonly untestable = new Map<string, string>();
  /** Jobs whose test does not end by itself. */
  readonly endless = new Set<string>();
  /** What hears of the files that are watched, by their globs. */
  readonly watching = new Map<string, Parameters<Files['watch']>[1]>();
  /** The hooks that were begun. */
  readonly hooks: {
    readonly said: string;
    readonly env: Program['env'];
    readonly end: (end?: Partial<TestEnd>) => void;
  }[] = [];
  /** By what signs each search for left-over processes looks. */
  readonly searches: Marker[] = [];
  readonly records = new Map<string, unknown>();
  /** Why the children of these instances cannot be started. */
  readonly unlaunchable = new Map<string, { readonly detail: string; readonly lasting: boolean }>();
  readonly #living = new Map<number, Living>();
  #lastPid = 100;
  /** Told of each step; a daemon would note it. */
  onStep: (name: string, step: JobStep) => void = () => undefined;
  /** Somebody is shown every step. */
  isShown = false;
  fleet!: Fleet;
  kept!: PersistedState;
  world!: JobWorld;

  constructor() {
    this.#begin();
  }

  /** Gives the fleet these jobs, each of the least config and what is said of it; others are removed. */
  async apply(jobs: Readonly<Record<string, Partial<Job>>>): Promise<void> {
    const whole = Object.entries(jobs).map(([name, job]): Job => ({
      ...LEAST_JOB,
      name,
      startMs: 0,
      ...job,
    }));
    const asked = instancesOf({ jobs: whole });
    const names = new Set(asked.map(({ name }) => name));
    const removed = this.fleet.all.flatMap(({ name }) => (names.has(name) ? [] : [name]));
    this.fleet.apply({ asked, removed });
    await this.settle();
  }

  /** Lets everything happen that needs no time but this much. */
  async settle(ms = 1): Promise<void> {
    for (let turn = 0; turn < 40; turn += 1) {
      this.clock.advance(turn === 0 ? ms : 0);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** The daemon is gone, its children live on; another one comes. */
  crash(): void {
    this.fleet.leave();
    for (const each of this.#living.values()) each.on.events = null;
    for (const [pid, { isReleased }] of this.#living) if (!isReleased) this.#living.delete(pid);
    this.#begin();
    this.fleet.restore();
  }

  /** A child ends by itself. */
  exit(instance: string, exit: ChildExit = { code: 0, signal: null }): void {
    const child = [...this.#living.values()].find((each) => each.instance === instance);
    if (child === undefined) throw new Error(`${instance} has no child`);
    this.#living.delete(child.pid);
    this.story.push(`${instance} exits`);
    child.on.events?.exited(exit, null);
  }

  /** The instances that have a child, in their order. */
  get alive(): readonly string[] {
    return [...this.#living.values()].map(({ instance }) => instance).toSorted();
  }

  get states(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.fleet.all.map(({ name, state }) => [name, state]));
  }

  /** The story since it was asked for last. */
  told(): readonly string[] {
    return this.story.splice(0);
  }

  #begin(): void {
    const { clock } = this;
    const log = { line: (text: string) => void this.log.push(text) };
    this.world = {
      ...leastWorld(clock, this.#processes()),
      files: {
        watch: ({ globs }, on) => {
          this.watching.set(globs.join(), on);
          return { renew: () => undefined, end: () => void this.watching.delete(globs.join()) };
        },
      },
      logPath: (name) => `/logs/${name}`,
      exits: (name) => `/exits/${name}`,
      stdin: (name) => `/stdin/${name}`,
    };
    const folder = { id: 'f', isCopy: false, record: 'f', boot: 'b' };
    this.kept = new PersistedState({ store: this.#store(), folder, clock, log });
    this.fleet = new Fleet({
      world: this.world,
      kept: this.kept,
      log,
      describe: (_, { event }) => `after ${event.type}`,
      onStep: (name, step) => this.onStep(name, step),
      isShown: () => this.isShown,
      onForget: (name) => this.forgotten.push(name),
    });
  }

  /** Each daemon reads what the last one has put, as from a file. */
  #store(): Store {
    const refuse = (): void => {
      if (this.refusal !== null) throw this.refusal;
    };
    return {
      entries: () => new Map(structuredClone([...this.records])),
      put: (key, value) => {
        refuse();
        this.records.set(key, JSON.parse(JSON.stringify(value)));
      },
      delete: (key) => {
        refuse();
        this.records.delete(key);
      },
      sync: () => Promise.resolve(),
      bytes: 0,
      close: () => undefined,
    };
  }

  #processes(): Partial<Processes> {
    return {
      clear: (marker, done) => {
        this.searches.push(marker);
        done();
      },
      forgetStdin: () => undefined,
      launch: (request, on) => this.#launch(request, on),
      runTest: (program, done, begun) => {
        begun?.();
        const { OVERSEER_STATE: state } = program.env;
        if (state !== undefined) return this.#hook(program, done);
        const name = program.env['OVERSEER_JOB'] ?? '';
        const error = this.untestable.get(name) ?? null;
        const code = error === null ? (this.verdicts.get(name) ?? 0) : null;
        const end: TestEnd = { code, signal: null, error, output: '' };
        if (this.endless.has(name)) return { end: () => done({ ...end, code: null, signal: 'SIGKILL' }) };
        queueMicrotask(() => done(end));
        return { end: () => undefined };
      },
      look: ({ pid }) => (this.#living.has(pid) ? 'alive' : 'gone'),
      ownsGroup: ({ pid }) => this.#living.has(pid),
      startedAt: () => null,
      recordedExit: () => null,
      signal: ({ pid }, signal) => this.#signal(pid, signal),
      signalAll: ({ pid }, _marker, signal) => void this.#signal(pid, signal),
    };
  }

  /** Hooks end when the test says so. */
  #hook({ exe, env }: Program, done: (end: TestEnd) => void): { end(): void } {
    let isOver = false;
    const conclude = (end: Partial<TestEnd> = {}): void => {
      if (!isOver) done({ code: 0, signal: null, error: null, output: '', ...end });
      isOver = true;
    };
    const instance = `${env['OVERSEER_JOB']}${env['OVERSEER_INSTANCE'] === undefined ? '' : `@${env['OVERSEER_INSTANCE']}`}`;
    const said = `${instance} ${exe}: ${env['OVERSEER_FROM']} -> ${env['OVERSEER_STATE']}`;
    this.hooks.push({ said, env, end: conclude });
    return {
      end: () => {
        this.story.push(`${exe} is killed`);
        conclude({ code: null, signal: 'SIGKILL' });
      },
    };
  }

  #launch({ env }: LaunchRequest, events: LaunchEvents): Launch {
    const number = env['OVERSEER_INSTANCE'];
    const instance = `${env['OVERSEER_JOB']}${number === undefined ? '' : `@${number}`}`;
    this.#lastPid += 1;
    const pid = this.#lastPid;
    const child: SpawnedChild = { pid, start: `s${pid}`, boot: 'b' };
    const living: Living = { instance, pid, isReleased: false, on: { events } };
    this.#living.set(pid, living);
    const refusal = this.unlaunchable.get(instance);
    if (refusal !== undefined) this.#living.delete(pid);
    queueMicrotask(() =>
      refusal === undefined ? living.on.events?.spawned(child) : living.on.events?.failed(refusal),
    );
    return {
      release: () => {
        living.isReleased = true;
        this.story.push(`${instance} runs`);
      },
      cancel: (gone) => {
        if (!living.isReleased) this.#living.delete(pid);
        gone?.();
      },
    };
  }

  #signal(pid: number, signal: string): 'sent' | 'gone' {
    const child = this.#living.get(pid);
    if (child === undefined) return 'gone';
    const ends = signal === 'SIGKILL' || (signal === 'SIGTERM' && !this.stubborn.has(child.instance));
    if (signal !== 'SIGCONT') this.story.push(`${child.instance} gets ${signal}`);
    if (!ends) return 'sent';
    this.#living.delete(pid);
    child.on.events?.exited({ code: null, signal }, null);
    return 'sent';
  }
}
