import type { WriteStream } from 'node:tty';
import { isMissing, isUnclearPath, PROJECT_FILE } from '../../homes.ts';
import { traceRecord } from '../../host/trace.ts';
import { traceIn } from '../../host/open-trace.ts';
import type { NamedProject } from '../../project.ts';
import { printableJson } from '../../text/printable.ts';
import { VERSION } from '../../version.ts';
import { Args } from '../argv/args.ts';
import type { Cli, Command } from '../cli.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { fail, type FailureStreams } from '../fail.ts';
import { homesNamed } from '../argv/homes-named.ts';
import type { Output } from '../terminal/output.ts';
import type { ParsedArgv } from '../argv/parse.ts';
import { printable } from '../../text/printable.ts';
import { asksForJson } from '../argv/normalize-argv.ts';
import { contextOf, type RenderContext } from '../terminal/render-context.ts';
import { asciiOutput, isAsciiLocale } from '../terminal/ascii-output.ts';
import { wrappingOutput } from '../terminal/wrapping-output.ts';

/** All that a call has besides its words. */
export interface Surroundings extends Pick<
  Cli,
  'env' | 'homes' | 'ports' | 'out' | 'err' | 'interruption' | 'endInterrupted'
> {}

/** The commands that a call may name, and how its words are parsed. */
export interface CommandSet {
  readonly commands: readonly Command[];
  readonly parse: (words: readonly string[], columns: number) => Promise<ParsedArgv>;
  /** Makes stdout and stderr of them. */
  readonly outputOf: (descriptor: 1 | 2, stream: () => WriteStream) => Output;
}

const HELP_COLUMNS = 80;

/**
 * Parses the words, runs the command, and returns the exit code. Never rejects: a bug of overseer is exit
 * code 70.
 */
export async function runCommandLine(
  words: readonly string[],
  surroundings: Surroundings,
  commandSet: CommandSet,
): Promise<ExitCode> {
  const { env, err } = surroundings;
  const world = { ...surroundings, err: wrappingOutput(isAsciiLocale(env) ? asciiOutput(err) : err) };
  const code = await carriedOut(words, world, commandSet);
  const { trouble } = world.out;
  if (trouble === null) return code;
  // The output could not be written in full.
  await world.err.write(`overseer: cannot write the output: ${trouble}\n`);
  return EXIT.failed;
}

async function carriedOut(
  words: readonly string[],
  world: Surroundings,
  { commands, parse }: CommandSet,
): Promise<ExitCode> {
  try {
    const parsed = await parse(words, world.out.isTerminal ? world.out.columns : HELP_COLUMNS);
    switch (parsed.kind) {
      case 'help':
        await world.out.write(`${parsed.text}\n`);
        return EXIT.done;
      case 'version':
        await world.out.write(
          asksForJson(words) ? `${printableJson({ version: VERSION })}\n` : `${VERSION}\n`,
        );
        return EXIT.done;
      case 'wrong':
        return await wrongUsage(streamsOf(words, parsed.command, world), parsed.message, parsed.command);
      case 'run':
        return await run(parsed.command, parsed.args, { words, commands, ...world });
      default:
        return parsed satisfies never;
    }
  } catch (error) {
    return await reportBug(error, words, world);
  }
}

interface Call extends Surroundings, Pick<Cli, 'commands'> {
  readonly words: readonly string[];
}

async function run(command: Command, args: Args, call: Call): Promise<ExitCode> {
  try {
    return await runIn(command, args, call);
  } catch (error) {
    if (!isUnclearPath(error)) throw error;
    return wrongUsage(streamsOf(call.words, command, call), error.message, command);
  }
}

async function runIn(command: Command, args: Args, call: Call): Promise<ExitCode> {
  const named = await homesNamed(args, command, call);
  if (!named.ok) return wrongUsage(streamsOf(call.words, command, call), named.wrong, command);
  const { homes, project } = named;
  const cli = cliOf(args, command, { ...call, homes, usual: call.homes, project });
  const isNeeded = command.needsNoProject !== true && command.makesProject !== true;
  // A project with a daemon can be reached even if its config is gone.
  if (project !== null && isNeeded && !project.isThere && args.text('config') === null)
    if (cli.ports.readSocketFile(homes).kind === 'missing') return noProject(cli, command, project);
  return command.run(cli);
}

