import type { JobEvent, JobSnapshot } from '../../machines/job.ts';
import type { InitHomesResult } from '../../src/daemon/init-homes.ts';
import type { DaemonPorts } from '../../src/daemon/ports.ts';
import type { Clock, Turns } from '../../src/host/clock.ts';
import { LogKeeper, type LogKeeperOptions } from '../../src/job/logs/log-keeper.ts';
import type { Store } from '../../src/state/store.ts';
import type { ChildExit, Files } from '../../src/job/ports.ts';
import { realFiles } from '../../src/job/watch/real-files.ts';
import { WatchTree } from '../../src/job/watch/watch-tree.ts';
import { isOurs } from '../../src/data-folder.ts';
import type { ListenOptions } from '../../src/wire/server.ts';
import { configurationInWords, type TraceRecord } from '../../src/host/trace.ts';
import { memoryHistory } from '../support/memory-history.ts';
import { NO_LOGS } from '../support/no-logs.ts';
import type { Incarnation } from './incarnation.ts';
import { DATA, HOME } from './sim-os.ts';
import { simStore } from './sim-store.ts';
import type { World } from './world.ts';

export const HOMES = { data: DATA, home: HOME };

/** Everything of the world that one daemon touches. */
export class SimPorts {
  readonly #world: World;
  readonly #daemon: Incarnation;
  readonly #call: Incarnation['call'];
  #timers = 0;

  constructor(world: World, daemon: Incarnation) {
    this.#world = world;
    this.#daemon = daemon;
    this.#call = (name, ifDead, act) => daemon.call(name, ifDead, act);
  }

  /** Timers that are set and not cleared. */
  get timers(): number {
    return this.#timers;
  }

