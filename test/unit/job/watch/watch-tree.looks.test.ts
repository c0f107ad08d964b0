import { EventEmitter } from 'node:events';
import * as files from 'node:fs/promises';
import {
  mkdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { realWatchCalls, type WatchCalls } from '../../../../src/job/watch/watch-calls.ts';
import { WatchTree } from '../../../../src/job/watch/watch-tree.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { newFolder } from '../../../support/new-folder.ts';
import { until } from '../../../support/until.ts';

const GATHER_MS = 30;
const LONG_AGO = new Date('2025-01-01T00:00:00.000Z');

let dir: string;
let tree: WatchTree | null;
let clock: FakeClock;
/** What was told, in order; a look that found no change says nothing. */
let told: string[];
let remarks: readonly (readonly string[])[];
let watches: { folder: string; on: (type: string, name: string | null) => void; isOpen: boolean }[];
/** Looks at everything, and names that were looked at. */
let scans: number;
let looked: string[];
/** Called with each path that is looked at. */
let onLook: (path: string) => void;

beforeEach(() => {
  dir = realpathSync(newFolder());
  mkdirSync(join(dir, 'app'));
  [tree, told, remarks, watches, scans, looked] = [null, [], [], [], 0, []];
  clock = new FakeClock();
  onLook = () => undefined;
});
afterEach(() => tree?.end());

const at = (path: string): string => join(dir, path);
/** A file that was changed long ago. */
function put(path: string, text = ''): void {
  mkdirSync(dirname(at(path)), { recursive: true });
  writeFileSync(at(path), text);
  utimesSync(at(path), LONG_AGO, LONG_AGO);
}

function watch(globs: readonly string[], calls: Partial<WatchCalls> = {}): void {
  tree = new WatchTree(
    {
      cwd: at('app'),
      globs,
      own: { data: at('data'), isOurs: () => false },
      calls: {
        ...realWatchCalls,
        clock,
        lstat: ((path: string, options: never) => {
          looked.push(path);
          onLook(path);
          return files.lstat(path, options);
        }) as never,
        readdir: ((path: string, options: never) => {
          if (path === at('data')) scans += 1;
          return files.readdir(path, options);
        }) as never,
        watch: (folder, on) => {
          const watched = { folder, on, isOpen: true };
          watches.push(watched);
          return Object.assign(new EventEmitter(), { close: () => (watched.isOpen = false) }) as never;
        },
        ...calls,
      },
    },
    {
      changed: (path) => told.push(path.replace(`${dir}/`, '')),
      remarked: (now) => (remarks = [...remarks, now]),
    },
  );
}

/** Watches, once everything that is there has been looked at. */
async function watching(globs: readonly string[], calls: Partial<WatchCalls> = {}): Promise<void> {
  watch(globs, calls);
  await until(() => remarks.length === 1);
  // The end of a look comes a turn after its remarks.
  await new Promise(setImmediate);
  looked = [];
}

const open = (): readonly string[] =>
  watches
    .filter(({ isOpen, folder }) => isOpen && folder.startsWith(dir))
    .map(({ folder }) => folder.replace(dir, ''))
    .toSorted();
/** The system tells of a change. */
const tell = (folder: string, ...names: readonly (string | null)[]): void =>
  names.forEach((name) =>
    watches.find((each) => each.isOpen && each.folder === at(folder))?.on('rename', name),
  );
/** Lets time pass until the next look, and waits for its end, when so many names are looked at alone. */
async function look(ms = GATHER_MS, names = 1): Promise<readonly string[]> {
  [told, looked] = [[], []];
  const before = remarks.length;
  clock.advance(ms);
  await until(() => remarks.length >= before + names);
  await new Promise(setImmediate);
  return told.toSorted();
}

test('what the system tells within a moment is looked at together, and nothing else is', async () => {
  for (const name of ['a', 'b', 'c', 'd']) put(`app/${name}`);
  await watching(['*']);
  for (const name of ['a', 'b', 'c']) put(`app/${name}`, 'new');
  tell('app', 'a', 'b', 'a');
  expect(clock.pending).toBe(1);
  clock.advance(GATHER_MS - 1);
  expect([looked, clock.pending]).toEqual([[], 1]);
  expect(await look(1, 2)).toEqual(['app/a', 'app/b']);
  expect([looked, scans, clock.pending]).toEqual([[at('app/a'), at('app/b')], 1, 0]);
});

test('after its end nothing is looked at, and no folder is watched', async () => {
  put('app/a');
  await watching(['*']);
  tell('app', 'a');
  const [first] = watches.filter(({ folder }) => folder === at('app'));
  tree?.end();
  expect([clock.pending, open()]).toEqual([0, []]);
  first?.on('rename', 'a');
  tree?.renew();
  expect(clock.pending).toBe(0);
});

describe('a watch that ends during a look', () => {
  test('at everything leaves no watch open, and tells nothing', async () => {
    put('app/src/a');
    let isOver = false;
    onLook = (path) => {
      if (path !== at('app/src')) return;
      tree?.end();
      isOver = true;
    };
    watch(['*/*']);
    await until(() => isOver);
    await until(() => open().length === 0);
    // Whatever the look still did is over by now.
    for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setTimeout(resolve, 1));
    expect([open(), remarks, clock.pending]).toEqual([[], [], 0]);
  });

  test('at one folder leaves no watch open either', async () => {
    put('app/a');
    await watching(['*', '*/*']);
    put('app/src/b');
    let isOver = false;
    onLook = (path) => {
      if (path !== at('app/src/b')) return;
      tree?.end();
      isOver = true;
    };
    tell('app', 'src');
    clock.advance(GATHER_MS);
    await until(() => isOver);
    for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setTimeout(resolve, 1));
    expect([open(), told, remarks.length, clock.pending]).toEqual([[], [], 1, 0]);
  });
});