function noProject(cli: Cli, { jsonOfFailure }: Command, project: NamedProject): Promise<ExitCode> {
  const { folder, by } = project;
  const code = 'no-config';
  const message = isMissing(folder)
    ? `there is no ${folder}, which ${by} names`
    : `there is no ${PROJECT_FILE} in ${folder} or in a folder above it, which ${by} names; ` +
      `\`overseer --project=${folder} init\` writes one`;
  const json = jsonOfFailure?.(code, message);
  return cli.fail({ code, message, exit: EXIT.config, ...(json !== undefined && { json }) });
}

function cliOf(
  args: Args,
  command: Command,
  { words, ...world }: Call & Pick<Cli, 'usual' | 'project'>,
): Cli {
  const streams = streamsOf(words, command, world);
  const contextFor = (output: Output): RenderContext =>
    contextOf(output, { env: world.env, now: world.ports.clock.wall(), isPlain: args.flag('no-color') });
  return {
    ...world,
    args,
    report: isAsciiLocale(world.env) ? asciiOutput(world.out) : world.out,
    outContext: contextFor(world.out),
    errContext: contextFor(world.err),
    onStep: stepsOf(world),
    fail: (failure) => fail(streams, failure),
    wrongUsage: (message) => wrongUsage(streams, message, command),
  };
}

const isDebugging = ({ env }: Pick<Surroundings, 'env'>): boolean => (env['OVERSEER_DEBUG'] ?? '') !== '';

/** Where the steps of the client chart are printed: to stderr for debugging, and to a trace file. */
function stepsOf({ env, err }: Surroundings): Cli['onStep'] {
  const trace = traceIn(env);
  const printStep = isDebugging({ env }) ? traceTo(err) : () => {};
  return (step) => {
    trace?.(traceRecord('client', String(process.pid), step));
    printStep(step);
  };
}

/** One line for each step, like those in the daemon's log. */
function traceTo(err: Output): Cli['onStep'] {
  return ({ event, before, after }) => {
    if (before !== null)
      void err.write(`client ${event.type} ${String(before.value)} -> ${String(after.value)}\n`);
  };
}

function streamsOf(
  words: readonly string[],
  command: Command | null,
  { out, err }: Pick<Surroundings, 'out' | 'err'>,
): FailureStreams {
  return { out, err, jsonIndent: asksForJson(words) ? (command?.printsLines === true ? 0 : 2) : null };
}

function wrongUsage(streams: FailureStreams, message: string, command: Command | null): Promise<ExitCode> {
  const name = command === null || command.about === null ? '' : ` ${command.words.split(' ')[0]}`;
  return fail(streams, {
    code: 'usage',
    message,
    exit: EXIT.usage,
    hint: `Try \`overseer${name} --help\`.\n`,
  });
}

/** Errors of a failing disk or machine, which are no bug of the program. */
const REFUSALS = new Set([
  'EACCES',
  'EDQUOT',
  'EIO',
  'EMFILE',
  'ENFILE',
  'ENOMEM',
  'ENOSPC',
  'EPERM',
  'EROFS',
  'ESTALE',
]);

const isRefusal = (error: unknown): boolean =>
  REFUSALS.has((error as NodeJS.ErrnoException | null)?.code ?? '');

/** Reports a bug of overseer; returns its exit code. */
export function reportBug(
  error: unknown,
  words: readonly string[],
  { env, ...world }: Pick<Surroundings, 'out' | 'err' | 'env'>,
): Promise<ExitCode> {
  const { message, stack } = error as Error;
  if (isRefusal(error))
    return fail(streamsOf(words, null, world), {
      code: 'system',
      message: `the system says: ${printable(message)}`,
      exit: EXIT.failed,
    });
  const trace = isDebugging({ env }) ? `${stack}\n` : '';
  const hint = `Please report it; OVERSEER_DEBUG=1 shows where it happened.\n${trace}`;
  return fail(streamsOf(words, null, world), {
    code: 'bug',
    message: `a bug of ours: ${message}`,
    exit: EXIT.bug,
    hint,
  });
}
