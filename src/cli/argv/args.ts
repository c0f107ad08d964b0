/**
 * The words of one call after parsing. Of a repeated option the last value counts, unless all are asked for.
 */
export class Args {
  readonly #parsed: Readonly<Record<string, unknown>>;

  constructor(parsed: Readonly<Record<string, unknown>>) {
    this.#parsed = parsed;
  }

  flag(name: string): boolean {
    return this.#last(name) === true;
  }

  text(name: string): string | null {
    const value = this.#last(name);
    return typeof value === 'string' ? value : null;
  }

  /** The words of a variadic positional, or every value of an option that may be repeated, each once. */
  words(name: string): readonly string[] {
    const value = this.#parsed[name];
    if (typeof value === 'string') return [value];
    return Array.isArray(value) ? [...new Set(value.map(String))] : [];
  }

  /** The words of a variadic positional as they were written. */
  all(name: string): readonly string[] {
    const value = this.#parsed[name];
    if (typeof value === 'string') return [value];
    return Array.isArray(value) ? value.map(String) : [];
  }

  #last(name: string): unknown {
    const value = this.#parsed[name];
    return Array.isArray(value) ? value.at(-1) : value;
  }
}
