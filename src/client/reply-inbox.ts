import type { WireError } from '../wire/client.ts';
import type { Reply } from '../wire/messages.ts';

export interface ReplyListener {
  readonly onReply: (reply: Reply) => void;
  readonly onClosed: (error: WireError) => void;
}

/** Holds replies that arrive between SendRequest and ReadResponse. */
export class ReplyInbox {
  readonly #held: ((listener: ReplyListener) => void)[] = [];
  #listener: ReplyListener | null = null;
  #closed: WireError | null = null;

  readonly onReply = (reply: Reply): void => this.#pass((listener) => listener.onReply(reply));
  readonly onClosed = (error: WireError): void => {
    this.#closed = error;
    this.#pass((listener) => listener.onClosed(error));
  };

  /** Why the connection ended; null while it is open. */
  get closed(): WireError | null {
    return this.#closed;
  }

  listen(listener: ReplyListener): void {
    this.#listener = listener;
    for (const deliver of this.#held.splice(0)) deliver(listener);
  }

  #pass(deliver: (listener: ReplyListener) => void): void {
    if (this.#listener === null) this.#held.push(deliver);
    else deliver(this.#listener);
  }
}
