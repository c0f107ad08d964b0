import { mkdirSync, mkdtempSync, realpathSync, rmSync, watch, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { realWatchCalls } from '../../../../src/job/watch/watch-calls.ts';
import { WatchTree } from '../../../../src/job/watch/watch-tree.ts';

test.each([
  ['ENOSPC', 'raise fs.inotify.max_user_watches'],
  ['EMFILE', 'raise fs.inotify.max_user_instances'],
  ['EACCES', 'app/src cannot be watched: it may not be read'],
])(
  'a folder that cannot be watched because of %s is reported with a cure, and tried again',
  async (code, cure) => {
    const dir = realpathSync(mkdtempSync(join(tmpdir(), 'refused-')));
    mkdirSync(join(dir, 'app/src'), { recursive: true });
    writeFileSync(join(dir, 'app/src/a.js'), '');
    let isRefused = true;
    const told: (readonly string[])[] = [];
    let onTold = (): void => undefined;
    const nextTold = (): Promise<void> => new Promise((resolve) => (onTold = resolve));
    const first = nextTold();
    const tree = new WatchTree(
      {
        cwd: join(dir, 'app'),
        globs: ['src/*.js'],
        own: { data: join(dir, 'data'), isOurs: () => false },
        calls: {
          ...realWatchCalls,
          watch: (folder, on) => {
            if (isRefused && folder.endsWith('src')) throw Object.assign(new Error(code), { code });
            return watch(folder, on);
          },
        },
      },
      {
        changed: () => undefined,
        remarked: (remarks) => {
          told.push(remarks);
          onTold();
        },
      },
    );
    await first;
    expect(told).toEqual([[expect.stringContaining(cure)]]);
    isRefused = false;
    const second = nextTold();
    tree.renew();
    await second;
    expect(told.at(-1)).toEqual([]);
    tree.end();
    rmSync(dir, { recursive: true });
  },
);
