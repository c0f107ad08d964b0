import type { ChildProcess } from 'node:child_process';
import type { Duplex } from 'node:stream';
import type { ChildExit, LaunchEvents } from '../ports.ts';
import type { Os } from '../../os/os.ts';
import { CannotAsk } from '../../os/system-error.ts';
import { exitOfShell } from './exit-file.ts';

export interface GatedShellOptions {
  readonly os: Os;
  readonly child: ChildProcess;
  readonly pid: number;
  /** It stays beside its program, which says its own pid first. */
  readonly staysBeside: boolean;
  readonly on: LaunchEvents;
}

/** The shell of one launch, from its fork to its end: told of, let through its gate or sent away, and told of once more when it ends. */
export class GatedShell {
  readonly #options: GatedShellOptions;
  readonly #gate: Duplex;
  readonly #whenOver: (() => void)[] = [];
  #isTold = false;
  #isSentAway = false;
  #isOver = false;

  constructor(options: GatedShellOptions) {
    this.#options = options;
    this.#gate = options.child.stdio[3] as Duplex;
    // One that died at its gate shows by its exit, not by the broken pipe.
    this.#gate.on('error', () => undefined);
    options.child.on('exit', (code, signal) => this.#end({ code, signal }));
  }

  /** Last, since its record releases the gate. */
  tell(): void {
    if (this.#options.staysBeside) hearPid(this.#gate, (program) => this.#tell({ program }));
    else this.#tell({});
  }

  release(): void {
    // A shell beside its program keeps its end as long as that lives.
    this.#gate.end('go\n', () => this.#gate.destroy());
  }

  sendAway(gone: () => void): void {
    this.#isSentAway = true;
    this.#gate.end();
    if (this.#isOver) gone();
    else this.#whenOver.push(gone);
  }

  #tell(more: { readonly program?: number }): void {
    if (this.#isSentAway || this.#isTold) return;
    this.#isTold = true;
    const { os, pid, on } = this.#options;
    const start = startOf(os, pid);
    if (start === '') this.#gate.end();
    on.spawned({ pid, start, boot: os.bootId(), ...more });
  }

  #end({ code, signal }: ChildExit): void {
    const { on, staysBeside } = this.#options;
    this.#isOver = true;
    this.#gate.destroy();
    if (this.#isTold) on.exited(staysBeside && code !== null ? exitOfShell(code) : { code, signal });
    else if (!this.#isSentAway)
      on.failed({ detail: `the shell that was to run it ended with ${signal ?? code}`, lasting: false });
    for (const gone of this.#whenOver) gone();
  }
}

/** Nothing but one line with a number is ever said at a gate. */
function hearPid(gate: Duplex, tell: (pid: number) => void): void {
  let heard = '';
  gate.on('data', (chunk: Buffer) => {
    heard += chunk.toString('latin1');
    if (heard.endsWith('\n')) tell(Number(heard));
  });
}

/** A child that is already dead has no start time; its exit is on its way. One that cannot be asked for it must not begin: without it nobody could tell it later. */
function startOf(os: Os, pid: number): string {
  try {
    return os.identify(pid)?.start ?? '';
  } catch (error) {
    if (error instanceof CannotAsk) return '';
    throw error;
  }
}
