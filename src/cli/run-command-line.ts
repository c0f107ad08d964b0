import { VERSION } from '../version.ts';
import { Args } from './args.ts';
import type { Cli, Command } from './cli.ts';
import { COMMANDS } from './commands/commands.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { homesNamed } from './global-options.ts';
import type { Output } from './output.ts';
import { parse } from './parse.ts';
import type { Look } from './render/look.ts';
import { printable } from './render/printable.ts';
import { wrappingOutput } from './wrapping-output.ts';

/** All that a call has besides its words. */
export interface Surroundings extends Pick<Cli, 'env' | 'homes' | 'ports' | 'out' | 'err' | 'interruption'> {}

const HELP_COLUMNS = 80;

/** Reads the words, runs the command, and returns the exit code. Never rejects: a bug of ours is exit code 70. */
export async function runCommandLine(words: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  const world = { ...surroundings, err: wrappingOutput(surroundings.err) };
  try {
    const parsed = await parse(words, COMMANDS, world.out.isTerminal ? world.out.columns : HELP_COLUMNS);
    switch (parsed.kind) {
      case 'help':
        await world.out.write(`${parsed.text}\n`);
        return EXIT.done;
      case 'version':
        await world.out.write(`${VERSION}\n`);
        return EXIT.done;
      case 'wrong':
        return await wrongUsage(world, parsed.message, parsed.command);
      case 'run':
        return await run(parsed.command, parsed.args, world);
      default:
        return parsed satisfies never;
    }
  } catch (error) {
    return await reportBug(error, world);
  }
}

function run(command: Command, args: Args, world: Surroundings): Promise<ExitCode> {
  const homes = homesNamed(args, world.homes);
  if (homes === null) return wrongUsage(world, '--config and --data want a folder', command);
  return command.run(cliOf(args, command, { ...world, homes }));
}

function cliOf(args: Args, command: Command, world: Surroundings): Cli {
  return {
    ...world,
    args,
    commands: COMMANDS,
    outLook: lookOf(world.out, args, world),
    errLook: lookOf(world.err, args, world),
    onStep: isDebugging(world) ? traceTo(world.err) : () => {},
    wrongUsage: (message) => wrongUsage(world, message, command),
  };
}

function lookOf({ isTerminal, columns }: Output, args: Args, { env, ports }: Surroundings): Look {
  const isWanted = !args.flag('no-color') && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb';
  return { columns, color: isTerminal && isWanted, now: ports.clock.wall() };
}

const isDebugging = ({ env }: Pick<Surroundings, 'env'>): boolean => (env['OVERSEER_DEBUG'] ?? '') !== '';

/** Each step of the client's chart as a line, as the daemon's log has those of its own. */
function traceTo(err: Output): Cli['onStep'] {
  return ({ event, before, after }) => {
    if (before !== null) void err.write(`client ${event.type} ${String(before.value)} -> ${String(after.value)}\n`);
  };
}

async function wrongUsage({ err }: Surroundings, message: string, command: Command | null): Promise<ExitCode> {
  const name = command === null || command.about === null ? '' : ` ${command.words.split(' ')[0]}`;
  await err.write(`overseer: ${printable(message)}\nTry \`overseer${name} --help\`.\n`);
  return EXIT.usage;
}

/** Says that overseer itself has failed; the exit code for that. */
export async function reportBug(error: unknown, { err, env }: Pick<Surroundings, 'err' | 'env'>): Promise<ExitCode> {
  const { message, stack } = error as Error;
  const trace = isDebugging({ env }) ? `${stack}\n` : '';
  await err.write(`overseer: a bug of ours: ${printable(message)}\nPlease report it; OVERSEER_DEBUG=1 shows where it happened.\n${trace}`);
  return EXIT.bug;
}
