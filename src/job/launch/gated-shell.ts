import type { ChildProcess } from 'node:child_process';
import { setPriority } from 'node:os';
import type { Duplex, Writable } from 'node:stream';
import type { ChildExit, LaunchEvents } from '../ports.ts';
import type { Os } from '../../os/os.ts';
import { signalGroup } from '../../os/signal.ts';
import { CannotAsk, isRefusal } from '../../os/system-error.ts';
import { ANNOUNCING } from './gate.ts';

/** How long a shell may take to report its pid. Even on a busy machine it takes hundredths of a second. */
const SILENCE_LIMIT_MS = 10_000;

export interface GatedShellOptions {
  readonly os: Os;
  readonly child: ChildProcess;
  readonly pid: number;
  /** The priority that its program gets; null leaves its own. */
  readonly nice: number | null;
  /** The commands by which the shell becomes the program. */
  readonly script: string;
  /**
   * Reads the exit that the shell beside the program recorded; null for a shell that becomes the program. A
   * shell that stays reports the program's pid first.
   */
  readonly recorded: (() => ChildExit | null) | null;
  /** How long a cancelled shell may take to exit. */
  readonly stopTimeoutMs: number;
  readonly silenceLimitMs?: number;
  readonly on: LaunchEvents;
}

/** The shell of one launch, from its fork to its exit: reported, then released or cancelled. */
export class GatedShell {
  readonly #options: Omit<GatedShellOptions, 'script'>;
  /** Null once the gate is closed. */
  #gate: Writable | null;
  /** Null once it is sent: it names every variable of the program. */
  #script: string | null;
  readonly #whenOver: (() => void)[] = [];
  #limit: NodeJS.Timeout | null = null;
  #isTold = false;
  #isReleased = false;
  #isSentAway = false;
  #isKilled = false;
  #isOver = false;
  /** Why the system did not let the program have what its config says. */
  #refusal: string | null = null;

  constructor({ script, ...options }: GatedShellOptions) {
    this.#options = options;
    this.#script = script;
    const { child, recorded } = options;
    const gate = recorded === null ? (child.stdin as Writable) : (child.stdio[3] as Duplex);
    this.#gate = gate;
    // The exit of a shell that died at its gate is reported anyway; the broken pipe adds nothing.
    gate.on('error', () => undefined);
    forgetClosed(child, gate, () => (this.#gate = null));
    child.on('exit', (code, signal) => this.#end({ code, signal }));
  }

  /** Call this last: reporting the child persists its record, and that opens the gate. */
  report(): void {
    if (this.#isSentAway) return;
    const { recorded, pid } = this.#options;
    if (recorded === null) return this.#identify([pid], ([start = '']) => this.#report(start, {}));
    this.#killAfter(this.#options.silenceLimitMs ?? SILENCE_LIMIT_MS);
    const gate = this.#gate as Duplex | null;
    if (gate === null) return;
    gate.write(ANNOUNCING);
    hearPid(gate, (program) =>
      this.#identify([pid, program], ([start = '', programStart = '']) =>
        this.#report(start, { program, ...(programStart !== '' && { programStart }) }),
      ),
    );
  }

  release(): void {
    this.#isReleased = true;
    const gate = this.#gate;
    // A shell beside its program keeps its end of the gate open as long as the program runs.
    gate?.end(this.#script, () => gate.destroy());
    this.#script = null;
  }

  sendAway(gone: () => void): void {
    this.#isSentAway = true;
    if (this.#isOver) return gone();
    this.#whenOver.push(gone);
    if (this.#isReleased) return;
    this.#gate?.end();
    this.#killAfter(this.#options.stopTimeoutMs);
  }

  /** A suspended shell must not block its job. */
  #killAfter(ms: number): void {
    this.#stopLimit();
    // The shell is an unreaped child of ours, so its pid cannot belong to another process.
    this.#limit = setTimeout(() => {
      this.#isKilled = true;
      signalGroup(this.#options.pid, 'SIGKILL');
    }, ms);
  }

  #stopLimit(): void {
    if (this.#limit !== null) clearTimeout(this.#limit);
    this.#limit = null;
  }

  /**
   * The starts of some processes. One that is already dead has none; its exit is on its way. One that cannot
   * be asked for it must not begin: without it nobody could tell it later.
   */
  #identify(pids: readonly number[], done: (starts: readonly string[]) => void): void {
    this.#options.os.later.identify(pids, (answer) => {
      const found = answer instanceof CannotAsk ? [] : answer;
      done(pids.map((pid) => found.find((info) => info.pid === pid)?.start ?? ''));
    });
  }

  #report(start: string, more: { readonly program?: number; readonly programStart?: string }): void {
    if (this.#isSentAway || this.#isTold || this.#isOver) return;
    this.#refusal = start === '' ? null : renice(more.program ?? this.#options.pid, this.#options.nice);
    if (this.#refusal !== null) return void this.#gate?.end();
    this.#isTold = true;
    this.#stopLimit();
    const { os, pid, on } = this.#options;
    if (start === '') this.#gate?.end();
    on.spawned({ pid, start, boot: os.bootId(), ...more });
  }

  #end({ code, signal }: ChildExit): void {
    const { on, recorded } = this.#options;
    this.#isOver = true;
    on.reaped?.();
    this.#stopLimit();
    this.#gate?.destroy();
    if (this.#isTold) on.exited((code !== null && recorded?.()) || { code, signal }, null);
    else if (!this.#isSentAway)
      on.failed({
        detail:
          this.#refusal ??
          (this.#isKilled
            ? 'the shell that was to run it said nothing in good time'
            : `the shell that was to run it ended with ${signal ?? code}`),
        lasting: this.#refusal !== null,
      });
    for (const gone of this.#whenOver) gone();
  }
}

/**
 * Null, or why the system refuses that priority. The process waits at its gate: its number is nobody else's.
 */
function renice(pid: number, nice: number | null): string | null {
  if (nice === null) return null;
  try {
    setPriority(pid, nice);
    return null;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    // Node's own code is the same for all errors of this call.
    const { info } = error as { readonly info?: { readonly code: string } };
    return `the system does not let it have nice = ${nice} (${info?.code ?? error.message})`;
  }
}

/** Node keeps the streams of a child, also closed ones, as long as the child lives. */
function forgetClosed(child: ChildProcess, stream: Writable, closed: () => void): void {
  stream.once('close', () => {
    if (child.stdin === stream) child.stdin = null;
    const streams: (typeof child.stdio)[number][] = child.stdio;
    streams[streams.indexOf(stream)] = null;
    closed();
  });
}

/** The only message at a gate is one line with a number. */
function hearPid(gate: Duplex, onPid: (pid: number) => void): void {
  let heard = '';
  gate.on('data', (chunk: Buffer) => {
    heard += chunk.toString('latin1');
    if (heard.endsWith('\n')) onPid(Number(heard));
  });
}
