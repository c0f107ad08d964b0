/**
 * The two steps of toml's `parse`, whose nodes know their positions. They are no public API, so the version
 * is pinned.
 */
declare module 'toml/lib/parser.js' {
  export type TomlValue =
    | { readonly type: 'Array'; readonly value: readonly TomlValue[]; readonly offset: number }
    | { readonly type: 'InlineTable'; readonly value: readonly TomlEntry[]; readonly offset: number }
    | { readonly type: 'String'; readonly value: string; readonly offset: number };

  export interface TomlEntry {
    readonly type: 'Assign' | 'InlineTableValue';
    readonly key: string | readonly string[];
    readonly value: TomlValue;
    readonly offset: number;
  }

  export type TomlNode =
    | (TomlEntry & { readonly type: 'Assign' })
    | {
        readonly type: 'ObjectPath' | 'ArrayPath';
        readonly value: readonly string[];
        readonly offset: number;
      };

  const parser: { parse(text: string, options: object): readonly TomlNode[] };
  export default parser;
}

declare module 'toml/lib/compiler.js' {
  import type { TomlNode } from 'toml/lib/parser.js';

  const compiler: {
    compile(nodes: readonly TomlNode[], text: string, options: object): Readonly<Record<string, unknown>>;
  };
  export default compiler;
}
