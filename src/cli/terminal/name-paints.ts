import type { Paint } from './render-context.ts';

/** Without red, which marks problems. */
const PAINTS: readonly Paint[] = ['cyan', 'yellow', 'green', 'magenta', 'blue'];

/** A colour for each name, in the order in which they come. */
export class NamePaints {
  readonly #seen: Map<string, Paint>;

  constructor(names: readonly string[] = []) {
    this.#seen = new Map();
    for (const name of names) this.of(name);
  }

  of(name: string): Paint {
    const paint = this.#seen.get(name) ?? PAINTS[this.#seen.size % PAINTS.length] ?? 'cyan';
    this.#seen.set(name, paint);
    return paint;
  }
}
