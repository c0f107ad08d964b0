import type { ClientSession } from './session.ts';

export function showProgress({ progress, screen }: ClientSession): void {
  if (progress !== null) screen.showProgress(progress);
}
