/** Type byte of a frame: JSON as UTF-8. Any other type breaks the stream. */
const JSON_FRAME = 0;

/**
 * The decoder's result. `unreadable`: a complete frame with a wrong body; reading goes on. `broken`: the
 * stream cannot be read any further; the connection has to end.
 */
export type Decoded =
  | { readonly kind: 'json'; readonly value: unknown }
  | { readonly kind: 'unreadable'; readonly why: string }
  | { readonly kind: 'broken'; readonly why: string };

export interface FrameLimits {
  /** Type byte and body. */
  readonly frameBytes: number;
  /** Infinity: the depth is not looked at. */
  readonly jsonDepth: number;
}

const LENGTH_BYTES = 4;
const HEADER_BYTES = 5;
const BYTE = {
  quote: 0x22,
  backslash: 0x5c,
  openArray: 0x5b,
  closeArray: 0x5d,
  openObject: 0x7b,
  closeObject: 0x7d,
} as const;
const NOTHING = Buffer.alloc(0);

export function encodeJson(value: unknown): Buffer {
  const text = JSON.stringify(value);
  const bodyBytes = Buffer.byteLength(text);
  const frame = Buffer.allocUnsafe(HEADER_BYTES + bodyBytes);
  frame.writeUInt32BE(1 + bodyBytes);
  frame.writeUInt8(JSON_FRAME, LENGTH_BYTES);
  frame.write(text, HEADER_BYTES);
  return frame;
}

/** The length field of an encoded frame, to compare with a limit. */
export function frameBytes(frame: Buffer): number {
  return frame.length - LENGTH_BYTES;
}

/** Splits chunks of any size into frames. Holds at most one frame within its limit and the newest chunk. */
export class FrameDecoder {
  // Held bytes are `#buffer[#start, #end)`. A chunk that arrives while nothing is held is read where it lies.
  #buffer: Buffer = NOTHING;
  #start = 0;
  #end = 0;

  push(chunk: Buffer): void {
    const held = this.#end - this.#start;
    if (held === 0) {
      this.#hold(chunk, chunk.length);
      return;
    }
    // An adopted chunk is always full, so bytes that belong to the socket are never written to.
    if (this.#end + chunk.length > this.#buffer.length) {
      const grown = Buffer.allocUnsafe(Math.max(2 * held, held + chunk.length));
      this.#buffer.copy(grown, 0, this.#start, this.#end);
      this.#hold(grown, held);
    }
    chunk.copy(this.#buffer, this.#end);
    this.#end += chunk.length;
  }

  /**
   * Consumes `expected` if that is how the held bytes begin; false at the first byte that differs, null while
   * too few are held.
   */
  prefix(expected: Buffer): boolean | null {
    const begin = this.#buffer.subarray(this.#start, Math.min(this.#end, this.#start + expected.length));
    if (!begin.equals(expected.subarray(0, begin.length))) return false;
    if (begin.length < expected.length) return null;
    this.#consume(expected.length);
    return true;
  }

  /**
   * The next frame, or null while it is incomplete. A length over the limit is refused as soon as it is read.
   */
  next(limits: FrameLimits): Decoded | null {
    const held = this.#end - this.#start;
    if (held < LENGTH_BYTES) return null;
    const length = this.#buffer.readUInt32BE(this.#start);
    if (length === 0) return { kind: 'broken', why: 'a frame of length 0' };
    if (length > limits.frameBytes)
      return { kind: 'broken', why: `a frame of ${length} bytes where ${limits.frameBytes} are allowed` };
    if (held < LENGTH_BYTES + length) return null;
    const frame = this.#buffer.subarray(this.#start + LENGTH_BYTES, this.#start + LENGTH_BYTES + length);
    this.#consume(LENGTH_BYTES + length);
    return decodeFrame(frame, limits.jsonDepth);
  }

  #hold(buffer: Buffer, bytes: number): void {
    this.#buffer = buffer;
    this.#start = 0;
    this.#end = bytes;
  }

  #consume(bytes: number): void {
    this.#start += bytes;
    if (this.#start === this.#end) this.#hold(NOTHING, 0);
  }
}

function decodeFrame(frame: Buffer, jsonDepth: number): Decoded {
  const type = frame.readUInt8(0);
  const body = frame.subarray(1);
  if (type !== JSON_FRAME) return { kind: 'broken', why: `a frame of unknown type ${type}` };
  return decodeJson(body, jsonDepth);
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decodeJson(body: Buffer, jsonDepth: number): Decoded {
  if (jsonDepth !== Infinity && nestsDeeper(body, jsonDepth))
    return { kind: 'unreadable', why: `JSON nested more than ${jsonDepth} deep` };
  try {
    return { kind: 'json', value: JSON.parse(utf8.decode(body)) };
  } catch (error) {
    return { kind: 'unreadable', why: error instanceof SyntaxError ? 'not JSON' : 'not UTF-8' };
  }
}

/** Counts brackets outside strings, before anything recurses into them. */
function nestsDeeper(body: Buffer, limit: number): boolean {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < body.length; at += 1) {
    const byte = body[at];
    if (inString) {
      if (byte === BYTE.backslash) at += 1;
      else inString = byte !== BYTE.quote;
    } else if (byte === BYTE.quote) inString = true;
    else if (byte === BYTE.openArray || byte === BYTE.openObject) depth += 1;
    else if (byte === BYTE.closeArray || byte === BYTE.closeObject) depth -= 1;
    if (depth > limit) return true;
  }
  return false;
}
