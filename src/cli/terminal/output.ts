import type { WriteStream } from 'node:tty';
import { systemWords } from '../../text/system-messages.ts';

/** One of the two streams that a command writes to. */
export interface Output {
  readonly isTerminal: boolean;
  /** Infinite where nobody looks: what is piped is never cut. */
  readonly columns: number;
  readonly rows: number;
  /** Why nothing more can be written, in words; null while it can, and where only the reader has left. */
  readonly trouble: string | null;
  /**
   * Resolves when it is handed over; to false when the reader has left, as `| head` does, or there is a
   * trouble.
   */
  write(data: string | Uint8Array): Promise<boolean>;
}

const DEFAULT_COLUMNS = 80;
const DEFAULT_ROWS = 24;

/** Wraps a stream of this process. */
export function outputOf(stream: WriteStream): Output {
  let isGone = false;
  let trouble: string | null = null;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    isGone = true;
    if (error.code !== 'EPIPE') trouble ??= systemWords(error);
  });
  return {
    get trouble() {
      return trouble;
    },
    isTerminal: stream.isTTY,
    get columns() {
      return stream.isTTY ? stream.columns || DEFAULT_COLUMNS : Infinity;
    },
    get rows() {
      return stream.isTTY ? stream.rows || DEFAULT_ROWS : Infinity;
    },
    write: (data) =>
      isGone || data.length === 0
        ? Promise.resolve(!isGone)
        : new Promise((resolve) => stream.write(data, (error) => resolve(!error))),
  };
}
