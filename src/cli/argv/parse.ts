import yargs, { type Argv } from 'yargs';
import { candidatesOf, didYouMean } from '../../text/did-you-mean.ts';
import { Args } from './args.ts';
import type { Command, Option } from '../cli.ts';
import { commandElsewhere, optionElsewhere } from '../elsewhere.ts';
import { namesOf, optionsOf } from './option-spec.ts';
import { GLOBAL_OPTIONS } from './global-options.ts';
import { forYargs, fromYargs, valuedInVain } from './normalize-argv.ts';
import { renderHelp } from '../render/help.ts';

/** The result of parsing the words of a call. */
export type ParsedArgv =
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

/** Parses the words of one call. The first command is the default. */
export async function parse(
  words: readonly string[],
  commands: readonly Command[],
  columns: number,
): Promise<ParsedArgv> {
  const choice: Choice = { command: null, argv: {}, wrong: null };
  const parser = parserOf(forYargs(words, commands), commands, columns, choice);
  parser.parseSync();
  const command = choice.command ?? commands.find((each) => isNameOf(words[0] ?? '', each)) ?? null;
  if (command?.isRefused === true) return { kind: 'run', command, args: new Args({}) };
  const read = fromYargs(choice.argv);
  const argv = isNamed(read, command) ? withRest(read, command) : read;
  const isCommandNamed = isNamed(argv, command) || (command !== null && isNameOf(words[0] ?? '', command));
  const wrong = (message: string): ParsedArgv => ({
    kind: 'wrong',
    message,
    command: isCommandNamed ? command : null,
  });
  if (choice.wrong !== null || command === null) return wrong(choice.wrong ?? 'wrong usage');
  const valued = valuedInVain(words, command);
  if (valued !== null) return wrong(`${valued} takes no value`);
  if (argv['version'] === true) return { kind: 'version' };
  const mistake = numberInPlaceOfJob(read, command) ?? mistakeIn(argv, command, commands);
  const at = mistake === null || isNamed(argv, command) ? 0 : placeOfCommand(words, commands);
  if (at > 0) return parse([...words.slice(at, at + 1), ...words.toSpliced(at, 1)], commands, columns);
  if (argv['help'] === true && (mistake === null || isCommandNamed))
    return { kind: 'help', text: renderHelp(isCommandNamed ? command : null, commands, columns) };
  return mistake === null ? { kind: 'run', command, args: new Args(argv) } : wrong(mistake);
}

function parserOf(
  words: readonly string[],
  commands: readonly Command[],
  columns: number,
  choice: Choice,
): Argv {
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
    // yargs treats a last word `help` as --help even where it is the name of a job, so help and version are
    // options of ours.
    .help(false)
    .version(false)
    .options(yargsOptions(GLOBAL_OPTIONS))
    .exitProcess(false)
    .fail((message: string | null, error: Error | undefined) => {
      if (error && error.name !== 'YError') throw error;
      choice.wrong ??= inOurWords(message ?? error?.message ?? 'wrong usage');
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
      for (const [name, describe] of Object.entries(command.positionals ?? {}))
        builder.positional(name, { type: 'string', describe });
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
      {
        type,
        describe: about,
        ...(alias === undefined ? {} : { alias }),
        ...(type === 'string' ? { requiresArg: true } : {}),
      },
    ]),
  );
}

/** Passes the words after `--` to the command; yargs keeps them apart. */
function withRest(argv: Choice['argv'], command: Command | null): Choice['argv'] {
  const { '--': given, ...others } = argv;
  if (!Array.isArray(given)) return argv;
  const rest = [...(given as readonly unknown[])];
  const filled: Record<string, unknown> = { ...others };
  for (const [, name = '', many] of (command?.words ?? '').matchAll(/\[(\w+)(\.\.)?\]/g)) {
    if (many !== undefined)
      filled[name] = [...((argv[name] as readonly unknown[] | undefined) ?? []), ...rest.splice(0)];
    else if (argv[name] === undefined && rest.length > 0) filled[name] = rest.shift();
  }
  return { ...filled, '--': rest };
}

/**
 * The position of a command that follows its own options, which can be parsed only once the command is known;
 * 0 if there is none.
 */
function placeOfCommand(words: readonly string[], commands: readonly Command[]): number {
  const options = commands.flatMap(optionsOf);
  const takesWord = (word: string | undefined): boolean =>
    options.some(
      ({ type, isValueOptional, written }) =>
        type === 'string' && isValueOptional !== true && written.includes(word ?? ''),
    );
  const at = words.findIndex((word, index) => !word.startsWith('-') && !takesWord(words[index - 1]));
  return at > 0 &&
    !words.slice(0, at).includes('--') &&
    commands.some((each) => isNameOf(words[at] ?? '', each))
    ? at
    : 0;
}

