import { type ChildProcessWithoutNullStreams } from 'node:child_process';
import { awaited, ended, type Ran } from './home.ts';
import { home } from './fresh-home.ts';

/** A command that goes on, and what it has printed so far. */
export class Going {
  readonly child: ChildProcessWithoutNullStreams;
  readonly end: Promise<Ran>;
  out = '';

  constructor(child: ChildProcessWithoutNullStreams) {
    this.child = child;
    this.child.stdout.on('data', (chunk: Buffer) => (this.out += chunk.toString()));
    this.end = ended(this.child);
  }

  until(what: string | RegExp): Promise<true> {
    return awaited(
      async () => (typeof what === 'string' ? this.out.includes(what) : what.test(this.out)) || null,
      `${what} in ${this.out}`,
    );
  }
}

export const going = (...args: readonly string[]): Going => new Going(home.begin({}, ...args));
