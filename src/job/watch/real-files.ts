import type { Files, WatchEvents, WatchRequest } from '../ports.ts';

/** The files of this machine. */
export const realFiles: Files = { watch };

/** What watches is loaded for the first job that asks for it: most daemons never do. */
function watch(request: WatchRequest, on: WatchEvents): { end(): void } {
  let end = (): void => undefined;
  let isOver = false;
  void import('./watch-tree.ts').then(({ watchTree }) => {
    if (isOver) return;
    const watcher = watchTree(request, on);
    end = () => void watcher.close();
  });
  return {
    end: () => {
      isOver = true;
      end();
    },
  };
}
