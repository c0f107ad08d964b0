import type { ClientSession } from './session.ts';

/** Shows what came next of progress and events. */
export function showProgress({ news, screen }: ClientSession): void {
  const next = news.shift();
  if (next?.kind === 'progress') screen.showProgress(next.progress);
  if (next?.kind === 'event') screen.showEvent?.(next.event);
  if (next?.kind === 'inspection') screen.showInspection?.(next.inspection);
}
