import type { ServerResponse } from 'node:http';
import { beginStream, refuse } from './loopback-server.ts';

/** Streams at once; a browser that opens more is sent away. */
export const MOST_STREAMS = 64;
/** What a reader may leave unread before it is cut off; it comes again by itself. */
const UNREAD_BYTES = 16 * 1024 * 1024;

/** The streams of messages that readers of a page have open. */
export class EventStreams {
  #count = 0;

  /**
   * Opens one of messages, each a JSON text; `begin` gets what sends one, and returns what runs until the
   * reader has left.
   */
  open<Message>(
    response: ServerResponse,
    begin: (give: (message: Message) => void) => (left: AbortSignal) => Promise<void> | void,
  ): void {
    if (this.#count >= MOST_STREAMS) return refuse(response, 503);
    this.#count += 1;
    const left = new AbortController();
    beginStream(response);
    response.once('close', () => {
      this.#count -= 1;
      left.abort();
    });
    const give = (message: Message): void => {
      if (response.writableLength > UNREAD_BYTES) response.destroy();
      else response.write(`data: ${JSON.stringify(message)}\n\n`);
    };
    const running = begin(give)(left.signal);
    // The stream of the jobs reports why it ended; the page opens this one again.
    Promise.resolve(running).then(
      () => running !== undefined && response.end(),
      () => response.end(),
    );
  }
}
