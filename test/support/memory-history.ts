import type { HistoryFiles } from '../../src/state/history-files.ts';

/** Histories without a disk. */
export function memoryHistory(): HistoryFiles {
  const files = new Map<string, string[]>();
  return {
    append: (instance, lines) => void files.set(instance, [...(files.get(instance) ?? []), ...lines]),
    read: (instance) => files.get(instance) ?? [],
    remove: (instance) => void files.delete(instance),
  };
}
