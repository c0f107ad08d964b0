import type { Timer } from '../../host/clock.ts';
import { every } from '../../host/every.ts';
import { RecurringLines } from '../../host/recurring-lines.ts';
import { VERSION } from '../../version.ts';
import type { Request } from '../../wire/messages.ts';
import { WIRE_VERSION } from '../../wire/messages.ts';
import type { Listener } from '../../wire/server.ts';
import { INSTANCE, TOKEN } from '../../wire/socket-file.ts';
import type { DaemonPorts } from '../ports.ts';
import type { Asker } from '../requests/context.ts';
import type { PublishedSocket } from './published-socket.ts';

/** How often the daemon checks its socket file and its data folder, unless it can watch them. */
const CHECK_MS = 1_000;

/** Debounce: how long after a change the socket file is checked. */
const SOON_MS = 100;

const NO_SOCKET_FILE = 'socket: the socket file is gone and cannot be written again';

export interface ServedSocketOptions {
  readonly ports: DaemonPorts;
  /** False once another daemon holds the lock of the data folder, or the folder is gone. */
  readonly holdsLock: () => boolean;
  readonly onRequest: (request: Request, peer: Asker) => void;
  /** The socket cannot be served any more. */
  readonly onFailure: (detail: string) => void;
}

/** The listening socket and the socket file that leads clients to it. */
export class ServedSocket {
  readonly #options: ServedSocketOptions;
  readonly #recurring: RecurringLines;
  #listener: Listener | null = null;
  #published: PublishedSocket | null = null;
  #check: Timer | null = null;
  #watch: { readonly end: () => void } | null = null;

  constructor(options: ServedSocketOptions) {
    this.#options = options;
    const { clock, log } = options.ports;
    this.#recurring = new RecurringLines(clock, (line) => log.line(line));
  }

  get port(): number {
    return this.#listener?.port ?? 0;
  }

  /** Resolves with null, or with the reason why the socket cannot be opened. */
  async open(): Promise<string | null> {
    const { ports, onRequest } = this.#options;
    const secrets = { token: ports.random(TOKEN.bytes), instance: ports.random(INSTANCE.bytes) };
    try {
      this.#listener = await ports.listen({
        ...secrets,
        program: VERSION,
        onRequest,
        onPeerError: (why) => ports.log.line(`peer: ${why}`),
        onFailure: (error) => this.#fail(error.message),
      });
      this.#published = ports.publishSocket({
        version: WIRE_VERSION,
        host: '127.0.0.1',
        port: this.#listener.port,
        pid: ports.pid,
        ...secrets,
      });
    } catch (error) {
      return (error as Error).message;
    }
    this.#watchHome(this.#published);
    return null;
  }

  /** The watch is opened again after each change, because other folders may lie on the path now. */
  #watchHome(published: PublishedSocket): void {
    const { ports } = this.#options;
    this.#watch?.end();
    this.#watch = ports.watchHome(() => this.#checkSoon(published));
    if (this.#watch === null) this.#check = every(ports.clock, CHECK_MS, () => this.#renew(published));
  }

  #checkSoon(published: PublishedSocket): void {
    this.#check ??= this.#options.ports.clock.after(SOON_MS, () => {
      this.#check = null;
      this.#watchHome(published);
      this.#renew(published);
    });
  }

  #endChecks(): void {
    this.#watch?.end();
    this.#check?.clear();
  }

  /** Removes the socket file; returns why the disk refuses that, or null. */
  unpublish(): string | null {
    this.#endChecks();
    const refusal = this.#published?.remove() ?? null;
    this.#published = null;
    return refusal;
  }

  async close(): Promise<void> {
    await this.#listener?.close();
  }

  #renew(published: PublishedSocket): void {
    const { holdsLock } = this.#options;
    // Another daemon may have taken the data folder's place: then the jobs are its to adopt.
    if (!holdsLock()) return this.#fail('the data folder was removed or replaced');
    if (published.renew()) this.#recurring.forget(NO_SOCKET_FILE);
    else this.#recurring.say(NO_SOCKET_FILE);
  }

  #fail(detail: string): void {
    this.#endChecks();
    this.#options.onFailure(detail);
  }
}
