import type { TomlNode } from 'toml/lib/parser.js';
import type { Problem } from '../config.ts';
import { MAX_PROBLEMS } from '../problem-list.ts';
import { madeVisible } from '../../text/invisible.ts';
import { writePath, type Path } from './path.ts';
import { Positions } from './positions.ts';
import type { Source } from './source.ts';

/** A TOML table: it has no prototype, so any name is an ordinary key. */
export type Table = Readonly<Record<string, unknown>>;

export function isTable(value: unknown): value is Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value that is written as a float, though it has no fraction. */
export interface WholeFloat {
  readonly path: Path;
  readonly value: number;
}

/** What only the parser knows of a text. */
interface Parsed {
  readonly nodes: readonly TomlNode[];
  readonly floats: readonly WholeFloat[];
}

/** A config file that parsed, and the problems found in it. */
export class ConfigDocument {
  readonly source: Source;
  readonly data: Table;
  readonly wholeFloats: readonly WholeFloat[];
  readonly #nodes: readonly TomlNode[];
  readonly problems: Problem[] = [];
  /** Problems beyond those: to place and to word each would take too long. */
  untold = 0;
  readonly #refused = new Set<string>();
  #positions: Positions | undefined;

  constructor(source: Source, data: Table, { nodes, floats }: Parsed = { nodes: [], floats: [] }) {
    this.source = source;
    this.data = data;
    this.wholeFloats = floats;
    this.#nodes = nodes;
  }

  /** Whether it already has as many problems as are shown. */
  get isFull(): boolean {
    return this.problems.length >= MAX_PROBLEMS;
  }

  /**
   * There is a problem already: nothing more is to be read there. The empty path means that whole tables were
   * lost.
   */
  refuse(path: Path): void {
    this.#refused.add(writePath(path));
  }

  isRefused(path: Path): boolean {
    return this.#refused.has(writePath(path));
  }

  /** The offset of a key or value. `character` is an offset in the text of a string value. */
  offsetOf(path: Path, side: Side, character = 0): number {
    this.#positions ??= new Positions(this.#nodes);
    const position = this.#positions.of(path);
    if (side === 'key' || character === 0) return position[side];
    return position.value + (this.#isPlainString(position.value, character) ? 1 + character : 0);
  }

  /**
   * Whether the value is a simply quoted string without escapes up to this character: then offsets in value
   * and source agree.
   */
  #isPlainString(offset: number, character: number): boolean {
    const before = this.source.text.slice(offset, offset + 1 + character);
    return /^(?:"[^"\\]*|'[^']*)$/.test(before);
  }
}

export type Side = 'key' | 'value';

/** A path in a document, where problems can be reported. */
export class Place {
  readonly document: ConfigDocument;
  readonly path: Path;

  constructor(document: ConfigDocument, path: Path) {
    this.document = document;
    this.path = path;
  }

  at(...steps: Path): Place {
    return new Place(this.document, [...this.path, ...steps]);
  }

  /**
   * Adds the problem, headed by the table that it is in: `jobs[2] "web": …`. Its whole key counts as refused.
   */
  report(text: string, side: Side = 'value', character?: number): void {
    if (this.document.isFull) return this.passOver();
    const { source, problems } = this.document;
    const spot = source.spotAt(this.document.offsetOf(this.path, side, character));
    const owner = this.#owner();
    const message = owner === '' ? text : `${owner}: ${text}`;
    problems.push({ file: source.file, ...spot, message, excerpt: source.excerptAt(spot) });
    this.#refuse();
  }

  /** Counts a problem without a word about it. */
  passOver(): void {
    this.document.untold += 1;
    this.#refuse();
  }

  /** The key, and the entry of a key that is a table. */
  #refuse(): void {
    const key = this.#ownerLength() + 1;
    this.document.refuse(this.path.slice(0, key));
    this.document.refuse(this.path.slice(0, key + 1));
  }

  get isRefused(): boolean {
    return this.document.isRefused(this.path);
  }

  /** Whether there is a problem anywhere in the key that this is part of. */
  get isKeyRefused(): boolean {
    return this.document.isRefused(this.path.slice(0, this.#ownerLength() + 1));
  }

  /** `restart` or `job_command.args[1]`: the path inside the job or `[defaults]`. */
  get key(): string {
    return writePath(this.path.slice(this.#ownerLength()));
  }

  /** `web.toml:3`, for a problem elsewhere that has to do with this place. */
  get written(): string {
    const { source } = this.document;
    return `${source.file}:${source.spotAt(this.document.offsetOf(this.path, 'key')).line}`;
  }

  #owner(): string {
    if (this.#ownerLength() === 1) return '[defaults]';
    return this.#ownerLength() === 2 ? jobLabel(this.document.data, Number(this.path[1])) : '';
  }

  #ownerLength(): 0 | 1 | 2 {
    const [table, index] = this.path;
    if (table === 'defaults') return 1;
    return table === 'jobs' && typeof index === 'number' ? 2 : 0;
  }
}

/** The longest valid name. */
const MAX_NAME = 64;

function jobLabel(data: Table, index: number): string {
  const job: unknown = Array.isArray(data['jobs']) ? data['jobs'][index] : undefined;
  const name: unknown = isTable(job) ? job['name'] : undefined;
  if (typeof name !== 'string') return `jobs[${index}]`;
  return `jobs[${index}] ${madeVisible(JSON.stringify(name.slice(0, MAX_NAME)))}`;
}
