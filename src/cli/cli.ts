import type { ClientPorts } from '../client/ports.ts';
import type { ClientStep } from '../client/run-client.ts';
import type { Homes } from '../homes.ts';
import type { NamedProject } from '../project.ts';
import type { Args } from './argv/args.ts';
import type { ExitCode } from './exit-codes.ts';
import type { Failure } from './fail.ts';
import type { Output } from './terminal/output.ts';
import type { RenderContext } from './terminal/render-context.ts';

/** Everything that a command uses: its arguments, the two streams, and the ports. */
export interface Cli {
  readonly args: Args;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Every command there is, for those that speak of them. */
  readonly commands: readonly Command[];
  readonly homes: Homes;
  /** The folders without a named project or option. */
  readonly usual: Homes;
  /** Null if no project is named. */
  readonly project: NamedProject | null;
  readonly ports: ClientPorts;
  readonly out: Output;
  readonly err: Output;
  readonly outContext: RenderContext;
  readonly errContext: RenderContext;
  /**
   * From now on the next of these signals (Ctrl-C by default) aborts the returned signal instead of ending
   * the process.
   */
  readonly interruption: (...signals: readonly NodeJS.Signals[]) => AbortSignal;
  /** Sees each step of the client's chart: with OVERSEER_DEBUG it is a line on stderr. */
  readonly onStep: (step: ClientStep) => void;
  /** Says what went wrong, and is the exit code for that. */
  fail(failure: Failure): Promise<ExitCode>;
  /** The same of the words of the call. */
  wrongUsage(message: string): Promise<ExitCode>;
}

export interface Option {
  readonly type: 'boolean' | 'string';
  readonly about: string;
  readonly alias?: string;
  /** It has a value only where one follows after `=`; without, the word after it is none of its. */
  readonly isValueOptional?: true;
  /** What stands for its value in the help: `SECONDS`. */
  readonly stands?: string;
  /** What may follow it, for completion. */
  readonly values?: Values;
}

/** One command: its words in yargs' notation, and its action. */
export type Values = readonly string[] | 'jobs' | 'files' | 'folder';

/** One command: its words, as yargs reads them, and what it does. */
export interface Command {
  /** Null hides the command in the help. */
  readonly words: string;
  readonly aliases?: readonly string[];
  /** Null hides it from the help. */
  readonly about: string | null;
  /** One more sentence in its own help. */
  readonly note?: string;
  /** It is refused whatever follows, so what follows is not looked at. */
  readonly isRefused?: true;
  /** What each bracketed word is. */
  readonly positionals?: Readonly<Record<string, string>>;
  /** The command reads no config and asks no daemon, so it works without the project. */
  readonly values?: Readonly<Record<string, Values>>;
  readonly options?: Readonly<Record<string, Option>>;
  /** It reads no config and asks no daemon, so a project that is not there is no hindrance. */
  readonly needsNoProject?: true;
  /** It writes the config of the very folder that is named as a project. */
  readonly makesProject?: true;
  /** With `--json`, what stands in place of its answer where there is none. */
  readonly jsonOfFailure?: (code: string, message: string) => unknown;
  /** With `--json` it prints an object a line, and so its failures. */
  readonly printsLines?: true;
  readonly run: (cli: Cli) => Promise<ExitCode>;
}
