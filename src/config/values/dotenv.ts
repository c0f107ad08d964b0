import { RESERVED, RESERVED_NAMES } from './own-variables.ts';

/** The content of an `env_file`. A refusal never quotes it, since such files hold secrets. */
export type Dotenv =
  | { readonly ok: true; readonly env: Readonly<Record<string, string>> }
  | { readonly ok: false; readonly offset: number; readonly message: string };

const BLANK = /[ \t]*(?:#[^\n]*)?\r?(?:\n|$)/y;
const NAME = /[ \t]*(?:export[ \t]+)?(?<name>[^\s=#'"]+)[ \t]*=[ \t]*/y;
const VALUE =
  /'(?<single>[^']*)'|"(?<double>[^"\\]*(?:\\[^][^"\\]*)*)"|(?<plain>[^\s#'"](?:\S|[ \t]+(?=[^\s#]))*)/y;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

/**
 * Parses `NAME=value` lines, with optional `export `, `#` comments, 'literal' and "escaped \n, \t, \" and \\"
 * values; both kinds of quotes may span lines. A later line wins. Nothing is expanded.
 */
export function parseDotenv(text: string): Dotenv {
  const found: [string, string][] = [];
  let offset = 0;
  while (offset < text.length) {
    const blank = matchAt(BLANK, text, offset);
    if (blank !== null) {
      offset += blank[0].length;
      continue;
    }
    const line = readLine(text, offset);
    if ('message' in line) return { ok: false, ...line };
    found.push([line.name, line.value]);
    offset = line.end;
  }
  return { ok: true, env: Object.fromEntries(found) };
}

type Line =
  | { readonly name: string; readonly value: string; readonly end: number }
  | { readonly offset: number; readonly message: string };

function readLine(text: string, offset: number): Line {
  const name = matchAt(NAME, text, offset);
  if (name === null) return { offset, message: 'expected NAME=value, a # comment or an empty line' };
  if (RESERVED_NAMES.includes(name.groups?.['name'] ?? '')) return { offset, message: RESERVED };
  const start = offset + name[0].length;
  const value = matchAt(VALUE, text, start);
  const length = value?.[0].length ?? 0;
  if (length === 0 && /['"]/.test(text.charAt(start)))
    return { offset: start, message: 'this quote is never closed' };
  const end = matchAt(BLANK, text, start + length);
  if (end === null)
    return { offset: start + length, message: 'expected the end of the line after the value' };
  return { name: name.groups?.['name'] ?? '', value: unquote(value), end: start + length + end[0].length };
}

function unquote(match: RegExpExecArray | null): string {
  const { single, double, plain } = match?.groups ?? {};
  if (double === undefined) return single ?? plain ?? '';
  return double.replace(
    /\\([^])/g,
    (_, letter: string) => ESCAPES[letter] ?? (/["\\$`\n]/.test(letter) ? letter : `\\${letter}`),
  );
}

function matchAt(pattern: RegExp, text: string, offset: number): RegExpExecArray | null {
  pattern.lastIndex = offset;
  return pattern.exec(text);
}