/** A word or an option that the command does not know, with the nearest that it does. */
function mistakeIn(
  argv: Readonly<Record<string, unknown>>,
  command: Command,
  commands: readonly Command[],
): string | null {
  const options = { ...GLOBAL_OPTIONS, ...command.options };
  const names = Object.entries(options).flatMap(([name, { alias }]) =>
    alias === undefined ? [name] : [name, alias],
  );
  const known = new Set(['_', '$0', '--', ...names, ...Object.keys(command.positionals ?? {})]);
  const words = isNamed(argv, command) ? [] : wordsBesides(argv, command);
  const another = words.map(commandElsewhere).find((says) => says !== null) ?? null;
  if (another !== null)
    return `unknown command ${words.find((word) => commandElsewhere(word) !== null)}: ${another}`;
  const unknown = Object.keys(argv).find((key) => !known.has(key));
  if (unknown !== undefined) {
    const whose = isNamed(argv, command) ? nameOf(command) : 'overseer';
    const elsewhere = optionElsewhere(dashed(unknown), whose);
    return (
      ofAnother(dashed(unknown), whose, commands) ??
      (elsewhere === null ? null : `unknown option ${dashed(unknown)}: ${elsewhere}`) ??
      `unknown option ${dashed(unknown)}${didYouMean(dashed(unknown), candidatesOf(names.map(dashed)))}`
    );
  }
  if ([argv['file'], argv['files']].flat().includes('-')) return '- is no file: standard input is not read';
  const extra = wordsBesides(argv, command)[0];
  const left = Array.isArray(argv['--']) ? argv['--'].map(String)[0] : undefined;
  if (extra === undefined) return left === undefined ? null : `unexpected word ${left}`;
  const commandNames = commands.filter(({ about }) => about !== null).flatMap(namesOf);
  if (isNamed(argv, command)) return `unexpected word ${extra}${insteadOf(command, extra)}`;
  return `unknown command ${extra || '""'}${didYouMean(extra, candidatesOf(commandNames))}`;
}

/** `-5` in place of a job, as tail(1) takes it: to yargs it is a word. */
function numberInPlaceOfJob(read: Readonly<Record<string, unknown>>, command: Command): string | null {
  const number = [read['job'], read['jobs']]
    .flat()
    .map(String)
    .find((word) => /^-\d+$/.test(word));
  if (number === undefined) return null;
  const cure = 'lines' in (command.options ?? {}) ? `: \`-n ${number.slice(1)}\` shows the last lines` : '';
  return `unknown option ${number}${cure}`;
}

/** The words that the command does not accept. Without a command, the words were meant as the name of one. */
function wordsBesides(argv: Readonly<Record<string, unknown>>, command: Command): readonly string[] {
  const stray = isNamed(argv, command)
    ? []
    : Object.keys(command.positionals ?? {}).flatMap((name) => argv[name] ?? []);
  return [...(argv['_'] as readonly unknown[]), ...stray]
    .map(String)
    .filter((word, index) => index > 0 || !isNameOf(word, command));
}

/** A command for everything that was called with one job. */
function insteadOf(command: Command, word: string): string {
  return nameOf(command) === 'die' && !/^(true|false)$/.test(word)
    ? `: \`overseer stop ${word}\` stops one job, die ends the daemon`
    : '';
}

/** Says which other command has an unknown option; null if none has it. */
function ofAnother(option: string, whose: string, commands: readonly Command[]): string | null {
  const owners = commands
    .filter((each) => optionsOf(each).some(({ written }) => written.includes(option)))
    .map(nameOf);
  if (owners.length === 0) return null;
  return `${whose} has no option ${option}: ${owners.join(', ')} ${owners.length === 1 ? 'has' : 'have'} it`;
}

const nameOf = (command: Command): string => namesOf(command)[0] ?? '';
const isNameOf = (word: string, command: Command): boolean => namesOf(command).includes(word);
const isNamed = (argv: Readonly<Record<string, unknown>>, command: Command | null): boolean =>
  command !== null && Array.isArray(argv['_']) && isNameOf(String(argv['_'][0]), command);
const dashed = (name: string): string => (name.length === 1 ? `-${name}` : `--${name}`);

/** yargs' own message for the one mistake that it finds itself. */
function inOurWords(message: string): string {
  const lacking = /^Not enough arguments following: (\S+)/.exec(message)?.[1];
  return lacking === undefined
    ? message.charAt(0).toLowerCase() + message.slice(1)
    : `${dashed(lacking)} wants a value`;
}
