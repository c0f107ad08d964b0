import { isMap, LineCounter, parseDocument } from 'yaml';
import type { Import } from '../draft.ts';
import type { ImportSource } from './source.ts';

/** A YAML or JSON file as a value, with the line of each key. */
export interface YamlReading {
  readonly value: unknown;
  readonly lineOf: (path: readonly (string | number)[]) => number;
}

/** Null, and a remark, for what is no YAML. Aliases and merges are resolved. */
export function readYaml(
  { file, text }: Pick<ImportSource, 'file' | 'text'>,
  into: Import,
): YamlReading | null {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, merge: true, logLevel: 'silent' });
  const [error] = document.errors;
  if (error !== undefined) {
    into.remark(
      { file, line: lines.linePos(error.pos[0]).line },
      error.message.split('\n')[0] ?? 'this is no YAML',
    );
    return null;
  }
  const lineOf = (path: readonly (string | number)[]): number => {
    const parent = path.length > 1 ? document.getIn(path.slice(0, -1), true) : document.contents;
    const key = path.at(-1);
    const pair = isMap(parent)
      ? parent.items.find((each) => String((each.key as { value?: unknown })?.value) === String(key))
      : undefined;
    const node = (pair?.key ?? document.getIn(path, true)) as { range?: readonly number[] } | undefined;
    return node?.range?.[0] === undefined ? 1 : lines.linePos(node.range[0]).line;
  };
  return { value: document.toJS({ maxAliasCount: 1000 }) as unknown, lineOf };
}