test('a change that is told during a look is looked at after it', async () => {
  for (const name of ['a', 'b']) put(`app/${name}`);
  await watching(['*']);
  onLook = (path) => {
    if (path !== at('app/a')) return;
    put('app/b', 'new');
    tell('app', 'b');
    expect(clock.pending).toBe(0);
  };
  tell('app', 'a');
  expect(await look()).toEqual([]);
  expect(await look()).toEqual(['app/b']);
});

test('a look that takes long is not followed by the next one before as long', async () => {
  put('app/a');
  onLook = (path) => {
    if (path === at('app/a')) clock.advance(200);
  };
  await watching(['*']);
  onLook = () => undefined;
  tree?.renew();
  clock.advance(199);
  expect([scans, clock.pending]).toEqual([1, 1]);
  await look(1);
  expect(scans).toBe(2);
  // One name is looked at as soon as ever.
  tell('app', 'a');
  await look(GATHER_MS);
});

test.each([
  [100, 1],
  [101, 2],
])('%i names are looked at one by one or all together: %i scans', async (count, expected) => {
  const names = Array.from({ length: count }, (_, number) => `${number}`);
  for (const name of names) put(`app/${name}`);
  await watching(['*']);
  tell('app', ...names);
  clock.advance(GATHER_MS);
  await until(() => looked.length >= count);
  await until(() => remarks.length > (expected === 1 ? count : 1));
  expect([scans, told]).toEqual([expected, []]);
});

test('a name of which the system says nothing leads to a look at everything', async () => {
  put('app/a');
  put('app/b');
  await watching(['*']);
  put('app/b', 'new');
  tell('app', null);
  expect([await look(), scans]).toEqual([['app/b'], 2]);
});

test('nothing has changed where the system tells of a folder near the root', async () => {
  put('app/a');
  await watching(['*']);
  const [, top] = dir.split('/');
  watches.find(({ folder }) => folder === '/')?.on('change', top!);
  expect([await look(), scans, remarks.at(-1)]).toEqual([[], 1, []]);
});

