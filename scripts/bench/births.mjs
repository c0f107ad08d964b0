// Jobs of the benchmark write into a FIFO when they begin, and hold it open. So this knows when each began,
// and when the last one is gone, without looking for them.
import { spawnSync } from 'node:child_process';
import { constants, openSync } from 'node:fs';
import { Socket } from 'node:net';

/** Milliseconds of the clock that `probe.c` reads as well. */
export const now = () => Number(process.hrtime.bigint()) / 1e6;

/** Something was not over in time. It is a result, not a failure of the benchmark. */
export class TooSlow extends Error {}

export class Births {
  fifo;
  #socket;
  #rest = '';
  /** When each job began, since the last `forget`. */
  #begun = new Map();
  #endedAt = 0;
  #wake = () => undefined;

  constructor(fifo) {
    this.fifo = fifo;
    spawnSync('mkfifo', [fifo]);
    this.#open();
  }

  /** Begins anew. */
  forget() {
    this.#begun.clear();
  }

  get count() {
    return this.#begun.size;
  }

  /** When the last of this many jobs began. */
  async all(count, limitMs) {
    await this.#until(
      () => this.#begun.size >= count,
      limitMs,
      () => `${this.#begun.size} of ${count} jobs`,
    );
    return Math.max(...this.#begun.values());
  }

  /** When the job began. */
  async of(name, limitMs) {
    await this.#until(
      () => this.#begun.has(name),
      limitMs,
      () => `not ${name}`,
    );
    return this.#begun.get(name);
  }

  /** When the last job was gone, after this time. */
  async noneLeft(since, limitMs) {
    await this.#until(
      () => this.#endedAt > since,
      limitMs,
      () => 'some jobs are left',
    );
    return this.#endedAt;
  }

  close() {
    this.#socket.destroy();
  }

  #open() {
    const fd = openSync(this.fifo, constants.O_RDONLY | constants.O_NONBLOCK);
    this.#socket = new Socket({ fd, readable: true, writable: false });
    this.#socket.on('data', (chunk) => this.#read(chunk));
    this.#socket.on('end', () => {
      this.#endedAt = now();
      // Before this one is closed, so that a job that begins now has a reader.
      this.#open();
      this.#wake();
    });
  }

  #read(chunk) {
    const lines = (this.#rest + chunk.toString('latin1')).split('\n');
    this.#rest = lines.pop();
    for (const line of lines) {
      const [name, , at] = line.split(' ');
      this.#begun.set(name, Number(at) / 1e6);
    }
    this.#wake();
  }

  async #until(holds, limitMs, state) {
    const end = now() + limitMs;
    while (!holds()) {
      const left = end - now();
      if (left <= 0) throw new TooSlow(`not done after ${limitMs / 1000} s: ${state()}`);
      await new Promise((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }
}
