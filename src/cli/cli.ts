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
  /** The same for overseer's own words, with glyphs that the locale can show. */
  readonly report: Output;
  readonly err: Output;
  readonly outContext: RenderContext;
  readonly errContext: RenderContext;
  /**
   * From now on the next of these signals (Ctrl-C by default) aborts the returned signal instead of ending
   * the process.
   */
  readonly interruption: (...signals: readonly NodeJS.Signals[]) => AbortSignal;
  /** Ends the process as Ctrl-C does, so that a shell also ends the script that called it. */
  readonly endInterrupted: () => Promise<ExitCode>;
  /** Sees each step of the client's chart: with OVERSEER_DEBUG it is a line on stderr. */
  readonly onStep: (step: ClientStep) => void;
  /** Prints a failure and returns its exit code. */
  fail(failure: Failure): Promise<ExitCode>;
  /** Prints a failure of wrong usage. */
  wrongUsage(message: string): Promise<ExitCode>;
}

export interface Option {
  readonly type: 'boolean' | 'string';
  readonly about: string;
  readonly alias?: string;
  /** The option takes a value only after `=`; the following word is never its value. */
  readonly isValueOptional?: true;
  /** Placeholder for the value in the help, such as `SECONDS`. */
  readonly stands?: string;
  /** Possible values, for completion. */
  readonly values?: Values;
  /** Several values may be given at once, with commas. */
  readonly isList?: true;
}

/** The kinds of words, for completion. */
export type Values = readonly string[] | 'jobs' | 'files' | 'folder';

/** One command: its words in yargs' notation, and its action. */
export interface Command {
  /** Such as `status [jobs..]`; the first word is the command's name. */
  readonly words: string;
  readonly aliases?: readonly string[];
  /** Null hides the command in the help. */
  readonly about: string | null;
  /** An additional sentence in the command's own help. */
  readonly note?: string;
  /** The command is always refused, so its arguments are not parsed. */
  readonly isRefused?: true;
  /** Descriptions of the positional arguments. */
  readonly positionals?: Readonly<Record<string, string>>;
  /** The command does nothing without its arguments, unless an option such as `--all` stands for them. */
  readonly needsWords?: true;
  /** The kinds of arguments whose names do not tell it, unlike `jobs` and `files`. */
  readonly values?: Readonly<Record<string, Values>>;
  readonly options?: Readonly<Record<string, Option>>;
  /** The command reads no config and asks no daemon, so it works without the project. */
  readonly needsNoProject?: true;
  /** The command writes the config of the named project. */
  readonly makesProject?: true;
  /** What `--json` prints if there is no answer. */
  readonly jsonOfFailure?: (code: string, message: string) => unknown;
  /** With `--json` the command prints one object per line, failures included. */
  readonly printsLines?: true;
  readonly run: (cli: Cli) => Promise<ExitCode>;
}
