import { isAlias, isMap, isSeq, LineCounter, parseDocument, type Document, type Pair } from 'yaml';
import type { Import } from '../draft.ts';
import type { ImportSource } from './source.ts';

const MOST_ALIASES = 1000;
const MERGE = '<<';

/** JSON as pm2 reads it, with comments; each becomes blanks, so that lines and columns stay. */
const withoutComments = (text: string): string =>
  text.replace(
    /("(?:[^"\\]|\\[^])*")|\/\/[^\n]*|\/\*[^]*?\*\//g,
    (whole, quoted?: string) => quoted ?? whole.replace(/[^\n]/g, ' '),
  );

/** A YAML or JSON file as a value, with the line of each key. */
export interface YamlReading {
  readonly value: unknown;
  readonly lineOf: (path: readonly (string | number)[]) => number;
  /** The file and the line of a key, for a remark. */
  readonly spot: (...path: readonly (string | number)[]) => { readonly file: string; readonly line: number };
}

/** The pair of a key in a map, or in one that is merged into it. */
function pairOf(node: unknown, key: string, document: Document): Pair | undefined {
  const map = isAlias(node) ? node.resolve(document) : node;
  if (!isMap(map)) return undefined;
  const keyOf = ({ key: node }: Pair): string => {
    const value = (node as { value?: unknown } | null)?.value;
    // A key that merges is a symbol.
    return typeof value === 'symbol' ? (value.description ?? '') : String(value);
  };
  const own = map.items.find((each) => keyOf(each) === key);
  if (own !== undefined) return own;
  const merged = map.items.filter((each) => keyOf(each) === MERGE).map(({ value }) => value);
  const parts = merged.flatMap((each) => (isSeq(each) ? each.items : [each]));
  // An alias that is merged into itself was refused when the file was read.
  return parts.map((each) => pairOf(each, key, document)).find((each) => each !== undefined);
}

/** Null, and a remark, for a text that is no YAML. Aliases and merges are resolved. */
export function readYaml(
  { file, text }: Pick<ImportSource, 'file' | 'text'>,
  into: Import,
): YamlReading | null {
  const lines = new LineCounter();
  const plain = file.endsWith('.json') ? withoutComments(text) : text;
  const document = parseDocument(plain, { lineCounter: lines, merge: true, logLevel: 'error' });
  const [error] = document.errors;
  if (error !== undefined) {
    into.remark(
      { file, line: lines.linePos(error.pos[0]).line },
      error.code === 'MULTIPLE_DOCS'
        ? 'the file has several documents: import each from a file of its own'
        : (error.message.split('\n')[0] ?? 'this is no YAML'),
    );
    return null;
  }
  const lineOf = (path: readonly (string | number)[]): number => {
    const parent = path.length > 1 ? document.getIn(path.slice(0, -1), true) : document.contents;
    const key = path.at(-1);
    const pair = pairOf(parent, String(key), document);
    const node = (pair?.key ?? document.getIn(path, true)) as { range?: readonly number[] } | undefined;
    return node?.range?.[0] === undefined ? 1 : lines.linePos(node.range[0]).line;
  };
  for (const { pos, message } of document.warnings)
    into.remark({ file, line: lines.linePos(pos[0]).line }, message.split('\n')[0] ?? message);
  try {
    const value = document.toJS({ maxAliasCount: MOST_ALIASES }) as unknown;
    // Circular aliases make a value without an end.
    JSON.stringify(value);
    return { value, lineOf, spot: (...path) => ({ file, line: lineOf(path) }) };
  } catch (error) {
    into.remark(
      { file, line: null },
      `its aliases cannot be resolved: ${(error as Error).message.split('\n')[0]}`,
    );
    return null;
  }
}
