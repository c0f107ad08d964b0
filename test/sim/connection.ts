import type { Reply, Request } from '../../src/wire/messages.ts';
import type { Peer } from '../../src/wire/server.ts';
import type { Incarnation } from './incarnation.ts';
import type { Op } from './ledger.ts';
import type { World } from './world.ts';

export type Answer = Exclude<Reply, { readonly kind: 'progress' }>;

/** One client's connection to one daemon, with one request on it. */
export class Connection implements Peer {
  readonly client = null;
  readonly #world: World;
  readonly #daemon: Incarnation;
  readonly #onEnd: (answer: Answer | null) => void;
  readonly #whenGone: (() => void)[] = [];
  #op: Op | null = null;
  #isAnswered = false;
  #isOver = false;

  constructor(world: World, daemon: Incarnation, onEnd: (answer: Answer | null) => void) {
    this.#world = world;
    this.#daemon = daemon;
    this.#onEnd = onEnd;
  }

  get gone(): boolean {
    return this.#isOver;
  }

  /** Accepted, and neither answered nor at an end. */
  get isOpen(): boolean {
    return this.#op !== null && !this.#isOver;
  }

  get request(): Request | null {
    return this.#op?.request ?? null;
  }

  onGone(callback: () => void): void {
    if (this.#isOver) callback();
    else this.#whenGone.push(callback);
  }

  send(request: Request): void {
    const config = request.name === 'apply' ? this.#world.readConfig() : null;
    const isEmpty =
      request.name === 'apply' && config?.ok === true && config.files.length === 0 && !request.allowEmpty;
    this.#daemon.connections.add(this);
    this.#op = this.#world.ledger.delivered(request, config?.ok === true && !isEmpty ? config.config : null);
    this.#world.watch.asked();
    this.#daemon.deliver(request, this);
  }

  reply(reply: Reply): void {
    this.#daemon.call(`reply ${reply.kind}`, undefined, () => this.#take(reply));
  }

  /** The other side is gone, or we are. */
  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#daemon.connections.delete(this);
    if (this.#op !== null && !this.#isAnswered) this.#world.ledger.lost(this.#op);
    for (const callback of this.#whenGone) callback();
    if (!this.#isAnswered) this.#onEnd(null);
  }

  #take(reply: Reply): void {
    if (reply.kind === 'progress' || this.#op === null) return;
    if (this.#isAnswered) return this.#world.violate(`${this.#op.request.name} is answered twice`);
    if (this.#isOver) return;
    this.#isAnswered = true;
    this.#world.ledger.answered(this.#op, reply);
    this.#world.promises.answered(this.#op.request, reply);
    this.#onEnd(reply);
    this.end();
  }
}