  get all(): DaemonPorts {
    const random = this.#world.random('secrets', this.#daemon.number);
    return {
      clock: this.#clock,
      turns: this.#turns,
      processes: this.#daemon.processes.port,
      probes: this.#daemon.surroundings.probes,
      files: this.#files,
      log: { line: (text) => this.#hear(text) },
      trace: (record) => this.#see(record),
      history: memoryHistory(),
      pid: 10_000 + this.#daemon.number,
      random: (bytes) => Array.from({ length: bytes * 2 }, () => random.int(0, 15).toString(16)).join(''),
      initHomes: () => this.#call('initHomes', BUSY, () => this.#initHomes()),
      listen: (options) => this.#call('listen', never(), () => this.#listen(options)),
      publishSocket: () => this.#call('publishSocket', NO_SOCKET, () => this.#publish()),
      readConfig: () =>
        this.#call('readConfig', { ok: false, files: [], problems: [] }, () => this.#world.readConfig()),
      realPath: (path) => path,
      watchHome: () => null,
      keepLogs: (logOf) => (this.#world.logs.isKept ? this.#keepLogs(logOf) : NO_LOGS),
    };
  }

  get #files(): Files {
    const files = realFiles(
      { data: DATA, isOurs },
      {
        calls: this.#world.tree.of(this.#daemon, this.#clock),
        load: () => Promise.resolve({ WatchTree }),
      },
    );
    const ifDead = { renew: () => undefined, end: () => undefined };
    return {
      watch: (request, on) =>
        this.#daemon.jobCall('watch', ifDead, () => {
          const watching = files.watch(request, on);
          return {
            renew: () => watching.renew(),
            end: () => this.#daemon.jobCall('unwatch', undefined, () => watching.end()),
          };
        }),
    };
  }

  #keepLogs(logOf: LogKeeperOptions['logOf']): LogKeeper {
    const { files, logs } = this.#world;
    return new LogKeeper({
      clock: this.#clock,
      os: this.#daemon.processes.os,
      log: { line: (text) => this.#hear(text) },
      logOf,
      writers: this.#daemon.processes.writers,
      disk: files.of(this.#daemon),
      watch: (path, on) => files.watch(this.#daemon, path, on),
      pause: ({ pgid, isOurs = () => true }) => logs.pause(this.#daemon, pgid, isOurs),
    });
  }

  get #clock(): Clock {
    const { timeline } = this.#world;
    return {
      monotonic: () => timeline.now,
      sinceBoot: () => timeline.now,
      wall: () => this.#world.wall(),
      after: (ms, callback) => this.#after(ms, callback),
    };
  }

  /** In half of the worlds each turn has room for little. */
  get #turns(): Turns {
    const { timeline } = this.#world;
    const isBusy = this.#world.random('busy', this.#daemon.number).chance(0.5);
    return {
      isSpent: () => isBusy && this.#world.random('turn', this.#world.nth('turn')).chance(0.3),
      next: (callback) =>
        void timeline.after(
          this.#world.random('next', this.#world.nth('next')).int(0, 20),
          () => this.#daemon.isAlive && callback(),
        ),
    };
  }

  #after(ms: number, callback: () => void): ReturnType<Clock['after']> {
    if (!this.#daemon.isAlive) return { clear: () => undefined };
    let isSet = true;
    this.#timers += 1;
    const unset = (): void => {
      if (isSet) this.#timers -= 1;
      isSet = false;
    };
    const timer = this.#world.timeline.after(ms, () => {
      unset();
      if (this.#daemon.isAlive) callback();
    });
    return {
      clear: () => {
        unset();
        timer.clear();
      },
    };
  }

  #initHomes(): InitHomesResult {
    if (this.#world.owner !== null) return BUSY;
    this.#world.owner = this.#daemon;
    this.#daemon.hasOwned = true;
    this.#world.watch.daemonBegan();
    return {
      ok: true,
      store: this.#store(),
      notes: [],
      damage: [],
      folder: { id: HOMES.data, isCopy: false, record: HOMES.data, boot: this.#world.table.bootId },
      holdsLock: () => true,
    };
  }

  #store(): Store {
    const store = simStore({
      disk: this.#world.disk,
      check: () => {
        if (this.#world.has('full')) throw refusal('ENOSPC', 'no space left on device, write');
      },
      syncTime: () => this.#syncTime(),
    });
    return {
      ...store,
      put: (key, value) => this.#call(`put ${key}`, undefined, () => this.#put(store, key, value)),
      delete: (key) => this.#call(`delete ${key}`, undefined, () => store.delete(key)),
      sync: () => this.#call('sync', never(), () => store.sync()),
      close: () => this.#call('close store', undefined, () => store.close()),
    };
  }

  #put(store: Store, key: string, value: unknown): void {
    const { configs } = this.#world.hooks;
    try {
      store.put(key, value);
      configs.written(key, value, { isRefused: false });
    } catch (error) {
      configs.written(key, value, { isRefused: true });
      throw error;
    }
  }

  #syncTime(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#world.timeline.after(this.#world.random('sync', this.#world.nth('sync')).int(1, 12), () => {
        if (!this.#daemon.isAlive) return;
        if (this.#world.has('noSync')) reject(refusal('EIO', 'i/o error, fdatasync'));
        else resolve();
      });
    });
  }

  #listen(options: ListenOptions): ReturnType<DaemonPorts['listen']> {
    const close = (): Promise<void> => this.#call('close', never(), () => this.#close());
    return new Promise((resolve) => {
      this.#world.timeline.after(1, () => {
        this.#daemon.listening = options;
        resolve({ port: 40_000 + this.#daemon.number, peers: 0, close });
      });
    });
  }

  #close(): Promise<void> {
    this.#daemon.listening = null;
    return new Promise((resolve) => {
      this.#world.timeline.after(2, () => {
        for (const connection of this.#daemon.connections) connection.end();
        resolve();
      });
    });
  }

  #publish(): ReturnType<DaemonPorts['publishSocket']> {
    this.#daemon.isPublished = true;
    return {
      renew: () => this.#call('renew', true, () => true),
      remove: () => this.#call('unpublish', null, () => this.#unpublish()),
    };
  }

  #unpublish(): null {
    this.#daemon.isPublished = false;
    return null;
  }

  /** A step of a chart: what leaves it where it was is no part of the story. */
  #see({ machine, id, event, before, after }: TraceRecord): void {
    if (!this.#daemon.isAlive) return;
    const { type } = event as { readonly type: string };
    if (machine === 'job' && before !== null) this.#world.rolls.stepped({ id, type, before, after });
    if (machine === 'job')
      this.#world.checks.stepped(id, event as JobEvent, {
        before: before as JobSnapshot | null,
        after: after as unknown as JobSnapshot,
      });
    if (machine === 'job' && type === 'Apply') this.#world.memory.changed(id);
    const file = machine === 'job' ? (event as { file?: string }).file : undefined;
    if (file !== undefined) this.#world.edits.restarted(id, file);
    if (machine === 'job')
      this.#world.hooks.stepped(id, event as JobEvent, {
        before: before as JobSnapshot | null,
        after: after as unknown as JobSnapshot,
      });
    const from = before === null ? '' : configurationInWords(before.value);
    const to = configurationInWords(after.value);
    // Also where the job is on its way down already: the request then only says that it comes back at once.
    if (machine === 'job' && HOLDS_A_REQUEST.includes(type)) this.#world.watch.reached(id);
    if (machine === 'job' && to.includes('.Spawning') && !from.includes('.Spawning'))
      this.#world.watch.decided(id);
    if (from !== to) this.#world.taken.set(`${machine} ${from} ${type} ${to}`, `${machine} ${to}`);
    // The daemon's own chart goes round with each request, which is told already.
    if (from === to || (machine === 'daemon' && (type === 'Success' || type === 'Other'))) return;
    this.#tell(() => `${machine}${machine === 'daemon' ? '' : ` ${id}`} ${type} ${from} -> ${to}`);
    if (machine === 'job' && type === 'OverMemory') this.#world.memory.stopped(id);
    if (machine === 'job' && type === 'GroupGone') this.#checkLanded(before as JobSnapshot | null);
    if (machine === 'job' && type === 'ChildExited')
      this.#world.watch.heard(id, event as unknown as ChildExit);
    if (machine === 'job' && (type === 'TestPassed' || type === 'TestFailed'))
      this.#world.unstartedTests.delete(id);
  }

  #checkLanded(before: JobSnapshot | null): void {
    const child = before?.context.child ?? null;
    if (child !== null) this.#world.logs.pipes.checkLanded(child, this.#daemon);
  }

  #tell(text: () => string): void {
    this.#world.story.tell(() => `  daemon ${this.#daemon.number}: ${text()}`);
  }

  #hear(text: string): void {
    if (!this.#daemon.isAlive) return;
    this.#tell(() => text);
    if (text.startsWith('bug:'))
      this.#world.violate(`the daemon takes this for a bug of its own: ${text.slice(5, 200)}`);
  }
}

const HOLDS_A_REQUEST: readonly string[] = ['Apply', 'Start', 'Restart'];

const BUSY: InitHomesResult = { ok: false, isBusy: true, detail: 'another daemon is there' };
const NO_SOCKET: ReturnType<DaemonPorts['publishSocket']> = { renew: () => true, remove: () => null };

function never(): Promise<never> {
  return new Promise(() => undefined);
}

function refusal(code: string, message: string): Error {
  return Object.assign(new Error(`${code}: ${message}`), { code, syscall: 'write' });
}
