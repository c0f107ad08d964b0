import type { Files, WatchEvents, Watching, WatchRequest } from '../ports.ts';

/** The files of this machine; no job watches those of the data folder. */
export function realFiles(data: string): Files {
  return { watch: (request, on) => watch(request, data, on) };
}

/** What watches is loaded for the first job that asks for it: most daemons never do. */
function watch(request: WatchRequest, data: string, on: WatchEvents): Watching {
  let tree: Watching | null = null;
  let isOver = false;
  void import('./watch-tree.ts').then(({ WatchTree }) => {
    if (!isOver) tree = new WatchTree({ ...request, data }, on);
  });
  return {
    renew: () => tree?.renew(),
    end: () => {
      isOver = true;
      tree?.end();
    },
  };
}
