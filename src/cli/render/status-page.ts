import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Output } from '../terminal/output.ts';
import type { RenderContext } from '../terminal/render-context.ts';
import { renderStatus, type ShownStatus } from './status.ts';

/** The table of `status`, which leaves a line of a terminal to the prompt. */
export function statusPage(
  status: ShownStatus,
  { isTerminal, rows }: Pick<Output, 'isTerminal' | 'rows'>,
  context: RenderContext,
): string {
  return renderStatus(status, context, isTerminal ? { rows: rows - 1, isCut: false } : undefined);
}

/** The exit code of `status`, which tells about a job where only one was asked for. */
export function statusCode({ jobs }: ShownStatus, asked: number): ExitCode {
  if (asked !== 1) return EXIT.done;
  const isUp = jobs.length > 0 && jobs.every(({ state }) => state === 'running');
  return isUp ? EXIT.done : EXIT.notRunning;
}
