import type { Output } from './output.ts';
import { withWrite } from './with-write.ts';
import { wrapped } from './wrapped.ts';

/** Lines that are laid out already: with a source line, a caret, or a terminal's own commands. */
// oxlint-disable-next-line no-control-regex -- finding them is the point
const LAID_OUT = /^\s|\u001b|\r/;

/** An output that wraps messages between words; a terminal would break them anywhere. */
export function wrappingOutput(output: Output): Output {
  return withWrite(output, (data) =>
    output.write(typeof data === 'string' && output.isTerminal ? inLines(data, output.columns) : data),
  );
}

function inLines(text: string, columns: number): string {
  return text
    .split('\n')
    .flatMap((line) => (LAID_OUT.test(line) ? [line] : wrapped(line, columns)))
    .join('\n');
}
