import type { ChildExit } from '../../src/job/ports.ts';
import type { Behaviour, Stray } from './behaviour.ts';
import type { Parent, ProcessTable, SimProcess } from './process-table.ts';
import type { Timeline } from '../support/timeline.ts';

export interface GatedChildOptions {
  readonly timeline: Timeline;
  readonly table: ProcessTable;
  readonly instance: string;
  /** What its program sees. */
  readonly env: Readonly<Record<string, string>>;
  readonly behaviour: Behaviour;
  readonly parent: Parent;
  /** Where the shell that stays writes how its program ended; null when the shell becomes the program. */
  readonly exitFile: string | null;
  readonly writeExit: (exit: ChildExit) => void;
  /** A shell that stays has told the pid of its program, which waits at the gate. */
  readonly onTold: (program: SimProcess) => void;
  readonly onBegin: (program: SimProcess) => void;
  /** It is about to end, and not by a SIGKILL. */
  readonly onLast: (program: SimProcess) => void;
  readonly onEnd: (program: SimProcess, exit: ChildExit) => void;
}

const LEFT: ChildExit = { code: 125, signal: null };
const NO_PROCESS: ChildExit = { code: 2, signal: null };
const KILLED: ChildExit = { code: null, signal: 'SIGKILL' };

/** A shell that waits at its gate, and what becomes of it: the program itself, or a shell beside it. */
export class GatedChild {
  readonly process: SimProcess;
  readonly #options: GatedChildOptions;
  #word: 'go' | 'leave' | null = null;
  #isAtGate = false;
  #isDying = false;
  #hasBegun = false;
  /** A child that is killed at its gate never begins its program. */
  #isKilledAtGate = false;
  #program: SimProcess | null = null;

  /** null when the machine has no room for one more process. */
  static spawn(options: GatedChildOptions): GatedChild | null {
    let child: GatedChild | null = null;
    const process = options.table.fork({
      instance: options.instance,
      parent: options.parent,
      role: 'gate',
      onSignal: (signal) => child?.signalled(signal),
    });
    if (process === null) return null;
    child = new GatedChild(process, options);
    return child;
  }

  private constructor(process: SimProcess, options: GatedChildOptions) {
    this.process = process;
    this.#options = options;
    options.timeline.after(options.behaviour.gateMs, () => {
      this.#comeToGate();
    });
  }

  /** The first word counts: `go` lets the program begin, the end of the descriptor sends it away. */
  tell(word: 'go' | 'leave'): void {
    this.#word ??= word;
    this.#pass();
  }

