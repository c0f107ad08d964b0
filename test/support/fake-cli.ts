import { EVERY_COMMAND } from '../../src/cli/main.ts';
import { runCommandLine, type Surroundings } from '../../src/cli/call/run-command-line.ts';
import type { Output } from '../../src/cli/terminal/output.ts';
import type { Reply } from '../../src/wire/messages.ts';
import { fakePorts, fakeWorld, HOMES, socketText, type FakeWorld } from './fake-client.ts';

/** An output that keeps what is written; `leavesAfter` bytes the reader has gone. */
export class KeptOutput implements Output {
  readonly isTerminal: boolean;
  readonly columns: number;
  readonly rows = Infinity;
  readonly trouble = null;
  readonly #leavesAfter: number;
  #bytes = Buffer.alloc(0);

  constructor({
    columns,
    leavesAfter = Infinity,
  }: { readonly columns?: number; readonly leavesAfter?: number } = {}) {
    this.isTerminal = columns !== undefined;
    this.columns = columns ?? Infinity;
    this.#leavesAfter = leavesAfter;
  }

  write(data: string | Uint8Array): Promise<boolean> {
    this.#bytes = Buffer.concat([this.#bytes, Buffer.from(data)]);
    return Promise.resolve(this.#bytes.length <= this.#leavesAfter);
  }

  get bytes(): Buffer {
    return this.#bytes;
  }

  get text(): string {
    return this.#bytes.toString('utf8');
  }
}

/** A world with a daemon that gives one reply to whatever it is asked. */
export function answering(reply: Reply | null): FakeWorld {
  if (reply === null) return fakeWorld();
  return fakeWorld({
    socket: { kind: 'text', text: socketText(1) },
    daemons: new Map([[1, { replies: [reply] }]]),
  });
}

export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs one call, its words separated by blanks, against a simulated world. */
export async function run(
  line: string,
  world: FakeWorld,
  given: Partial<Surroundings> = {},
): Promise<Outcome> {
  const out = new KeptOutput();
  const err = new KeptOutput();
  const interruption = (): AbortSignal => new AbortController().signal;
  const surroundings = {
    env: {},
    homes: HOMES,
    ports: fakePorts(world),
    out,
    err,
    interruption,
    endInterrupted: () => Promise.resolve(130 as never),
    ...given,
  };
  const code = await runCommandLine(line.split(' ').filter(Boolean), surroundings, EVERY_COMMAND);
  return { code, out: out.text, err: err.text };
}
