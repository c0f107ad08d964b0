import { parseJSONRPCMessage } from '@modelcontextprotocol/server';
import { printable } from '../../text/printable.ts';

const NEWLINE = 10;
const SHOWN_CHARACTERS = 60;

/** A line of the input that is no message of the protocol. */
export interface OddLine {
  /** As much of it as is worth showing. */
  readonly shown: string;
  /** The id of a request that is wrong in another way: its sender waits for an answer. */
  readonly id: string | number | null;
}

/** Cuts the input into lines and finds the odd ones, which the server itself leaves out in silence. */
export class OddLines {
  readonly #maxBytes: number;
  readonly #begun: Buffer[] = [];
  #begunBytes = 0;

  /** A line that is longer than this is forgotten. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  push(chunk: Buffer): readonly OddLine[] {
    const odd: OddLine[] = [];
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
      this.#begun.push(chunk.subarray(from, end));
      const line = Buffer.concat(this.#begun).toString();
      this.#forget();
      const found = oddLine(line.replace(/\r$/, ''));
      if (found !== null) odd.push(found);
      from = end + 1;
    }
    this.#begun.push(chunk.subarray(from));
    this.#begunBytes += chunk.length - from;
    if (this.#begunBytes > this.#maxBytes) this.#forget();
    return odd;
  }

  #forget(): void {
    this.#begun.length = 0;
    this.#begunBytes = 0;
  }
}

function oddLine(line: string): OddLine | null {
  if (line.trim() === '') return null;
  let value: unknown = null;
  try {
    value = JSON.parse(line);
    parseJSONRPCMessage(value);
    return null;
  } catch {
    // Whether it is no JSON or no message makes no difference to its sender.
    const characters = Array.from(line.slice(0, 2 * SHOWN_CHARACTERS));
    const shown = printable(characters.slice(0, SHOWN_CHARACTERS).join(''));
    return { shown: characters.length > SHOWN_CHARACTERS ? `${shown} …` : shown, id: idOf(value) };
  }
}

function idOf(value: unknown): string | number | null {
  const isRequest = typeof value === 'object' && value !== null && 'method' in value && 'id' in value;
  const id = isRequest ? value.id : null;
  return typeof id === 'string' || typeof id === 'number' ? id : null;
}
