import type { SnapshotFrom } from 'xstate';
import type { DaemonEffect, DaemonResult } from '../../machines/daemon.ts';
import { daemonMachine } from '../../machines/daemon.ts';
import type { Step } from '../host/chart-host.ts';
import { ChartHost } from '../host/chart-host.ts';
import { messageOf, stackOf } from '../host/net.ts';
import { RecurringLines } from '../host/recurring-lines.ts';
import { traceRecord } from '../host/trace.ts';
import { VERSION } from '../version.ts';
import type { DaemonStatus, Died, Reply, Request } from '../wire/messages.ts';
import { EventFeed } from './feeds/event-feed.ts';
import { Inspections } from './feeds/inspections.ts';
import { endLine, requestLine } from './feeds/log-lines.ts';
import type { DaemonOptions } from './ports.ts';
import { RequestLoop } from './serving/request-loop.ts';
import { ServedSocket } from './serving/served-socket.ts';
import { endServices, startServices, type Feeds, type Services } from './serving/services.ts';

/**
 * Restored jobs stay untouched this long after start-up, so that the first request, mostly a trigger, sees
 * them unchanged.
 */
const REST_MS = 2_000;

/** `overseerd`: runs the daemon chart and performs its effects. */
export class Daemon {
  readonly #options: DaemonOptions;
  readonly #host: ChartHost<typeof daemonMachine>;
  readonly #startedAt: string;
  readonly #feeds: Feeds;
  readonly #loop: RequestLoop;
  readonly #recurring: RecurringLines;
  #services: Services | null = null;
  #socket: ServedSocket | null = null;
  #holdsLock: () => boolean = () => true;
  #onDone: (result: DaemonResult) => void = () => undefined;
  /** Another daemon serves this data folder, so this one has nothing to do; that is no error. */
  isBusy = false;

