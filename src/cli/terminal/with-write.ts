import type { Output } from './output.ts';

/** The same output, with another way to write. */
export function withWrite(output: Output, write: Output['write']): Output {
  return {
    get trouble() {
      return output.trouble;
    },
    get isTerminal() {
      return output.isTerminal;
    },
    get columns() {
      return output.columns;
    },
    get rows() {
      return output.rows;
    },
    write,
  };
}
