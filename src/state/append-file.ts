import type { Disk } from './disk.ts';

/**
 * A file that grows by whole pieces: each with one write(2), and what the disk took only in part is cut off
 * again.
 */
export class AppendFile {
  readonly fd: number;
  readonly #disk: Disk;
  #size: number;
  #torn = false;

  /** `size` is where the good content ends. */
  constructor(disk: Disk, fd: number, size: number) {
    this.#disk = disk;
    this.fd = fd;
    this.#size = size;
  }

  get size(): number {
    return this.#size;
  }

  /** Throws the error of the file system; the file then holds what it held before. */
  append(text: string): void {
    this.#cutTornEnd();
    const bytes = Buffer.from(text);
    const refusal = this.#write(bytes);
    if (refusal === null) {
      this.#size += bytes.length;
      return;
    }
    this.#torn = true;
    // If even the truncation is refused, the next append tries it first.
    this.#cutTornEnd();
    throw refusal;
  }

  close(): void {
    this.#disk.close(this.fd);
  }

  #write(bytes: Buffer): unknown {
    try {
      const written = this.#disk.write(this.fd, bytes);
      return written === bytes.length ? null : shortWrite(written, bytes.length);
    } catch (error) {
      return error;
    }
  }

  #cutTornEnd(): void {
    if (!this.#torn) return;
    this.#disk.truncate(this.fd, this.#size);
    this.#torn = false;
  }
}

function shortWrite(written: number, wanted: number): Error {
  const message = `ENOSPC: the disk took only ${written} of ${wanted} bytes, write`;
  return Object.assign(new Error(message), { code: 'ENOSPC', syscall: 'write' });
}
