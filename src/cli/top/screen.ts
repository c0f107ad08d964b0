import { closeSync, constants, openSync, writeSync } from 'node:fs';
import type { WriteStream } from 'node:tty';

/** Alternate screen, no cursor, no line wrap; and the reverse. */
const ENTER = '\u001b[?1049h\u001b[?25l\u001b[?7l\u001b[2J';
const LEAVE = '\u001b[0m\u001b[?7h\u001b[?25h\u001b[?1049l';
/** Synchronized output: a terminal that knows these draws everything in between at once. */
const TOGETHER = { begin: '\u001b[?2026h', end: '\u001b[?2026l' } as const;
/** How often a terminal that takes nothing is tried again, and how often at the end. */
const AGAIN_MS = 15;
const LAST_TRIES = 20;

interface Terminal extends Pick<WriteStream, 'columns' | 'rows'> {
  readonly fd: number;
}

/**
 * The terminal as a screen. A terminal that is slow holds nothing up: one picture at most is under way, and
 * the next one begins with what is newest then.
 */
export class Screen {
  readonly #stream: Terminal;
  readonly #fd: number;
  readonly #drained: () => void;
  #isOpen = false;
  /** Null where the terminal may show anything. */
  #shown: readonly string[] | null = null;
  #rest: Buffer = Buffer.alloc(0);
  #timer: NodeJS.Timeout | null = null;
  #isGone = false;

  /** `drained` is called when a terminal that was slow has taken the picture. */
  constructor(stream: Terminal, drained: () => void) {
    this.#stream = stream;
    this.#fd = openedAnew(stream.fd);
    this.#drained = drained;
  }

  get columns(): number {
    return this.#stream.columns || 80;
  }

  get rows(): number {
    return this.#stream.rows || 24;
  }

  /** Whether the last picture is still under way. */
  get isBusy(): boolean {
    return this.#rest.length > 0;
  }

  /** The terminal takes nothing any more. */
  get isGone(): boolean {
    return this.#isGone;
  }

  enter(): void {
    this.#isOpen = true;
    this.#shown = null;
    this.#write(ENTER);
  }

  /** Draws what differs from the last picture. */
  draw(lines: readonly string[]): void {
    if (!this.#isOpen) return;
    const before = this.#shown ?? [];
    const changed = lines.flatMap((line, at) =>
      line === before[at] ? [] : [`\u001b[${at + 1};1H\u001b[2K${line}\u001b[0m`],
    );
    const cleared = this.#shown === null ? '\u001b[2J' : '';
    // A smaller frame must not leave rows of a larger one.
    const below = lines.length < before.length ? `\u001b[${lines.length + 1};1H\u001b[J` : '';
    this.#shown = lines;
    const drawn = cleared + changed.join('') + below;
    if (drawn !== '') this.#write(TOGETHER.begin + drawn + TOGETHER.end);
  }

  /** The next picture is drawn in full. */
  forget(): void {
    this.#shown = null;
  }

  /** Gives the terminal back, at once and whatever is under way. */
  leave(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#rest = Buffer.from(LEAVE);
    for (let tries = 0; tries < LAST_TRIES && this.#rest.length > 0 && !this.#isGone; tries += 1) {
      if (tries > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, AGAIN_MS);
      this.#push();
    }
    this.#rest = Buffer.alloc(0);
  }

  close(): void {
    this.leave();
    if (this.#fd !== this.#stream.fd) closeSync(this.#fd);
  }

  #write(text: string): void {
    this.#rest = Buffer.concat([this.#rest, Buffer.from(text)]);
    if (this.#timer === null) this.#flush();
  }

  #flush(): void {
    this.#timer = null;
    this.#push();
    if (this.#rest.length > 0) this.#timer = setTimeout(() => this.#flushLate(), AGAIN_MS);
  }

  #flushLate(): void {
    this.#flush();
    if (this.#rest.length === 0) this.#drained();
  }

  #push(): void {
    try {
      while (this.#rest.length > 0) this.#rest = this.#rest.subarray(writeSync(this.#fd, this.#rest));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return;
      this.#isGone = true;
      this.#rest = Buffer.alloc(0);
    }
  }
}

/**
 * Opens the terminal a second time, non-blocking; the flag does not affect others that have it open.
 * Node's own stream would wait for a terminal that takes nothing, and hear no signal meanwhile.
 */
function openedAnew(fd: number): number {
  const path = process.platform === 'linux' ? `/proc/self/fd/${fd}` : '/dev/tty';
  try {
    return openSync(path, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch {
    return fd;
  }
}
