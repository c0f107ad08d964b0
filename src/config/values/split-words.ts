import { codePointName, invisibleAt } from '../../text/invisible.ts';
import { parsed, refused, type Parsed } from '../result.ts';

const PIECE = new RegExp(
  [
    /(?<space>[ \t\r\n]+)/,
    /'(?<single>[^']*)'/,
    /"(?<double>[^"\\]*(?:\\[^][^"\\]*)*)"/,
    /(?<continued>\\\r?\n)/,
    /\\(?<escaped>[^])/,
    /(?<plain>[^\s'"\\|&;<>()$`*?]+)/,
    /(?<other>[^])/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'g',
);

const CURE = 'put it in single quotes, or write { exe = "sh", args = ["-c", "…"] }';

const TILDE =
  'only a shell expands ~: write the whole path, or { exe = "sh", args = ["-c", "…"] }; ' +
  'if the letter itself is meant, put it in single quotes';

/**
 * Splits a command as a POSIX shell does, without expanding anything. Pipes, variables, globs and other shell
 * syntax are refused.
 */
export function splitWords(text: string): Parsed<readonly string[]> {
  const words: string[] = [];
  let word: string | null = null;
  for (const match of text.matchAll(PIECE)) {
    // A word goes on behind it, and none begins there.
    if (match.groups?.['continued'] !== undefined) continue;
    const read = readPiece(match, word, text);
    if (!read.ok) return refused(read.message, match.index + (read.at ?? 0));
    if (read.value !== null) word = (word ?? '') + read.value;
    else if (word !== null) {
      words.push(word);
      word = null;
    }
  }
  if (word !== null) words.push(word);
  return checkFirst(words, text);
}

/** The characters that a piece adds to its word; null ends the word. */
function readPiece(match: RegExpExecArray, word: string | null, text: string): Parsed<string | null> {
  const { space, single, double, escaped, plain, other } = match.groups ?? {};
  if (space !== undefined) return space.includes('\n') ? readLineBreak(match, text) : parsed(null);
  if (single !== undefined) return parsed(single);
  if (double !== undefined) return readDouble(double);
  if (escaped !== undefined) return parsed(escaped);
  if (plain !== undefined) return readPlain(plain, word);
  return refused(characterError(other ?? ''));
}

/** A line break at either end comes with a string of several lines and means nothing. */
function readLineBreak({ index, 0: space }: RegExpExecArray, text: string): Parsed<null> {
  const inside = text.slice(0, index).trim() !== '' && text.slice(index + space.length).trim() !== '';
  return inside
    ? refused(`a line break ends a command for a shell: write one line, or ${CURE}`)
    : parsed(null);
}

function readDouble(text: string): Parsed<string> {
  const expanded = /(?<!\\)(?:\\\\)*([$`])/.exec(text);
  if (expanded !== null) return refused(forShell(expanded[1] ?? ''), expanded.index + expanded[0].length);
  return parsed(text.replace(/\\(?:\r?\n|([$`"\\]))/g, (_, letter = '') => letter));
}

function readPlain(text: string, word: string | null): Parsed<string> {
  if (word === null && text.startsWith('~')) return refused(TILDE);
  if (word === null && text.startsWith('#')) return refused(forShell('#'));
  const invisible = invisibleAt(text);
  if (invisible >= 0) return refused(hidden(text, invisible), invisible);
  const glob = text.search(/\[.*\]/);
  return glob < 0 ? parsed(text) : refused(forShell('['), glob);
}

function characterError(character: string): string {
  if (character === "'" || character === '"') return `the quote ${character} is never closed`;
  if (character === '\\') return 'nothing follows the last backslash';
  if (invisibleAt(character) === 0) return hidden(character, 0);
  return forShell(character);
}

const hidden = (text: string, at: number): string =>
  `${codePointName(text, at)} cannot be seen: write a plain space or remove it; ` +
  'if it is meant, put it in single quotes';

const forShell = (character: string): string =>
  `${character} means something to a shell, and no shell runs this: ${CURE}`;

function checkFirst(words: readonly string[], text: string): Parsed<readonly string[]> {
  const [first] = words;
  if (first === undefined || first === '')
    return refused('expected a program and its arguments, got an empty command');
  if (first === '!' && text.trimStart().startsWith('!')) return refused(forShell('!'));
  if (/^[A-Za-z_]\w*=/.test(first) && text.trimStart().startsWith(first)) {
    return refused(`${JSON.stringify(first)} in front sets a variable only in a shell: use the key "env"`);
  }
  return parsed(words);
}