  signalled(signal: NodeJS.Signals): void {
    if (signal === 'SIGCONT') return;
    if (this.process.role === 'program') return this.#programSignalled(this.process, signal);
    // A shell that stays beside its program survives every signal but SIGKILL.
    if (this.#program !== null && signal !== 'SIGKILL') return;
    this.#isKilledAtGate ||= !this.#hasBegun;
    this.#endLater(this.process, signal === 'SIGKILL' ? this.#options.behaviour.killMs : 0, {
      code: null,
      signal,
    });
  }

  #comeToGate(): void {
    if (this.process.isZombie) return;
    if (this.#options.exitFile !== null) {
      this.#program = this.#forkProgram();
      if (this.#program === null) return this.#end(this.process, NO_PROCESS);
      this.#options.onTold(this.#program);
    }
    this.#isAtGate = true;
    this.#pass();
  }

  #pass(): void {
    if (
      !this.#isAtGate ||
      this.#word === null ||
      this.#hasBegun ||
      this.#isKilledAtGate ||
      this.process.isZombie
    )
      return;
    const program = this.#program ?? this.process;
    if (program.isZombie) return;
    if (this.#word === 'leave') return this.#leave();
    this.process.role = 'shell';
    program.role = 'program';
    this.#begin(program);
  }

  /** The program takes the shell along, so that no exit is written. */
  #leave(): void {
    this.#end(this.process, this.#program === null ? LEFT : KILLED);
    if (this.#program !== null) this.#end(this.#program, KILLED);
  }

  #forkProgram(): SimProcess | null {
    const parent: Parent = { childEnded: (_child, exit, reap) => this.#programEnded(exit, reap) };
    return this.#options.table.fork({
      pgid: this.process.pid,
      sid: this.process.pid,
      by: this.process,
      instance: this.#options.instance,
      parent,
      role: 'gate',
      onSignal: (signal) =>
        signal !== 'SIGCONT' && this.#program !== null && this.#programSignalled(this.#program, signal),
    });
  }

  #begin(program: SimProcess): void {
    const { behaviour, env, onBegin } = this.#options;
    this.#program = program;
    this.#hasBegun = true;
    program.env = env;
    program.hidesMarker = behaviour.hidesMarker;
    onBegin(program);
    if (behaviour.leavesChild) this.#forkLeftover(program);
    if (behaviour.stray !== null) this.#forkStray(program, behaviour.stray);
    if (behaviour.livesMs !== null)
      this.#endLater(program, behaviour.livesMs, { code: behaviour.code, signal: null });
  }

  #forkLeftover(program: SimProcess): void {
    const { table, instance, behaviour, env } = this.#options;
    const leftover: SimProcess | null = table.fork({
      pgid: this.process.pid,
      sid: this.process.pid,
      by: program,
      env,
      instance,
      parent: table.init,
      role: 'leftover',
      onSignal: (signal) => this.#otherSignalled(leftover, signal, behaviour.childIgnoresTerm),
    });
  }

  /** A process that leaves the group as under a job-control shell, or also the session as daemons do. */
  #forkStray(program: SimProcess, { leavesSession, ignoresTerm, hidesMarker, hidesLog }: Stray): void {
    const { table, instance, env } = this.#options;
    const stray: SimProcess | null = table.fork({
      ...(!leavesSession && { sid: this.process.pid }),
      by: program,
      env,
      instance,
      parent: table.init,
      role: 'stray',
      onSignal: (signal) => this.#otherSignalled(stray, signal, ignoresTerm),
    });
    if (stray !== null) Object.assign(stray, { hidesMarker, hidesLog });
  }

  #otherSignalled(other: SimProcess | null, signal: NodeJS.Signals, ignoresTerm: boolean): void {
    const { killMs, termMs } = this.#options.behaviour;
    if (other === null || signal === 'SIGCONT' || (signal !== 'SIGKILL' && ignoresTerm)) return;
    this.#endLater(other, signal === 'SIGKILL' ? killMs : termMs, { code: null, signal });
  }

  #programSignalled(program: SimProcess, signal: NodeJS.Signals): void {
    const { ignoresTerm, termMs, termCode, killMs } = this.#options.behaviour;
    if (signal === 'SIGKILL') return this.#endLater(program, killMs, { code: null, signal });
    this.#isKilledAtGate ||= !this.#hasBegun;
    if (!this.#hasBegun) return this.#endLater(program, 0, { code: null, signal });
    if (ignoresTerm || this.#isDying) return;
    this.#isDying = true;
    this.#endLater(
      program,
      termMs,
      termCode === null ? { code: null, signal } : { code: termCode, signal: null },
    );
  }

  /** The shell hears of its program's end, writes it down, and ends the same way. */
  #programEnded(exit: ChildExit, reap: () => boolean): void {
    const { timeline, exitFile, writeExit } = this.#options;
    timeline.after(1, () => {
      reap();
      if (this.process.isZombie || exitFile === null) return;
      writeExit(exit);
      this.#endLater(this.process, 1, exit);
    });
  }

  #endLater(process: SimProcess, ms: number, exit: ChildExit): void {
    this.#options.timeline.after(ms, () => this.#end(process, exit));
  }

  #end(process: SimProcess, exit: ChildExit): void {
    const { table, onLast, onEnd } = this.#options;
    if (process.isZombie) return;
    if (process === this.#program && this.#hasBegun && exit.signal !== 'SIGKILL') onLast(process);
    table.end(process, exit);
    // Nobody can tell a shell that was let go and ends without a program from a program that ends so.
    const isForAProgram = process === this.process && this.#program === null && this.#word === 'go';
    if ((process === this.#program && this.#hasBegun) || isForAProgram) onEnd(process, exit);
    else if (process === this.process && this.#program !== null) table.orphan(this.#program);
  }
}
