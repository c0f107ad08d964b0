import type { Progress } from '../../wire/messages.ts';
import { fit } from '../../text/display-width.ts';
import type { RenderContext } from '../terminal/render-context.ts';
import { printable } from '../../text/printable.ts';

/** `starting 3 of 12: web, db`, cut to one line. */
export function renderProgress(
  verb: string,
  { done, of, pending }: Progress,
  context: RenderContext,
): string {
  const names = pending.map(({ job }) => printable(job)).join(', ');
  return fit(`${verb} ${done} of ${of}${names === '' ? '' : `: ${names}`}`, context.columns - 1);
}
