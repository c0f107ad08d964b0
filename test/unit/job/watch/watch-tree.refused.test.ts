import { EventEmitter } from 'node:events';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, watch, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { realWatchCalls } from '../../../../src/job/watch/watch-calls.ts';
import { WatchTree } from '../../../../src/job/watch/watch-tree.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { newFolder } from '../../../support/new-folder.ts';
import { until } from '../../../support/until.ts';

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

test.each(['EMFILE', 'ENFILE', 'ENOMEM'])(
  'files of a folder that cannot be read because of %s are not taken for deleted',
  async (code) => {
    const dir = realpathSync(newFolder());
    writeFileSync(join(dir, 'a.js'), '');
    const clock = new FakeClock();
    let refusals = 0;
    const changed: string[] = [];
    const told: (readonly string[])[] = [];
    const tree = new WatchTree(
      {
        cwd: dir,
        globs: ['*.js'],
        own: { data: join(dir, 'data'), isOurs: () => false },
        calls: {
          ...realWatchCalls,
          clock,
          watch: () => Object.assign(new EventEmitter(), { close: () => undefined }) as never,
          opendir: (folder, options) => {
            if (refusals === 0) return realWatchCalls.opendir(folder, options);
            refusals -= 1;
            return Promise.reject(Object.assign(new Error(`${code}: no room`), { code, syscall: 'opendir' }));
          },
        },
      },
      { changed: (path) => changed.push(path), remarked: (remarks) => told.push(remarks) },
    );
    await until(() => told.length === 1);
    refusals = 2;
    writeFileSync(join(dir, 'b.js'), '');
    tree.renew();
    clock.advance(30);
    await until(() => told.length === 2);
    expect([changed, told[1]]).toEqual([[], [`it cannot be watched: ${code}: no room`]]);
    // It is tried again by itself, now and then.
    clock.advance(1_000);
    await until(() => told.length === 3);
    clock.advance(999);
    expect([changed, refusals, clock.pending]).toEqual([[], 0, 1]);
    clock.advance(1);
    await until(() => told.length === 4);
    expect([changed, told[3], clock.pending]).toEqual([[join(dir, 'b.js')], [], 0]);
    tree.end();
  },
);
