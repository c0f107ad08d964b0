/** What a service manager runs at login: everything about the entry that overseer decides. */
export interface Entry {
  /** The whole path of `overseerd`, or of a link to it in a folder of the PATH. */
  readonly program: string;
  /**
   * The programs that the entry and its PATH led to when it was written; if they differ now, they have moved.
   */
  readonly seen: SeenPrograms;
  readonly path: string;
  /** Further variables: the language, and where overseer's folders are. */
  readonly variables: Readonly<Record<string, string>>;
}

/** The real files of the programs that run overseer. */
export interface SeenPrograms {
  readonly program: string;
  readonly node: string;
}

/** The mark of an entry of ours: a version, a checksum and the facts, within a comment. */
const MARK = /^(.*)overseer-autostart 1 ([0-9a-f]{16}) (\{.*\})(.*)$/m;

export interface Mark {
  readonly entry: Entry;
  readonly checksum: string;
  readonly facts: string;
  /** The text without the mark: that is what the checksum is of, besides the facts. */
  readonly rest: string;
}

/** The mark that overseer wrote into an entry; null if the text has none. */
export function markIn(text: string): Mark | null {
  const [line, before = '', checksum = '', facts = '', after = ''] = MARK.exec(text) ?? [];
  const entry = line === undefined ? null : parsedFacts(facts);
  if (line === undefined || entry === null) return null;
  return { entry, checksum, facts, rest: text.replace(line, () => `${before}${after}`) };
}

function parsedFacts(facts: string): Entry | null {
  try {
    const { program, seen, path, variables } = JSON.parse(facts) as Partial<Entry>;
    const isWhole = [program, seen?.program, seen?.node, path].every((each) => typeof each === 'string');
    return isWhole && typeof variables === 'object' && variables !== null
      ? ({ program, seen, path, variables } as Entry)
      : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Two hyphens would end a comment of XML. */
export const factsOf = (entry: Entry): string => JSON.stringify(entry).replace(/--/g, String.raw`-\u002d`);
