import type { Target } from '../../library/request.ts';
import type { TopOptions } from './run-top.tsx';

/** Loads the screen of `overseer top`, which is a module with imports of its own kind, and shows it. */
export async function showTop(target: Target, options: TopOptions): Promise<void> {
  const { runTop } = await import('./run-top.tsx');
  return runTop(target, options);
}
