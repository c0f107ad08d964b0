import type { SnapshotFrom } from 'xstate';
import type { DaemonEffect, DaemonResult } from '../../machines/daemon.ts';
import { daemonMachine } from '../../machines/daemon.ts';
import type { Homes } from '../homes.ts';
import type { Step } from '../host/chart-host.ts';
import { ChartHost } from '../host/chart-host.ts';
import type { Timer } from '../host/clock.ts';
import { every } from '../host/every.ts';
import { messageOf, stackOf } from '../host/net.ts';
import { traceRecord } from '../host/trace.ts';
import type { JobWorld } from '../job/world.ts';
import type { JobLog } from '../job/logs/log-keeper.ts';
import { VERSION } from '../version.ts';
import type { Died, Reply, Report, Request } from '../wire/messages.ts';
import { WIRE_VERSION } from '../wire/messages.ts';
import type { Listener } from '../wire/server.ts';
import { SHUTTING_DOWN } from '../wire/shutting-down.ts';
import { INSTANCE, TOKEN } from '../wire/socket-file.ts';
import { EventFeed } from './feeds/event-feed.ts';
import { Fleet } from '../fleet/fleet.ts';
import { History } from './feeds/history.ts';
import { Inspections } from './feeds/inspections.ts';
import { testMark } from '../job/environment.ts';
import { jobWorld } from './job-world.ts';
import type { JobInstance } from '../fleet/job-instance.ts';
import { PersistedState } from '../fleet/persisted-state.ts';
import type { DaemonPorts } from './ports.ts';
import { progressReporter } from './requests/progress.ts';
import type { PublishedSocket } from './published-socket.ts';
import type { Asker } from './requests/context.ts';
import { Requests } from './requests/requests.ts';
import { stepDetail } from './feeds/step-detail.ts';

/** How long kept jobs rest after a start, so that the first request, mostly a trigger, finds them as they were left. */
const REST_MS = 2_000;

/** How often a socket file or a data folder that somebody removed is looked for. */
const RENEW_MS = 1_000;

export interface DaemonOptions {
  readonly ports: DaemonPorts;
  readonly homes: Homes;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The umask that jobs inherit. */
  readonly umask: number;
}

interface Admitted {
  readonly id: number;
  readonly request: Request;
  readonly peer: Asker;
  /** Of the daemon itself, such as a signal. */
  readonly isOwn: boolean;
}

/** What is there once the data folder is ours. */
interface Services {
  readonly kept: PersistedState;
  readonly fleet: Fleet;
  readonly requests: Requests;
  readonly logs: { end(): void };
}

/** `overseerd`: the daemon chart at work. */
export class Daemon {
  readonly #options: DaemonOptions;
  readonly #host: ChartHost<typeof daemonMachine>;
  readonly #startedAt: string;
  readonly #history: History;
  readonly #feed = new EventFeed();
  readonly #inspections: Inspections;
  readonly #queue: Admitted[] = [];
  #requestCount = 0;
  #current: Admitted | null = null;
  #answer: Promise<Reply> | null = null;
  #ground: Services | null = null;
  #listener: Listener | null = null;
  #socket: PublishedSocket | null = null;
  #socketFailure: string | null = null;
  #holdsLock: () => boolean = () => true;
  /** What of the state was lost, until a trigger is there to hear it. */
  #damage: readonly string[] = [];
  #isWaiting = false;
  #renewal: Timer | null = null;
  #onDone: (result: DaemonResult) => void = () => undefined;
  /** Another daemon serves this data folder: nothing is wrong, there is just nothing to do. */
  isBusy = false;

