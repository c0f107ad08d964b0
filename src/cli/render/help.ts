import type { Command, Option } from '../cli.ts';
import { GLOBAL_OPTIONS } from '../argv/global-options.ts';
import { displayWidth, pad } from '../../text/display-width.ts';
import { wrapped } from '../terminal/wrapped.ts';

const WIDEST = 100;
const MARGIN = '  ';
/** A longer left column has its explanation on the next line. */
const BEGIN_COLUMNS = 28;

/** The help of a command, or of all of them, from the same lists as the manual pages. */
export function renderHelp(command: Command | null, commands: readonly Command[], columns: number): string {
  const page = Math.min(columns, WIDEST);
  const blocks = command === null ? overview(commands) : partsOf(command);
  return blocks.map((block) => linesOf(block, page).join('\n')).join('\n\n');
}

/** Sentences, or a heading with words and what they mean. */
type Block =
  | string
  | { readonly heading: string | null; readonly rows: readonly (readonly [begin: string, about: string])[] };

function overview(commands: readonly Command[]): readonly Block[] {
  const shown = commands.filter(({ about }) => about !== null);
  const [apply] = shown;
  return [
    'overseer [COMMAND] [OPTIONS]',
    'Keeps the jobs of your config running. Without a command: applies the config.',
    {
      heading: 'Commands:',
      rows: shown.map((each) => [`${usageOf(each)}${alsoOf(each)}`, each.about ?? '']),
    },
    { heading: 'Options of `overseer` alone:', rows: optionRows(apply?.options ?? {}) },
    { heading: 'Options of every command:', rows: optionRows(GLOBAL_OPTIONS) },
    '`overseer COMMAND --help` has the options of one command.',
  ];
}

function partsOf(command: Command): readonly Block[] {
  const { about, note, positionals = {}, options = {} } = command;
  const words = Object.entries(positionals).filter(([, meaning]) => meaning !== '');
  return [
    `overseer ${usageOf(command)} [OPTIONS]`,
    `${about ?? ''}.${note === undefined ? '' : ` ${note}`}`,
    ...(words.length > 0
      ? [{ heading: null, rows: words.map(([word, meaning]) => [placeOf(command, word), meaning] as const) }]
      : []),
    ...(Object.keys(options).length > 0 ? [{ heading: 'Options:', rows: optionRows(options) }] : []),
    { heading: 'Options of every command:', rows: optionRows(GLOBAL_OPTIONS) },
    ...(command.aliases === undefined ? [] : [`Also \`overseer ${command.aliases.join(' ')}\`.`]),
  ];
}

/** `logs [JOB...]`, `why JOB...`. */
function usageOf(command: Command): string {
  return command.words.replace(/\[(\w+)(\.\.)?\]/g, (_, word: string) => {
    const place = placeOf(command, word);
    return command.needsWords === true ? place : `[${place}]`;
  });
}

/** `[jobs..]` as usages write it: `JOB...`. */
function placeOf({ words }: Command, word: string): string {
  const goesOn = words.includes(`[${word}..]`);
  return `${(goesOn ? word.replace(/s$/, '') : word).toUpperCase()}${goesOn ? '...' : ''}`;
}

const alsoOf = ({ aliases = [] }: Command): string => aliases.map((alias) => `, ${alias}`).join('');

function optionRows(options: Readonly<Record<string, Option>>): readonly (readonly [string, string])[] {
  return Object.entries(options).map(([name, option]) => {
    const short = option.alias === undefined ? '    ' : `-${option.alias}, `;
    return [`${short}--${name}${valueOf(option)}`, option.about];
  });
}

function valueOf({ type, isValueOptional, stands = 'VALUE' }: Option): string {
  if (type !== 'string') return '';
  return isValueOptional === true ? `[=${stands}]` : ` ${stands}`;
}

function linesOf(block: Block, page: number): readonly string[] {
  if (typeof block === 'string') return wrapped(block, page);
  const { heading, rows } = block;
  const begin = Math.min(BEGIN_COLUMNS, Math.max(...rows.map(([words]) => displayWidth(words))));
  const indent = MARGIN.length + begin + MARGIN.length;
  const lines = rows.flatMap(([words, about]) => {
    const [first = '', ...rest] = wrapped(about, page - indent).map((line) => ' '.repeat(indent) + line);
    const isShort = displayWidth(words) <= begin;
    return [
      ...(isShort
        ? [MARGIN + pad(words, begin) + first.slice(indent - MARGIN.length)]
        : [MARGIN + words, first]),
      ...rest,
    ];
  });
  return heading === null ? lines : [heading, ...lines];
}
