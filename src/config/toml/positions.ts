import type { TomlEntry, TomlNode, TomlValue } from 'toml/lib/parser.js';
import type { Path } from './path.ts';

/** Offsets in a TOML text: where the key begins, and where its value does. */
export interface Position {
  readonly key: number;
  readonly value: number;
}

/** No known key lies deeper; anything below is reported further up as unknown. */
const MAX_DEPTH = 8;

/** The positions of all keys and values in a valid TOML text. Made only to report a problem. */
export class Positions {
  readonly #found = new Map<string, Position>();
  /** Index of the last element of each array of tables. */
  readonly #last = new Map<string, number>();

  constructor(nodes: readonly TomlNode[]) {
    let base: Path = [];
    for (const node of nodes) {
      if (node.type === 'Assign') this.#entry(base, node);
      else base = this.#header(node);
    }
  }

  /** The position of this path, or of the nearest table or array around it that the text has. */
  of(path: Path): Position {
    for (let length = path.length; length > 0; length -= 1) {
      const position = this.#found.get(idOf(path.slice(0, length)));
      if (position !== undefined) return position;
    }
    return { key: 0, value: 0 };
  }

  #header(node: Exclude<TomlNode, TomlEntry>): Path {
    const table = node.type === 'ObjectPath' ? this.#resolve(node.value) : this.#append(node.value);
    this.#put([], table, { key: node.offset, value: node.offset });
    return table;
  }

  #append(keys: readonly string[]): Path {
    const array = [...this.#resolve(keys.slice(0, -1)), ...keys.slice(-1)];
    const index = (this.#last.get(idOf(array)) ?? -1) + 1;
    this.#last.set(idOf(array), index);
    return [...array, index];
  }

  /** A path through an array of tables means its last element. */
  #resolve(keys: readonly string[]): Path {
    const path: (string | number)[] = [];
    for (const key of keys) {
      path.push(key);
      const last = this.#last.get(idOf(path));
      if (last !== undefined) path.push(last);
    }
    return path;
  }

  #entry(base: Path, entry: TomlEntry): void {
    const keys = [entry.key].flat();
    this.#put(base, keys, { key: entry.offset, value: entry.value.offset });
    this.#value([...base, ...keys], entry.value);
  }

  #value(path: Path, value: TomlValue): void {
    if (path.length >= MAX_DEPTH) return;
    if (value.type === 'InlineTable') {
      for (const entry of value.value) if (entry.type === 'InlineTableValue') this.#entry(path, entry);
    } else if (value.type === 'Array') {
      value.value.forEach((item, index) => {
        this.#put(path, [index], { key: item.offset, value: item.offset });
        this.#value([...path, index], item);
      });
    }
  }

  /** A dotted key or header is also the first position of each table on its way. */
  #put(base: Path, keys: Path, position: Position): void {
    const deepest = Math.min(keys.length, MAX_DEPTH - base.length);
    for (let length = 1; length <= deepest; length += 1) {
      const id = idOf([...base, ...keys.slice(0, length)]);
      if (!this.#found.has(id)) this.#found.set(id, position);
    }
  }
}

const idOf = (path: Path): string => JSON.stringify(path.map(String));
