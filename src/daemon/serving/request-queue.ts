import type { Reply, Request } from '../../wire/messages.ts';
import type { Asker } from '../requests/context.ts';

/** A request that the daemon has taken in. */
export interface Admitted {
  readonly id: number;
  readonly request: Request;
  readonly peer: Asker;
  /** The daemon itself made this request, for example because of a signal. */
  readonly isOwn: boolean;
}

/** Requests in the order of their arrival; the chart processes one at a time. */
export class RequestQueue {
  readonly #waiting: Admitted[] = [];
  #count = 0;
  #current: Admitted | null = null;

  add(admitted: Omit<Admitted, 'id'>): void {
    this.#count += 1;
    this.#waiting.push({ id: this.#count, ...admitted });
  }

  /** The request that is processed now. */
  get current(): Admitted | null {
    return this.#current;
  }

  /** Makes the next request the current one; null when none waits. */
  next(): Admitted | null {
    const next = this.#waiting.shift() ?? null;
    if (next !== null) this.#current = next;
    return next;
  }

  /** The current request needs nothing more from the chart. */
  done(): void {
    this.#current = null;
  }

  /** Replies to every request that has no answer yet; null sends nothing. */
  replyToAll(replyFor: (request: Request) => Reply | null): void {
    for (const admitted of [this.#current, ...this.#waiting]) {
      if (admitted === null) continue;
      const reply = replyFor(admitted.request);
      if (reply !== null) admitted.peer.reply(reply);
    }
  }
}
