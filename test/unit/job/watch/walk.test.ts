import * as files from 'node:fs/promises';
import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { OwnFiles } from '../../../../src/job/watch/own-files.ts';
import { Walk, type Found } from '../../../../src/job/watch/walk.ts';
import { realWatchCalls, type WatchCalls } from '../../../../src/job/watch/watch-calls.ts';
import { next, watchedPaths } from '../../../../src/job/watch/watched-paths.ts';
import { newFolder } from '../../../support/new-folder.ts';

let dir: string;
let app: string;
/** What the walk did, in its order. */
let steps: string[];
beforeEach(() => {
  dir = realpathSync(newFolder());
  app = join(dir, 'app');
  mkdirSync(app);
  steps = [];
});

const put = (...names: readonly string[]): void =>
  names.forEach((name) => {
    mkdirSync(dirname(join(app, name)), { recursive: true });
    writeFileSync(join(app, name), '');
  });
const link = (target: string, name: string): void => symlinkSync(target, join(app, name));
const short = (path: string): string => path.replace(dir, '').replace(/^\//, '');

interface Setting {
  readonly globs: readonly string[];
  readonly calls?: Partial<WatchCalls>;
  readonly own?: Partial<OwnFiles>;
  readonly isOver?: () => boolean;
  /** Why a folder cannot be watched. */
  readonly refusal?: (folder: string) => string | null;
}

function walkOf({ globs, calls = {}, own = {}, isOver = () => false, refusal = () => null }: Setting) {
  const paths = watchedPaths({ cwd: app, globs });
  const noted: WatchCalls = {
    ...realWatchCalls,
    lstat: ((path: string, options: never) => {
      steps.push(`look at ${short(path)}`);
      return files.lstat(path, options);
    }) as never,
    opendir: (path, options) => {
      steps.push(`list ${short(String(path))}`);
      return files.opendir(path, options);
    },
    ...calls,
  };
  const watches = {
    ensure: (folder: string) => {
      steps.push(`watch ${short(folder)}`);
      const code = refusal(folder);
      return Promise.resolve(code === null ? null : { code });
    },
  };
  const walk = new Walk({
    paths,
    own: { has: () => Promise.resolve(false), isData: () => false, ...own },
    watches: watches as never,
    calls: noted,
    isOver,
  });
  return { walk, start: paths.start };
}

function walked(setting: Setting): Promise<Found> {
  const { walk, start } = walkOf(setting);
  return walk.from('/', start);
}

const found = ({ files: all }: Found): readonly string[] => [...all.keys()].map(short).toSorted();
const stepsOf = (...verbs: readonly string[]): readonly string[] =>
  steps.filter((step) => verbs.includes(step.split(' ')[0]!) && step.includes(' app'));
const hopsOf = ({ hops }: Found): Record<string, readonly string[]> =>
  Object.fromEntries([...hops].filter(([at]) => at.startsWith(dir)).map(([at, to]) => [short(at), [...to]]));

/** A listing of these files, and whether it was closed. */
function listing(names: Iterable<string>) {
  const closed: string[] = [];
  const left = names[Symbol.iterator]();
  const reading = {
    next: async () => {
      const { done, value } = left.next();
      return { done, value: { name: value, isFile: () => true } };
    },
    return: async () => closed.push('closed'),
  };
  return { opendir: (async () => ({ [Symbol.asyncIterator]: () => reading })) as never, closed };
}

/** Each name in the folder is there, as a file like all others; `onLook` is called before each look. */
async function alike(onLook: () => void | Promise<void> = () => undefined): Promise<Partial<WatchCalls>> {
  put('one');
  const stats = await files.lstat(join(app, 'one'), { bigint: true });
  const lstat = async (path: string, options: never): Promise<unknown> => {
    if (dirname(path) !== app) return files.lstat(path, options);
    await onLook();
    return stats;
  };
  return { lstat: lstat as never };
}

const numbered = (count: number, name = ''): readonly string[] =>
  Array.from({ length: count }, (_, number) => `${number}${name}`);

test('each folder is watched before it is read, and near folders come before far ones', async () => {
  put('a/deep/x.js', 'b/x.js', 'b/x.md');
  const all = await walked({ globs: ['a/**/*.js', 'b/**/*.js'] });
  expect(found(all)).toEqual(['app/a/deep/x.js', 'app/b/x.js']);
  expect(stepsOf('watch', 'list')).toEqual([
    'watch app',
    ...['app/a', 'app/b', 'app/a/deep'].flatMap((folder) => [`watch ${folder}`, `list ${folder}`]),
  ]);
  expect([...all.folders.keys()].filter((folder) => folder.startsWith(app)).map(short)).toEqual([
    'app',
    'app/a',
    'app/b',
    'app/a/deep',
  ]);
  expect(all.remarks).toEqual(new Set());
});

test('names that are written out are looked for without a listing', async () => {
  put('a/x.js', 'a/y.js', 'other/x.js');
  expect(found(await walked({ globs: ['a/x.js', 'none/x.js'] }))).toEqual(['app/a/x.js']);
  expect(stepsOf('list', 'look').filter((step) => step !== 'look at app')).toEqual([
    'look at app/a',
    'look at app/none',
    'look at app/a/x.js',
  ]);
});

test('a file at which no glob ends is not looked at, nor is what no glob means', async () => {
  put('a/x.js', 'plain', 'a/y.md');
  await walked({ globs: ['*/*.js'] });
  expect(stepsOf('look').slice(1)).toEqual(['look at app/a', 'look at app/a/x.js']);
});

test('a glob with ! takes out files, and folders of which it takes all are not entered', async () => {
  put('src/x.js', 'src/x.test.js', 'out/x.js');
  expect(found(await walked({ globs: ['**/*.js', '!**/*.test.js', '!out/**'] }))).toEqual(['app/src/x.js']);
  expect(stepsOf('watch')).toEqual(['watch app', 'watch app/src']);
});

test('a file says which globs mean it', async () => {
  put('a.js', 'b.js');
  const { files: all } = await walked({ globs: ['*.js', 'lib/*', 'a.*'] });
  expect([...all].map(([path, { globs }]) => [short(path), globs])).toEqual([
    ['app/a.js', [0, 2]],
    ['app/b.js', [0]],
  ]);
});

test('one name of a folder can be visited alone, with all below it', async () => {
  put('a/deep/x.js', 'b/x.js');
  const { walk, start } = walkOf({ globs: ['**/*.js'] });
  let places = start;
  let folder = '/';
  for (const name of app.split('/').slice(1)) {
    places = next(places, folder, name);
    folder = join(folder, name);
  }
  expect(found(await walk.child(app, 'a', places))).toEqual(['app/a/deep/x.js']);
  expect(stepsOf('watch')).toEqual(['watch app/a', 'watch app/a/deep']);
});

test('the files of a daemon are left out, and so is the data folder of another', async () => {
  put('a/x', 'data/lock', 'data/more/x', 'own/x');
  const all = await walked({
    globs: ['*/*', '*/*/*'],
    own: {
      has: (_id, folder, name) => Promise.resolve(folder === app && name === 'own'),
      isData: (names) => names.has('lock'),
    },
  });
  expect(found(all)).toEqual(['app/a/x']);
  expect([...all.folders.keys()].filter((folder) => folder.startsWith(`${app}/`)).map(short)).toEqual([
    'app/a',
  ]);
});

describe('folders that cannot be watched', () => {
  test.each([
    ['TOOMANY', 'more than 5000 folders match, and those beyond are not watched'],
    ['EIO', '/app cannot be watched: EIO'],
    ['EACCES', '/app cannot be watched: it may not be read'],
    ['ENOENT', null],
    ['ENOTDIR', null],
  ])('a folder whose watch is refused with %s leads to the remark %j', async (code, remark) => {
    put('x.js');
    const all = await walked({
      globs: ['*.js'],
      refusal: (folder) => (folder === app ? code : null),
    });
    expect([...all.remarks].map((each) => each.replace(dir, ''))).toEqual(remark === null ? [] : [remark]);
    expect(found(all)).toEqual(['app/x.js']);
  });

  test('a folder on the way needs no watch while all that is looked for in it is there', async () => {
    put('a/x.js', 'b/x.js');
    const refusal = (folder: string): string | null => (folder === app ? 'EACCES' : null);
    expect((await walked({ globs: ['a/*.js', 'b/*.js'], refusal })).remarks).toEqual(new Set());
    expect((await walked({ globs: ['a/*.js', 'none/*.js'], refusal })).remarks).toEqual(
      new Set([`${app} cannot be watched: it may not be read`]),
    );
  });

  test('on macOS the root and the folders in it are not watched', async () => {
    const platform = Object.getOwnPropertyDescriptor(process, 'platform')!;
    const firstWatched = async (name: string): Promise<readonly string[]> => {
      const watched: string[] = [];
      Object.defineProperty(process, 'platform', { ...platform, value: name });
      try {
        await walked({ globs: ['*.js'], refusal: (folder) => (watched.push(folder), null) });
      } finally {
        Object.defineProperty(process, 'platform', platform);
      }
      return watched.slice(0, 2);
    };
    const [, top, second] = app.split('/');
    expect(await firstWatched('linux')).toEqual(['/', `/${top}`]);
    expect((await firstWatched('darwin'))[0]).toBe(`/${top}/${second}`);
  });
});

describe('folders that cannot be read', () => {
  const refused = (): Promise<never> => Promise.reject(Object.assign(new Error('no'), { code: 'EACCES' }));

  test('a folder that cannot be listed is watched all the same', async () => {
    put('a/x.js', 'b/x.js');
    const opendir: WatchCalls['opendir'] = (path, options) =>
      String(path).endsWith('/a') ? refused() : files.opendir(path, options);
    const all = await walked({ globs: ['*/*.js'], calls: { opendir } });
    expect([found(all), all.folders.has(`${app}/a`)]).toEqual([['app/b/x.js'], true]);
  });

  test('the first names of a folder that cannot be read to its end count', async () => {
    const { opendir, closed } = listing(
      (function* () {
        yield* ['a', 'b'];
        throw Object.assign(new Error('broken'), { code: 'EIO' });
      })(),
    );
    expect(found(await walked({ globs: ['*'], calls: { ...(await alike()), opendir } }))).toEqual([
      'app/a',
      'app/b',
    ]);
    expect(closed).toEqual(['closed']);
  });
});

describe('limits', () => {
  test.each([
    [20_000, []],
    [20_001, ['more than 20000 files match, and those beyond are not watched']],
  ])('%i files that match lead to the remarks %j', async (count, remarks) => {
    const { opendir } = listing(numbered(count));
    const all = await walked({ globs: ['*'], calls: { ...(await alike()), opendir } });
    expect([all.files.size, [...all.remarks]]).toEqual([20_000, remarks]);
  });

  test.each([
    [200_000, ['app/last.js'], []],
    [200_001, [], ['more than 200000 names were looked at, and those beyond are not watched']],
  ])('of %i names in a folder, the last being meant, it finds %j', async (count, files_, remarks) => {
    const { opendir, closed } = listing([...numbered(count - 1), 'last.js']);
    const all = await walked({ globs: ['*.js'], calls: { ...(await alike()), opendir } });
    expect([found(all), [...all.remarks], closed]).toEqual([files_, remarks, ['closed']]);
  });

  test('at most 64 files of a folder are looked at side by side', async () => {
    const { opendir } = listing(numbered(150));
    let [now, most] = [0, 0];
    const calls = await alike(async () => {
      most = Math.max(most, (now += 1));
      await new Promise(setImmediate);
      now -= 1;
    });
    const all = await walked({ globs: ['*'], calls: { ...calls, opendir } });
    expect([all.files.size, most]).toEqual([150, 64]);
  });
});

describe('a walk whose result nobody needs any more', () => {
  test('it does not begin', async () => {
    put('x.js');
    expect(found(await walked({ globs: ['*.js'], isOver: () => true }))).toEqual([]);
    expect(steps).toEqual([]);
  });

  test('it stops between two folders', async () => {
    put('a/x.js');
    const isOver = (): boolean => steps.includes('list app');
    expect(found(await walked({ globs: ['*/*.js'], isOver }))).toEqual([]);
    expect(stepsOf('watch')).toEqual(['watch app']);
  });

  test('it stops reading a long folder, and closes it', async () => {
    let read = 0;
    const { opendir, closed } = listing(
      (function* () {
        for (; read < 1_000; read += 1) yield `${read}`;
      })(),
    );
    const calls = { ...(await alike()), opendir };
    expect(found(await walked({ globs: ['*'], calls, isOver: () => read >= 10 }))).toEqual([]);
    expect([read < 20, closed]).toEqual([true, ['closed']]);
  });

  test('it stops looking at the files of a long folder', async () => {
    const { opendir } = listing(numbered(150));
    let looks = 0;
    const calls = await alike(() => void (looks += 1));
    await walked({ globs: ['*'], calls: { ...calls, opendir }, isOver: () => looks > 0 });
    expect(looks).toBe(64);
  });
});

describe('links', () => {
  test('every name on the way to the end of a link is noted', async () => {
    put('lib/x.js');
    link('second', 'first');
    link('lib/x.js', 'second');
    const all = await walked({ globs: ['first'] });
    expect(found(all)).toEqual(['app/first']);
    expect(hopsOf(all)).toEqual({ '': ['app'], app: ['first', 'second', 'lib'], 'app/lib': ['x.js'] });
    expect(stepsOf('watch')).toEqual(['watch app', 'watch app', 'watch app/lib']);
  });

  test('a relative link in a folder behind a link begins where that folder is', async () => {
    put('real/sub/x.js', 'real/y.js');
    link('real/sub', 'via');
    link('../y.js', 'real/sub/to');
    const all = await walked({ globs: ['via/to'] });
    expect(found(all)).toEqual(['app/via/to']);
    expect(hopsOf(all)).toEqual({
      '': ['app'],
      app: ['via', 'real'],
      'app/real': ['sub', 'y.js'],
      'app/via': ['to'],
    });
  });

  test('the way of a link that leads nowhere is noted up to what is missing', async () => {
    link('none/deeper/x.js', 'first');
    expect(hopsOf(await walked({ globs: ['first'] }))).toEqual({ '': ['app'], app: ['first', 'none'] });
  });

  test('a link in a folder that is gone by now is noted by its own name alone', async () => {
    put('x.js');
    link('x.js', 'first');
    const realpath = (() => Promise.reject(Object.assign(new Error('gone'), { code: 'ENOENT' }))) as never;
    expect(hopsOf(await walked({ globs: ['first'], calls: { realpath } }))).toEqual({ app: ['first'] });
  });

  test('a link to a folder is entered where it is written out, and not by a wildcard', async () => {
    mkdirSync(join(dir, 'far'));
    writeFileSync(join(dir, 'far/x.js'), '');
    link('../far', 'linked');
    expect(found(await walked({ globs: ['linked/*.js'] }))).toEqual(['app/linked/x.js']);
    expect(found(await walked({ globs: ['*/*.js'] }))).toEqual([]);
  });
});
