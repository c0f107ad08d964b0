import type { WriteStream } from 'node:tty';
import { systemWords } from '../../text/system-messages.ts';

/** stdout or stderr of a command. */
export interface Output {
  readonly isTerminal: boolean;
  /** Infinity when not a terminal: piped output is never truncated. */
  readonly columns: number;
  readonly rows: number;
  /** The write error as text; null without one, and when only the reader has gone. */
  readonly trouble: string | null;
  /**
   * Resolves when the data is written; to false when the reader has gone, as `| head` does, or after an
   * error.
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