describe('folders', () => {
  test('the files of a folder that goes are told, and it is watched no more', async () => {
    for (const path of ['src/a', 'src/deep/b', 'srcx/c', 'other/d']) put(`app/${path}`);
    await watching(['**']);
    renameSync(at('app/src'), at('moved'));
    tell('app', 'src');
    expect([await look(), scans]).toEqual([['app/src', 'app/src/a', 'app/src/deep', 'app/src/deep/b'], 1]);
    expect(open()).toEqual(['', '/app', '/app/other', '/app/srcx']);
    expect(looked).toEqual([at('app/src')]);
  });

  test('the files of a folder that comes are told, and it is watched', async () => {
    put('app/a');
    await watching(['**']);
    put('app/src/deep/b');
    tell('app', 'src');
    expect([await look(), scans]).toEqual([['app/src', 'app/src/deep', 'app/src/deep/b'], 1]);
    expect(open()).toEqual(['', '/app', '/app/src', '/app/src/deep']);
    put('app/src/deep/b', 'new');
    tell('app/src/deep', 'b');
    expect(await look()).toEqual(['app/src/deep/b']);
  });

  test('a file in the place of a folder, and a folder in that of a file, are changes', async () => {
    put('app/src/a');
    await watching(['**']);
    renameSync(at('app/src'), at('moved'));
    put('app/src');
    tell('app', 'src');
    expect(await look()).toEqual(['app/src', 'app/src/a']);
    rmSync(at('app/src'));
    put('app/src/a');
    tell('app', 'src');
    expect(await look()).toEqual(['app/src', 'app/src/a']);
  });

  test('what was told of a folder that is gone by now is no reason to remark anything', async () => {
    put('app/src/a');
    await watching(['**']);
    renameSync(at('app/src'), at('moved'));
    const old = watches.find(({ folder }) => folder === at('app/src'));
    tell('app', 'src');
    old?.on('change', 'a');
    expect(await look()).toEqual(['app/src', 'app/src/a']);
    expect(remarks.at(-1)).toEqual(['"**" matches nothing so far']);
  });
});

describe('links', () => {
  test('a link that is made leads to a look at everything, and is watched where it leads', async () => {
    put('app/a');
    put('far/b');
    await watching(['*']);
    symlinkSync('../far/b', at('app/b'));
    tell('app', 'b');
    clock.advance(GATHER_MS);
    await until(() => clock.pending === 1);
    expect([await look(), scans]).toEqual([['app/b'], 2]);
    expect(open()).toEqual(['', '/app', '/far']);
  });

  test('a file in the place of a link is a change, and the old way is watched no more', async () => {
    put('far/b');
    symlinkSync('../far/b', at('app/b'));
    await watching(['*']);
    expect(open()).toEqual(['', '/app', '/far']);
    rmSync(at('app/b'));
    put('app/b');
    tell('app', 'b');
    // A name through which a link leads.
    expect([await look(), scans, open()]).toEqual([['app/b'], 2, ['', '/app']]);
  });

  test('a folder of links that goes leads to a look at everything', async () => {
    put('far/b');
    put('app/src/a');
    symlinkSync('../../far/b', at('app/src/b'));
    await watching(['**']);
    renameSync(at('app/src'), at('moved'));
    tell('app', 'src');
    clock.advance(GATHER_MS);
    await until(() => clock.pending === 1 || scans === 2);
    if (scans === 1) await look();
    else await until(() => remarks.length === 2);
    expect([told.toSorted(), scans, open()]).toEqual([
      ['app/src', 'app/src/a', 'app/src/b'],
      2,
      ['', '/app'],
    ]);
  });
});

describe('files that change again within one step of their times', () => {
  /** A file that has been changed just now, as it seems, and after it looks as before. */
  function fresh(name: string): void {
    put(name, 'old');
    const now = new Date(clock.wall());
    utimesSync(at(name), now, now);
  }

  test('one of which the system tells counts as changed, and others do not', async () => {
    for (const name of ['a', 'b', 'c']) fresh(`app/${name}`);
    put('app/old');
    await watching(['*']);
    tell('app', 'a', 'old');
    expect(await look(GATHER_MS, 2)).toEqual(['app/a']);
  });

  test('one of which the system tells counts as changed also in a look at everything', async () => {
    for (const name of ['a', 'b', 'c']) fresh(`app/${name}`);
    await watching(['*']);
    tell('app', 'b', null);
    expect([await look(), scans]).toEqual([['app/b'], 2]);
  });

  test('a folder of which the system tells has not changed for that', async () => {
    mkdirSync(at('app/src'));
    clock = new FakeClock(statSync(at('app/src')).mtimeMs);
    await watching(['*']);
    tell('app', 'src');
    expect(await look()).toEqual([]);
  });
});

describe('a fault of ours', () => {
  test.each([
    [new TypeError('a bug of ours'), 'it cannot be watched: a bug of ours'],
    ['a text', 'it cannot be watched: a text'],
  ])('%s during a look is remarked, and the watch goes on', async (fault, remark) => {
    put('app/a');
    await watching(['*']);
    put('app/a', 'new');
    onLook = () => {
      throw fault;
    };
    tell('app', 'a');
    await look();
    expect(remarks.at(-1)).toEqual([remark]);
    onLook = () => undefined;
    tell('app', 'a');
    expect(await look()).toEqual(['app/a']);
  });
});