  constructor(options: DaemonOptions) {
    this.#options = options;
    const { clock, log } = options.ports;
    this.#inspections = new Inspections(clock);
    this.#history = new History(clock);
    this.#startedAt = new Date(clock.wall()).toISOString();
    this.#host = new ChartHost({
      machine: daemonMachine,
      clock,
      keep: (step) => {
        const { event, before, after } = step;
        options.ports.trace?.(traceRecord('daemon', `${options.ports.pid}`, step));
        if (event.type !== 'xstate.init' || before !== null)
          log.line(`daemon ${event.type} ${String(before?.value)} -> ${String(after.value)}`);
        this.#noteOwn(step);
        this.#inspections.note('daemon', String(options.ports.pid), step);
      },
      perform: (effect, after) => this.#perform(effect as DaemonEffect, after),
    });
  }

  #noteOwn({ event, before, after }: Step<typeof daemonMachine>): void {
    const { clock, pid } = this.#options.ports;
    this.#feed.note({
      at: new Date(clock.wall()).toISOString(),
      machine: 'daemon',
      id: String(pid),
      job: null,
      event: event.type,
      from: before === null ? '' : String(before.value),
      to: String(after.value),
      detail: after.value === 'ProcessRequest' ? (after.context.request?.name ?? '') : '',
    });
  }

  /** Resolves when the chart is done. */
  run(): Promise<DaemonResult> {
    return new Promise((resolve) => {
      this.#onDone = resolve;
      this.#host.begin(undefined);
    });
  }

  /** Puts a request of the daemon's own in the queue, as if a client had sent it; nobody waits for its answer. */
  ask(request: Request, reply: (reply: Reply) => void = () => undefined): void {
    this.#admit(request, { reply, onGone: () => undefined }, true);
  }

  /** What a shutdown still waits for is killed; without one nothing happens. */
  hurry(): void {
    if (this.#host.snapshot.matches('Exit')) this.#ground?.fleet.killAll();
  }

  #perform(effect: DaemonEffect, { context }: SnapshotFrom<typeof daemonMachine>): void {
    switch (effect) {
      case 'initHomes':
        return this.#try(this.#initHomes());
      case 'openSocket':
        return this.#try(this.#openSocket());
      case 'receiveRequest':
        return this.#receiveRequest();
      case 'processRequest':
        return this.#processRequest();
      case 'sendResponse':
        return this.#sendResponse();
      case 'shutDown':
        return this.#try(this.#shutDown(context.result));
      case 'end':
        return this.#onDone(context.result);
      default:
        return effect satisfies never;
    }
  }

  /** Without this work the daemon is none: a bug in it is a failure of the daemon, so that it ends and says so. */
  #try(work: Promise<void>): void {
    work.catch((error: unknown) => {
      this.bug(error);
      this.#host.post({ type: 'Failure', detail: `a bug of overseer's: ${messageOf(error)}` });
    });
  }

  async #initHomes(): Promise<void> {
    const { ports } = this.#options;
    const { log } = ports;
    const result = await ports.initHomes();
    if (!result.ok) {
      this.isBusy = result.isBusy;
      return this.#host.post({ type: 'Failure', detail: result.detail });
    }
    for (const note of result.notes) log.line(`state: ${note}`);
    this.#damage = result.damage;
    this.#holdsLock = result.holdsLock;
    const { store, folder, holdsLock } = result;
    this.#ground = this.#startServices(
      new PersistedState({ store, folder, holdsFolder: holdsLock, clock: this.#options.ports.clock, log }),
      folder.id,
    );
    this.#host.post({ type: 'Success' });
  }

  #startServices(kept: PersistedState, folderId: string): Services {
    const { homes, environment, umask, ports } = this.#options;
    const { log } = ports;
    const world = jobWorld({ homes, environment, umask, folderId, ports });
    const fleet = new Fleet({
      world,
      kept,
      log,
      onStep: (name, step) => {
        ports.trace?.(traceRecord('job', name, step));
        const { name: job, tags } = fleet.get(name)?.job ?? { name, tags: [] };
        this.#inspections.note('job', name, step, { job, tags });
        const entry = this.#history.note(name, step);
        if (entry === null) return;
        log.line(`job ${name} ${entry.event} ${entry.from} -> ${entry.to}`);
        this.#feed.note({ ...entry, machine: 'job', id: name, job, detail: stepDetail(step) });
      },
      onForget: (name) => this.#history.forget(name),
    });
    fleet.restore();
    world.processes.endOrphanedTests(testMark(folderId));
    const logs = ports.keepLogs(() => logsOf(fleet, world));
    const daemon = () => ({
      pid: ports.pid,
      port: this.#listener?.port ?? 0,
      version: VERSION,
      startedAt: this.#startedAt,
    });
    const requests = new Requests({
      fleet,
      world,
      history: this.#history,
      feed: this.#feed,
      inspections: this.#inspections,
      chart: () => ({
        machine: 'daemon',
        id: String(ports.pid),
        job: '',
        tags: [],
        snapshot: this.#host.snapshot,
      }),
      readConfig: (dir) => ports.readConfig(dir),
      isEnding: () => this.#host.snapshot.matches('Exit') || this.#host.snapshot.status === 'done',
      daemon,
      kept,
    });
    return { kept, fleet, requests, logs };
  }

  async #openSocket(): Promise<void> {
    const { ports } = this.#options;
    const { log } = ports;
    const secrets = { token: ports.random(TOKEN.bytes), instance: ports.random(INSTANCE.bytes) };
    try {
      this.#listener = await ports.listen({
        ...secrets,
        program: VERSION,
        onRequest: (request, peer) => this.#admit(request, peer),
        onPeerError: (why) => log.line(`peer: ${why}`),
        onFailure: (error) => this.#failSocket(error.message),
      });
      this.#socket = ports.publishSocket({
        version: WIRE_VERSION,
        host: '127.0.0.1',
        port: this.#listener.port,
        pid: ports.pid,
        ...secrets,
      });
    } catch (error) {
      return this.#host.post({ type: 'Failure', detail: (error as Error).message });
    }
    const socket = this.#socket;
    this.#renewal = every(this.#options.ports.clock, RENEW_MS, () => this.#renew(socket));
    this.#resumeLater();
    this.#host.post({ type: 'Success' });
  }

  /** A trigger whose config is still being read finds the jobs as they were left, too. */
  #resumeLater(): void {
    this.#options.ports.clock.after(REST_MS, () => {
      if (this.#ground?.requests.isReading === true) this.#resumeLater();
      else this.#ground?.fleet.resume();
    });
  }

  #renew(socket: PublishedSocket): void {
    // Whoever took the folder's place has it: the jobs are theirs to adopt.
    if (!this.#holdsLock()) return this.#failSocket('the data folder was removed or replaced');
    if (!socket.renew())
      this.#options.ports.log.line('socket: the socket file is gone and cannot be written again');
  }

  #failSocket(detail: string): void {
    this.#renewal?.clear();
    this.#socketFailure = detail;
    if (this.#isWaiting) this.#receiveRequest();
  }

  #admit(request: Request, peer: Asker, isOwn = false): void {
    if (this.#host.snapshot.matches('Exit') && request.name !== 'DIE') {
      return peer.reply(SHUTTING_DOWN);
    }
    this.#requestCount += 1;
    this.#queue.push({ id: this.#requestCount, request, peer, isOwn });
    if (this.#isWaiting) this.#receiveRequest();
  }

  /** Takes the next request in the order of their arrival, or waits for one. */
  #receiveRequest(): void {
    this.#isWaiting = false;
    if (this.#socketFailure !== null)
      return this.#host.post({ type: 'Failure', detail: this.#socketFailure });
    const next = this.#queue.shift();
    if (next === undefined) {
      this.#isWaiting = true;
      return;
    }
    this.#current = next;
    this.#host.post({ type: 'Success', request: { id: next.id, name: next.request.name } });
  }

  /** Decides at once; what a long request still has to do goes on while the next one is received. */
  #processRequest(): void {
    const { request, peer } = this.#current as Admitted;
    if (request.name === 'DIE') return this.#host.post({ type: 'DIE' });
    this.#answer = (this.#ground as Services).requests.handle(request, peer);
    this.#host.post({ type: 'Other' });
  }

  #sendResponse(): void {
    const { request, peer, isOwn } = this.#current as Admitted;
    this.#answer?.then(
      (reply) => (request.name === 'apply' && !isOwn ? this.#report(reply, peer) : peer.reply(reply)),
      (error: unknown) => {
        this.bug(error);
        peer.reply({ kind: 'refusal', refusal: { code: 'internal', message: inBugWords(error) } });
      },
    );
    this.#current = null;
    this.#host.post(
      this.#socketFailure === null ? { type: 'Success' } : { type: 'Failure', detail: this.#socketFailure },
    );
  }

  /** The first trigger that gets a report hears with it what was lost of the state. */
  #report(reply: Reply, peer: Asker): void {
    if (reply.kind !== 'answer' || this.#damage.length === 0) return peer.reply(reply);
    const notes = this.#damage;
    this.#damage = [];
    peer.reply({ ...reply, answer: { ...(reply.answer as Report), notes } });
  }

  /** Only a `DIE` takes the jobs down; a daemon that fails leaves them to the next one. */
  async #shutDown(result: DaemonResult): Promise<void> {
    const { log } = this.#options.ports;
    const died =
      this.#ground === null
        ? null
        : await this.#leaveJobs(this.#ground, result.ok ? this.#keepsJobs() : true);
    // Whoever hears that it has ended may look at once: by then the socket file is gone.
    this.#renewal?.clear();
    const trouble = this.#socket?.remove() ?? null;
    this.#socket = null;
    if (died !== null) this.#answerDie(died);
    await this.#listener?.close();
    if (trouble !== null) log.line(`socket: the socket file cannot be removed: ${trouble}`);
    this.#host.post(trouble === null ? { type: 'Success' } : { type: 'Failure', detail: trouble });
  }

  #keepsJobs(): boolean {
    const request = this.#current?.request;
    return request?.name === 'DIE' && request.keepJobs;
  }

  async #leaveJobs({ fleet, kept, logs }: Services, keepsJobs: boolean): Promise<Died> {
    const up = fleet.all.filter(({ isUp }) => isUp).map(({ name }) => name);
    if (!keepsJobs) {
      fleet.resume();
      fleet.takeDown(
        fleet.all.map(({ name }) => name),
        'Die',
      );
      const left = (): readonly JobInstance[] => fleet.all.filter(({ isUp, isTesting }) => isUp || isTesting);
      const tell = progressReporter(left().length, (progress) =>
        this.#tellDying({ kind: 'progress', progress }),
      );
      await fleet.until(() => {
        const pending = left();
        tell(pending.map(({ name, state }) => ({ job: name, state })));
        return pending.length === 0;
      });
    }
    fleet.leave();
    logs.end();
    this.#feed.end();
    this.#inspections.end();
    if (!(await kept.sync())) this.#options.ports.log.line('state: the last changes may not be on the disk');
    kept.close();
    return keepsJobs ? { stopped: [], kept: up } : { stopped: up, kept: [] };
  }

  #tellDying(progress: Reply): void {
    for (const { request, peer } of this.#asking()) if (request.name === 'DIE') peer.reply(progress);
  }

  #asking(): readonly Admitted[] {
    return [this.#current, ...this.#queue].filter((admitted) => admitted !== null);
  }

  /** Whoever asked for just this end is told of it; everybody else has to ask again. */
  #answerDie(answer: Died): void {
    const { result } = this.#host.snapshot.context;
    const isHeeded = (request: Request): boolean =>
      result.ok && request.name === 'DIE' && request.keepJobs === this.#keepsJobs();
    for (const { request, peer } of this.#asking()) {
      peer.reply(isHeeded(request) ? { kind: 'answer', answer } : SHUTTING_DOWN);
    }
  }

  /** An exception that belongs to no job: said in full, with the chart as it was. Every job is supervised as before. */
  bug(error: unknown): void {
    this.#options.ports.log.line(`bug: ${stackOf(error)}; daemon in ${this.#stateInWords()}`);
  }

  #stateInWords(): string {
    return this.#host.hasBegun ? String(this.#host.snapshot.value) : 'no state';
  }
}

const inBugWords = (error: unknown): string =>
  `a bug of overseer's: ${messageOf(error)}; overseerd.log in the data folder says where, please report it`;

function logsOf(fleet: Fleet, world: JobWorld): readonly JobLog[] {
  return fleet.all.map((instance) => {
    const { child } = instance.snapshot.context;
    const writer =
      child === null
        ? null
        : {
            pgid: child.pid,
            since: Date.parse(child.at),
            isOurs: () => instance.ownsGroup(child),
            isOvertaken: () => instance.hasLaterChild(child),
          };
    return {
      path: world.logPath(instance.name),
      policy: instance.job.log,
      child: writer,
      within: (work: () => void) => instance.within(work),
    };
  });
}
