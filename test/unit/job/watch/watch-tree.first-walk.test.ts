import { mkdirSync, mkdtempSync, realpathSync, rmSync, watch, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { isOurs } from '../../../../src/data-folder.ts';
import { realWatchCalls, type OpenWatch } from '../../../../src/job/watch/watch-calls.ts';
import { WatchTree } from '../../../../src/job/watch/watch-tree.ts';

let dir = '';
let tree: WatchTree | null = null;

beforeEach(() => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), 'watch-')));
  mkdirSync(join(dir, 'src'));
  writeFileSync(join(dir, 'src', 'a.js'), '');
});

afterEach(() => {
  tree?.end();
  rmSync(dir, { recursive: true, force: true });
});

test.each([
  ['that no glob means leads to no second look', 'other.log', 1],
  ['that a glob means leads to a second look', 'b.js', 2],
])('a name %s when it changes during the first walk', async (_, name, expected) => {
  let looks = 0;
  // Tells of a change in each folder of the job as soon as it is watched, which is during the walk.
  const open: OpenWatch = (folder, on) => {
    const watcher = watch(folder, () => undefined);
    if (folder.startsWith(dir)) on('rename', name);
    return watcher;
  };
  tree = new WatchTree(
    {
      cwd: dir,
      globs: ['src/*.js'],
      own: { data: join(dir, 'data'), isOurs },
      calls: { ...realWatchCalls, watch: open },
    },
    { changed: () => undefined, remarked: () => (looks += 1) },
  );
  const end = performance.now() + 20_000;
  while (looks < expected && performance.now() < end) await setTimeout(20);
  // Long enough for a look too many.
  await setTimeout(300);
  expect(looks).toBe(expected);
});
