import compiler from 'toml/lib/compiler.js';
import parser, { type TomlNode } from 'toml/lib/parser.js';
import type { Problem } from '../config.ts';
import { ConfigDocument, isTable, type WholeFloat } from './document.ts';
import type { Path } from './path.ts';
import { SIZE_LIMITS } from './size-limits.ts';
import type { Source, Spot } from './source.ts';
import { describeSyntax, type SyntaxError } from './toml-error-text.ts';

export type TomlReading =
  | { readonly ok: true; readonly document: ConfigDocument }
  | { readonly ok: false; readonly problem: Problem };

/**
 * No key takes a date or a time. As symbols they match no type of the schema; the parser's own objects would
 * pass for tables or strings.
 */
const apart = { from: (written: string) => Symbol(written) };
const PARSE_OPTIONS = {
  maxDepth: SIZE_LIMITS.depth,
  useTemporal: true,
  temporal: {
    // The parser adds the zone in brackets, as Temporal wants it.
    ZonedDateTime: { from: (written: string) => Symbol(written.replace(/\[.*$/, '')) },
    PlainDateTime: apart,
    PlainDate: apart,
    PlainTime: apart,
  },
};

/** Parses one file. The parser stops at the first mistake, so there is one problem at most. */
export function parseToml(source: Source): TomlReading {
  const { file, text } = source;
  try {
    const nodes = parser.parse(text, PARSE_OPTIONS);
    const data = compiler.compile(nodes, text, PARSE_OPTIONS);
    return {
      ok: true,
      document: new ConfigDocument(source, data, { nodes, floats: wholeFloats(nodes, text) }),
    };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const spot = spotOf(error);
    // An error without a position is a bug, not a mistake in the text.
    if (spot === null) throw error;
    const { offset, message } = describeSyntax(error, source.offsetAt(spot), text);
    const at = source.spotAt(offset);
    return { ok: false, problem: { file, ...at, message, excerpt: source.excerptAt(at) } };
  }
}

/** Where a text may hold a float such as `1.0` or `1e3`; a string may look alike. */
const LIKE_WHOLE_FLOAT = /[=,[]\s*[+-]?[\d_]+(?:\.0[0_]*(?![\d.])|(?:\.[\d_]+)?[eE])/;

/** The floats that have no fraction: they come out of the parser as whole numbers do. */
function wholeFloats(nodes: readonly TomlNode[], text: string): readonly WholeFloat[] {
  if (!LIKE_WHOLE_FLOAT.test(text)) return [];
  const found: WholeFloat[] = [];
  const look = (value: unknown, path: Path): void => {
    if (typeof value === 'number' && Number.isInteger(value)) found.push({ path, value });
    else if (Array.isArray(value)) value.forEach((each, at) => look(each, [...path, at]));
    else if (isTable(value)) for (const key of Object.keys(value)) look(value[key], [...path, key]);
  };
  look(compiler.compile(nodes, text, { ...PARSE_OPTIONS, bigint: true }), []);
  return found;
}

/** Complaints about the grammar carry a location, those about the meaning a line and a column. */
function spotOf(error: SyntaxError): Spot | null {
  if (error.location !== undefined) return error.location.start;
  const { line, column } = error;
  return line === undefined || column === undefined ? null : { line, column };
}
