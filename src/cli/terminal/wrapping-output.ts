import type { Output } from './output.ts';
import { wrapped } from './wrapped.ts';

/** Lines that are laid out already: with a source line, a caret, or a terminal's own commands. */
// oxlint-disable-next-line no-control-regex -- finding them is the point
const LAID_OUT = /^\s|\u001b|\r/;

/** An output that wraps messages between words; a terminal would break them anywhere. */
export function wrappingOutput(output: Output): Output {
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
    write: (data) =>
      output.write(typeof data === 'string' && output.isTerminal ? inLines(data, output.columns) : data),
  };
}

function inLines(text: string, columns: number): string {
  return text
    .split('\n')
    .flatMap((line) => (LAID_OUT.test(line) ? [line] : wrapped(line, columns)))
    .join('\n');
}
