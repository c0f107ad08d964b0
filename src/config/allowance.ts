/** The number of bytes that may still be read. */
export class Allowance {
  #left: number;

  constructor(bytes: number) {
    this.#left = bytes;
  }

  take(bytes: number): void {
    this.#left -= bytes;
  }

  get isSpent(): boolean {
    return this.#left < 0;
  }
}
