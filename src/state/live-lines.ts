import { valueOf } from './record.ts';

/** The newest line of each key: what a rewritten journal would hold. */
export class LiveLines {
  readonly #lines = new Map<string, string>();
  #bytes = 0;

  /** Length of all lines, in bytes. */
  get bytes(): number {
    return this.#bytes;
  }

  has(key: string): boolean {
    return this.#lines.has(key);
  }

  set(key: string, line: string): void {
    this.delete(key);
    this.#lines.set(key, line);
    this.#bytes += Buffer.byteLength(line);
  }

  delete(key: string): void {
    this.#bytes -= Buffer.byteLength(this.#lines.get(key) ?? '');
    this.#lines.delete(key);
  }

  /** Fresh copies: changing them does not change the journal. */
  values(): ReadonlyMap<string, unknown> {
    return new Map([...this.#lines].map(([key, line]) => [key, valueOf(line)]));
  }

  text(): string {
    return [...this.#lines.values()].join('');
  }
}