  constructor(options: DaemonOptions) {
    this.#options = options;
    const { clock, log } = options.ports;
    this.#recurring = new RecurringLines(clock, (line) => log.line(line));
    this.#feeds = {
      feed: new EventFeed(),
      inspections: new Inspections(clock),
    };
    this.#loop = new RequestLoop({
      post: (event) => this.#host.post(event),
      isExiting: () => this.#host.snapshot.matches('Exit'),
      requests: () => (this.#services as Services).requests,
      onAdmitted: (request, by) => this.#log(requestLine(request, by)),
      onBug: (error) => this.bug(error),
    });
    this.#startedAt = new Date(clock.wall()).toISOString();
    this.#host = new ChartHost({
      machine: daemonMachine,
      clock,
      keep: (step) => this.#note(step),
      perform: (effect, after) => this.#perform(effect as DaemonEffect, after),
    });
  }

  /** Resolves when the chart is done. */
  run(): Promise<DaemonResult> {
    return new Promise((resolve) => {
      this.#onDone = resolve;
      this.#host.begin(undefined);
    });
  }

  /** Queues a request of the daemon itself, as if a client had sent it; `by` names the cause. */
  ask(request: Request, by: string, reply: (reply: Reply) => void = () => undefined): void {
    this.#loop.admit(request, { reply, client: null, onGone: () => undefined }, by);
  }

  /** Kills the jobs that a shutdown still waits for; without a shutdown, does nothing. */
  hurry(): void {
    if (this.#host.snapshot.matches('Exit')) this.#services?.fleet.killAll();
  }

  /**
   * Logs an exception that belongs to no job, with the state of the chart. Every job is supervised as before.
   */
  bug(error: unknown): void {
    const state = this.#host.hasBegun ? String(this.#host.snapshot.value) : 'no state';
    this.#recurring.say(`bug: ${stackOf(error)}; daemon in ${state}`, messageOf(error));
  }

  #log(line: string | null): void {
    if (line !== null) this.#options.ports.log.line(line);
  }

  #note(step: Step<typeof daemonMachine>): void {
    const { event, before, after } = step;
    const { clock, pid, trace } = this.#options.ports;
    const [from, to] = [before === null ? '' : String(before.value), String(after.value)];
    trace?.(traceRecord('daemon', `${pid}`, step));
    this.#feeds.feed.note({
      at: new Date(clock.wall()).toISOString(),
      machine: 'daemon',
      id: String(pid),
      job: null,
      event: event.type,
      from,
      to,
      detail: after.value === 'ProcessRequest' ? (after.context.request?.name ?? '') : '',
    });
    this.#feeds.inspections.note('daemon', String(pid), step);
  }

  #perform(effect: DaemonEffect, { context }: SnapshotFrom<typeof daemonMachine>): void {
    switch (effect) {
      case 'initHomes':
        return this.#try(this.#initHomes());
      case 'openSocket':
        return this.#try(this.#openSocket());
      case 'receiveRequest':
        return this.#loop.receive();
      case 'processRequest':
        return this.#loop.process();
      case 'sendResponse':
        return this.#loop.send();
      case 'shutDown':
        return this.#try(this.#shutDown(context.result));
      case 'end':
        if (!this.isBusy) this.#log(endLine(context.result));
        return this.#onDone(context.result);
      default:
        return effect satisfies never;
    }
  }

  /**
   * The daemon cannot work without these effects: a bug in one of them is a failure, so that the daemon ends
   * and says why.
   */
  #try(work: Promise<void>): void {
    work.catch((error: unknown) => {
      this.bug(error);
      this.#host.post({ type: 'Failure', detail: `a bug of overseer's: ${messageOf(error)}` });
    });
  }

  async #initHomes(): Promise<void> {
    const { ports } = this.#options;
    const home = await ports.initHomes();
    if (!home.ok) {
      this.isBusy = home.isBusy;
      return this.#host.post({ type: 'Failure', detail: home.detail });
    }
    for (const note of home.notes) ports.log.line(`state: ${note}`);
    this.#loop.reportDamage(home.damage);
    this.#holdsLock = home.holdsLock;
    this.#services = startServices({
      ...this.#options,
      home,
      feeds: this.#feeds,
      daemon: () => this.#status(),
      chart: () => ({
        machine: 'daemon',
        id: String(ports.pid),
        job: '',
        tags: [],
        snapshot: this.#host.snapshot,
      }),
      isEnding: () => this.#host.snapshot.matches('Exit') || this.#host.snapshot.status === 'done',
    });
    this.#host.post({ type: 'Success' });
  }

  #status(): DaemonStatus {
    const { pid } = this.#options.ports;
    return { pid, port: this.#socket?.port ?? 0, version: VERSION, startedAt: this.#startedAt };
  }

  async #openSocket(): Promise<void> {
    this.#socket = new ServedSocket({
      ports: this.#options.ports,
      holdsLock: () => this.#holdsLock(),
      onRequest: (request, peer) => this.#loop.admit(request, peer),
      onFailure: (detail) => this.#loop.failSocket(detail),
    });
    const refusal = await this.#socket.open();
    if (refusal !== null) return this.#host.post({ type: 'Failure', detail: refusal });
    const { homes, ports } = this.#options;
    this.#log(`overseer ${VERSION} serves ${homes.data} at port ${this.#socket.port}, pid ${ports.pid}`);
    this.#resumeLater();
    this.#host.post({ type: 'Success' });
  }

  /** The jobs stay untouched while the config of a trigger is being read. */
  #resumeLater(): void {
    this.#options.ports.clock.after(REST_MS, () => {
      if (this.#services?.requests.isReading === true) this.#resumeLater();
      else this.#services?.fleet.resume();
    });
  }

  /** Only a `DIE` stops the jobs; a daemon that fails leaves them to the next one. */
  async #shutDown(result: DaemonResult): Promise<void> {
    const { log } = this.#options.ports;
    const died = this.#services === null ? null : await this.#end(this.#services, result);
    // A client may look for the socket file as soon as it hears that the daemon has ended, so the file goes
    // first.
    const refusal = this.#socket?.unpublish() ?? null;
    if (died !== null) this.#loop.answerDie(died, this.#host.snapshot.context.result.ok);
    await this.#socket?.close();
    if (refusal !== null) log.line(`socket: the socket file cannot be removed: ${refusal}`);
    this.#host.post(refusal === null ? { type: 'Success' } : { type: 'Failure', detail: refusal });
  }

  async #end(services: Services, result: DaemonResult): Promise<Died> {
    const { died, isPersisted } = await endServices(services, this.#feeds, {
      keepJobs: !result.ok || this.#loop.keepsJobs,
      onProgress: (progress) => this.#loop.reportEnding(progress),
      clock: this.#options.ports.clock,
    });
    if (!isPersisted) this.#options.ports.log.line('state: the last changes may not be on the disk');
    return died;
  }
}
