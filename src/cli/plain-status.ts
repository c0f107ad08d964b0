import { Args } from './argv/args.ts';
import { call } from './call/call.ts';
import { status } from './commands/look/status.ts';
import type { CommandSet } from './call/run-command-line.ts';

/**
 * `status` without an option, as prompts and scripts call it all the time. It needs no parser, and so its
 * bundle is a quarter of that of all commands. bin/bundle-for.js tells which calls are meant.
 */
export const PLAIN_STATUS: CommandSet = {
  commands: [status],
  parse: ([name, ...jobs]) =>
    Promise.resolve({ kind: 'run', command: status, args: new Args({ _: [name], jobs }) }),
};

/** Runs one such call; resolves to its exit code. */
export const main = (argv: readonly string[]): Promise<number> => call(argv, PLAIN_STATUS);
