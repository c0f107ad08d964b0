import { Args } from '../argv/args.ts';
import { call } from '../call/call.ts';
import type { CommandSet } from '../call/run-command-line.ts';
import { apply } from '../commands/steer/apply.ts';
import { shortOutput } from '../terminal/short-output.ts';

/**
 * The trigger without an option, `overseer` or `overseer apply`, as hooks and scripts call it. It needs no
 * parser of options, and so its bundle is a third of that of all commands; bin/load.js tells which calls are
 * meant.
 */
export const PLAIN_APPLY: CommandSet = {
  commands: [apply],
  parse: () => Promise.resolve({ kind: 'run', command: apply, args: new Args({}) }),
  outputOf: shortOutput,
};

/** Runs one such call; resolves to its exit code. */
export const main = (argv: readonly string[]): Promise<number> => call(argv, PLAIN_APPLY);
