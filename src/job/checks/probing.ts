import type { CommandLine, Ready } from '../../config/config.ts';
import type { Clock, Timer } from '../../host/clock.ts';
import { NoRoom } from '../no-room.ts';
import type { ProbeFailure, Probes, Processes, Program } from '../ports.ts';
import { askProbe } from './ask-probe.ts';
import { LogLines } from './log-lines.ts';
import { LogReader } from './log-reader.ts';

/** Bytes of a log that one probe reads; the rest follows soon. */
const LOG_BLOCK_BYTES = 256 * 1024;
const NEXT_BLOCK_MS = 10;

/** Pause after a probe of the log that took too long; it doubles with each slow expression in a row. */
const SLOW_REST = { firstMs: 1_000, maxMs: 30_000 } as const;

export interface ProbingOptions {
  readonly probes: Probes;
  readonly processes: Processes;
  readonly clock: Clock;
  /** Read before each probe, because the config may change. */
  readonly ready: () => Ready | null;
  readonly program: (command: CommandLine) => Program;
  readonly logPath: string;
  readonly onReady: (run: number) => void;
}

/** The lines that a piece of the log completes. */
interface Output {
  readonly lines: readonly string[];
  /** Whether it went up to the end of the log. */
  readonly isAll: boolean;
}

/** Probes a started job repeatedly until it is ready or probing is ended. */
export class Probing {
  readonly #options: ProbingOptions;
  /** The running probe, or the pause before the next one. */
  #under: { end(): void } | null = null;
  #log: { readonly reader: LogReader; readonly lines: LogLines } | null = null;
  /** What was read and is still to be matched, since the machine was too busy. */
  #unmatched: Output | null = null;
  #slowLooks = 0;
  /** Why the last probe failed; null before the first one has ended. */
  failure: string | null = null;

  constructor(options: ProbingOptions) {
    this.#options = options;
  }

  /**
   * Probes a run whose output begins at `from` in its log, when `after` was the newest rotated log. Ends
   * earlier probing.
   */
  begin(run: number, from = 0, after?: string): void {
    this.end();
    const { probes, logPath, ready } = this.#options;
    this.#log =
      ready()?.kind === 'log'
        ? { reader: new LogReader({ probes, path: logPath, from, after }), lines: new LogLines() }
        : null;
    this.#slowLooks = 0;
    this.#unmatched = null;
    this.#try(run);
  }

  get isUnderWay(): boolean {
    return this.#under !== null;
  }

  end(): void {
    this.#under?.end();
    this.#under = null;
    this.failure = null;
  }

  #try(run: number): void {
    const ready = this.#options.ready();
    if (ready === null) return this.end();
    if (ready.kind === 'log') return this.#readOn(run, ready);
    let isOver = false;
    const probe = askProbe(this.#options, ready, (failure) => {
      isOver = true;
      this.#conclude(run, failure, ready.intervalMs);
    });
    // A probe may answer at once.
    if (!isOver) this.#under = probe;
  }

  #conclude(run: number, failure: ProbeFailure, restMs: number): void {
    if (failure === null) {
      this.end();
      return this.#options.onReady(run);
    }
    this.failure = failure instanceof NoRoom ? failure.detail : failure;
    this.#under = ending(this.#options.clock.after(restMs, () => this.#try(run)));
  }

  #readOn(run: number, { pattern, intervalMs }: Extract<Ready, { kind: 'log' }>): void {
    const output = this.#unmatched ?? this.#nextOutput();
    const { lines, isAll } = output;
    const answer = lines.length > 0 && this.#options.probes.match(pattern, lines);
    if (answer === true) return this.#conclude(run, null, 0);
    this.#unmatched = answer === 'too-busy' ? output : null;
    if (answer !== 'too-busy') this.#slowLooks = answer === 'too-slow' ? this.#slowLooks + 1 : 0;
    const leastMs = answer === 'too-busy' ? SLOW_REST.firstMs : this.#slowRestMs;
    const restMs = isAll ? intervalMs : NEXT_BLOCK_MS;
    this.#conclude(run, LOG_FAILURES[`${answer}`](pattern), Math.max(restMs, leastMs));
  }

  /** Reads only the part of the log that was not read before. */
  #nextOutput(): Output {
    const { probes, logPath } = this.#options;
    // A log probe that was added while the job ran accepts a line that is there already.
    this.#log ??= { reader: new LogReader({ probes, path: logPath, from: 0 }), lines: new LogLines() };
    const { bytes, isEmptied } = this.#log.reader.next(LOG_BLOCK_BYTES);
    if (isEmptied) this.#log.lines.restart();
    return { lines: this.#log.lines.take(bytes), isAll: bytes.length < LOG_BLOCK_BYTES };
  }

  /** Each slow look holds up the whole daemon, so they become rare. */
  get #slowRestMs(): number {
    return this.#slowLooks === 0
      ? 0
      : Math.min(SLOW_REST.maxMs, SLOW_REST.firstMs * 2 ** (this.#slowLooks - 1));
  }
}

const LOG_FAILURES = {
  false: (pattern: string) => `no line of its log matches /${pattern}/`,
  'too-slow': (pattern: string) => `looking for /${pattern}/ in its log takes too long`,
  'too-busy': (pattern: string) => `the machine is too busy to look for /${pattern}/ in its log`,
  unusable: (pattern: string) => `the regular expression /${pattern}/ cannot be used`,
} as const;

const ending = (timer: Timer): { end(): void } => ({ end: () => timer.clear() });
