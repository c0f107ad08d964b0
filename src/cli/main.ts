import { parse } from './argv/parse.ts';
import { call } from './call/call.ts';
import { COMMANDS } from './commands/commands.ts';
import { outputOf } from './terminal/output.ts';
import type { CommandSet } from './call/run-command-line.ts';

/** Every command, its words parsed by yargs. */
export const EVERY_COMMAND: CommandSet = {
  commands: COMMANDS,
  parse: (words, columns) => parse(words, COMMANDS, columns),
  outputOf: (_, stream) => outputOf(stream()),
};

/** Runs one call of `overseer`; resolves to its exit code. */
export const main = (argv: readonly string[]): Promise<number> => call(argv, EVERY_COMMAND);
