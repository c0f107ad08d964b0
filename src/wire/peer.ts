import { busy } from './busy.ts';
import { checkRequest } from './check-request.ts';
import { encodeReply, isLast, readAsked, type Client, type RequestId } from './envelope.ts';
import { frameBytes, type Decoded } from './frames.ts';
import type { Limits } from './limits.ts';
import type { Refusal, Reply, Request } from './messages.ts';

/** The client that waits for the answer to one request. */
export interface Peer {
  /**
   * Any kind but `progress` and `event` ends the request. Does nothing if the request has ended or the peer
   * has gone.
   */
  reply(reply: Reply): void;
  /** True once the peer can no longer be answered. */
  readonly gone: boolean;
  /** Who it is, where it has said so. */
  readonly client: Client | null;
  /** Called once when the peer leaves before its request has ended; at once if it has left already. */
  onGone(callback: () => void): void;
}

/** The writing side of a connection. */
export interface Outlet {
  readonly open: boolean;
  send(frame: Buffer): void;
  /** The connection has one of the places that are reserved for short requests. */
  readonly isGuest: boolean;
}

/** Whether a request keeps its connection open until the client ends it. */
function isLasting(request: Request): boolean {
  return (
    request.name === 'wait' || request.name === 'inspect' || (request.name === 'events' && request.follow)
  );
}

/** The requests in flight on one connection. */
export class RequestsInFlight {
  readonly #outlet: Outlet;
  readonly #limits: Limits;
  readonly #onRequest: (request: Request, peer: Peer) => void;
  readonly #inFlight = new Map<RequestId, PendingRequest>();

  constructor(outlet: Outlet, limits: Limits, onRequest: (request: Request, peer: Peer) => void) {
    this.#outlet = outlet;
    this.#limits = limits;
    this.#onRequest = onRequest;
  }

  get count(): number {
    return this.#inFlight.size;
  }

  /** Handles one complete frame of a proven peer. An invalid frame is refused; the connection stays open. */
  take(frame: Exclude<Decoded, { kind: 'broken' }>): void {
    if (frame.kind === 'unreadable') return this.#refuse(null, 'bad-request', frame.why);
    const asked = readAsked(frame.value);
    if (!asked.ok) return this.#refuse(null, 'bad-request', asked.why);
    // A refusal with the same number would end the earlier request.
    if (this.#inFlight.has(asked.id))
      return this.#refuse(null, 'bad-request', `request ${asked.id} has not been answered yet`);
    const check = checkRequest(asked.request);
    if (!check.ok) return this.#refuse(asked.id, 'bad-request', check.message);
    if (this.#outlet.isGuest && isLasting(check.request))
      return this.#outlet.send(encodeReply(asked.id, busy(this.#limits.provenPeers)));
    const most = this.#limits.requestsInFlight;
    if (this.count >= most)
      return this.#refuse(
        asked.id,
        'busy',
        `${most} requests are in flight on this connection; wait for an answer`,
      );
    this.#admit(asked.id, check.request, asked.client);
  }

  /** The peer left. */
  abandon(): void {
    const left = [...this.#inFlight.values()];
    this.#inFlight.clear();
    for (const pending of left) pending.abandon();
  }

  #admit(id: RequestId, request: Request, client: Client | null): void {
    const pending = new PendingRequest(this.#outlet, client, (reply) => this.#reply(id, reply));
    this.#inFlight.set(id, pending);
    this.#onRequest(request, pending);
  }

  #reply(id: RequestId, reply: Reply): void {
    if (isLast(reply)) this.#inFlight.delete(id);
    const frame = encodeReply(id, reply);
    if (frameBytes(frame) <= this.#limits.replyFrameBytes) return this.#outlet.send(frame);
    // Progress may be missed; an answer may not.
    if (!isLast(reply)) return;
    this.#refuse(
      id,
      'internal',
      `the answer takes ${frameBytes(frame)} bytes, more than ${this.#limits.replyFrameBytes}; ` +
        'ask for fewer jobs at once',
    );
  }

  #refuse(id: RequestId | null, code: Refusal['code'], message: string): void {
    this.#outlet.send(encodeReply(id, { kind: 'refusal', refusal: { code, message } }));
  }
}

class PendingRequest implements Peer {
  readonly client: Client | null;
  readonly #outlet: Outlet;
  readonly #send: (reply: Reply) => void;
  #ended = false;
  #onGone: (() => void)[] = [];

  constructor(outlet: Outlet, client: Client | null, send: (reply: Reply) => void) {
    this.#outlet = outlet;
    this.client = client;
    this.#send = send;
  }

  get gone(): boolean {
    return !this.#outlet.open;
  }

  reply(reply: Reply): void {
    if (this.#ended || this.gone) return;
    this.#ended = isLast(reply);
    this.#send(reply);
  }

  onGone(callback: () => void): void {
    if (this.#ended) return;
    if (this.gone) callback();
    else this.#onGone.push(callback);
  }

  abandon(): void {
    const callbacks = this.#onGone;
    this.#ended = true;
    this.#onGone = [];
    for (const callback of callbacks) callback();
  }
}
