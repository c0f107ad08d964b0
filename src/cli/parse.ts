import yargs, { type Argv } from 'yargs';
import { candidatesOf, didYouMean } from '../config/nearest.ts';
import { Args } from './args.ts';
import type { Command, Option } from './cli.ts';
import { namesOf } from './command-words.ts';
import { GLOBAL_OPTIONS } from './global-options.ts';
import { renderHelp } from './render/help.ts';

/** What the words of a call come to. */
export type Parsed =
  | { readonly kind: 'run'; readonly command: Command; readonly args: Args }
  | { readonly kind: 'help'; readonly text: string }
  | { readonly kind: 'version' }
  /** `command` is the one whose help would help; null for that of the whole program. */
  | { readonly kind: 'wrong'; readonly message: string; readonly command: Command | null };

interface Choice {
  command: Command | null;
  argv: Readonly<Record<string, unknown>>;
  wrong: string | null;
}

/** Reads the words of one call. The first command is the one that runs when none is named. */
export async function parse(words: readonly string[], commands: readonly Command[], columns: number): Promise<Parsed> {
  const choice: Choice = { command: null, argv: {}, wrong: null };
  const parser = parserOf(words, commands, columns, choice);
  parser.parseSync();
  const command = choice.command ?? commands.find((each) => isNameOf(words[0] ?? '', each)) ?? null;
  const argv = withRest(choice.argv, command);
  if (argv['version'] === true) return { kind: 'version' };
  if (argv['help'] === true) return { kind: 'help', text: renderHelp(isNamed(argv, command) ? command : null, commands, columns) };
  const message = choice.wrong ?? (command === null ? 'wrong usage' : mistakeIn(argv, command, commands));
  if (message !== null || command === null)
    return { kind: 'wrong', message: message ?? '', command: command !== null && isNameOf(words[0] ?? '', command) ? command : null };
  return { kind: 'run', command, args: new Args(argv) };
}

function parserOf(words: readonly string[], commands: readonly Command[], columns: number, choice: Choice): Argv {
  const parser = yargs([...words])
    .scriptName('overseer')
    .locale('en')
    .parserConfiguration({
      'boolean-negation': false,
      'dot-notation': false,
      'camel-case-expansion': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
      'populate--': true,
    })
    // yargs takes the last word `help` for --help even where it is the name of a job, so both are options of ours.
    .help(false)
    .version(false)
    .options(yargsOptions(GLOBAL_OPTIONS))
    .exitProcess(false)
    .fail((message: string | null, error: Error | undefined) => {
      if (error && error.name !== 'YError') throw error;
      choice.wrong ??= lowerFirst(message ?? error?.message ?? 'wrong usage');
    });
  commands.forEach((command, index) => addCommand(parser, command, index === 0, choice));
  return parser;
}

function addCommand(parser: Argv, command: Command, isDefault: boolean, choice: Choice): void {
  const names = [command.words, ...(command.aliases ?? []), ...(isDefault ? ['$0'] : [])];
  const about = command.about ?? false;
  parser.command(
    names,
    // An empty string hides nothing, false does; the type of yargs knows only the string.
    about as string,
    (builder) => {
      for (const [name, describe] of Object.entries(command.positionals ?? {})) builder.positional(name, { type: 'string', describe });
      return builder.options(yargsOptions(command.options ?? {}));
    },
    (argv) => {
      choice.command = command;
      choice.argv = argv;
    },
  );
}

function yargsOptions(
  options: Readonly<Record<string, Option>>,
): Record<string, { type: 'boolean' | 'string'; describe: string; alias?: string; requiresArg?: boolean }> {
  return Object.fromEntries(
    Object.entries(options).map(([name, { type, about, alias }]) => [
      name,
      { type, describe: about, ...(alias === undefined ? {} : { alias }), ...(type === 'string' ? { requiresArg: true } : {}) },
    ]),
  );
}

/** Gives the words after `--` to the positional that takes any number; yargs leaves them aside. */
function withRest(argv: Choice['argv'], command: Command | null): Choice['argv'] {
  const { '--': rest, ...others } = argv;
  const variadic = /\[(\w+)\.\.\]/.exec(command?.words ?? '')?.[1];
  if (!Array.isArray(rest)) return argv;
  if (variadic === undefined) return { ...others, _: [...(argv['_'] as readonly unknown[]), ...rest] };
  return { ...others, [variadic]: [...(argv[variadic] as readonly unknown[]), ...rest] };
}

/** A word or an option that the command does not know, with the nearest that it does. */
function mistakeIn(argv: Readonly<Record<string, unknown>>, command: Command, commands: readonly Command[]): string | null {
  const options = { ...GLOBAL_OPTIONS, ...command.options };
  const names = Object.entries(options).flatMap(([name, { alias }]) => (alias === undefined ? [name] : [name, alias]));
  const known = new Set(['_', '$0', ...names, ...Object.keys(command.positionals ?? {})]);
  const unknown = Object.keys(argv).find((key) => !known.has(key));
  if (unknown !== undefined) return `unknown option ${dashed(unknown)}${didYouMean(dashed(unknown), candidatesOf(names.map(dashed)))}`;
  const extra = (argv['_'] as readonly unknown[]).map(String).find((word, index) => index > 0 || !isNameOf(word, command));
  if (extra === undefined) return null;
  const words = commands.filter(({ about }) => about !== null).flatMap(namesOf);
  return isNamed(argv, command) ? `unexpected word ${extra}` : `unknown command ${extra}${didYouMean(extra, candidatesOf(words))}`;
}

const isNameOf = (word: string, command: Command): boolean => namesOf(command).includes(word);
const isNamed = (argv: Readonly<Record<string, unknown>>, command: Command | null): boolean =>
  command !== null && Array.isArray(argv['_']) && isNameOf(String(argv['_'][0]), command);
const dashed = (name: string): string => (name.length === 1 ? `-${name}` : `--${name}`);
const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
