import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { isOurs } from '../../../../src/data-folder.ts';
import { WatchTree } from '../../../../src/job/watch/watch-tree.ts';

/** Longer than any machine takes to tell of a change. */
const LONG_MS = 60_000;

let dir = '';
let tree: WatchTree | null = null;
let changed: string[] = [];
let remarks: readonly string[] = [];
let looks = 0;

beforeEach(() => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), 'watch-')));
  mkdirSync(join(dir, 'app'));
});

afterEach(() => {
  tree?.end();
  rmSync(dir, { recursive: true, force: true });
});

/** Changes a file, and its folders if they are missing. */
function put(path: string, text = `${Math.random()}`): void {
  mkdirSync(dirname(join(dir, path)), { recursive: true });
  writeFileSync(join(dir, path), text);
}

const remove = (path: string): void => rmSync(join(dir, path), { recursive: true });
const move = (from: string, to: string): void => renameSync(join(dir, from), join(dir, to));
const link = (target: string, path: string): void => symlinkSync(target, join(dir, path));

/** Turns a link to another target, as a deployment does: in one step. */
function turn(target: string, path: string): void {
  link(target, `${path}.new`);
  move(`${path}.new`, path);
}

async function until(isSo: () => boolean, what: string): Promise<void> {
  const end = performance.now() + LONG_MS;
  while (!isSo()) {
    if (performance.now() > end) throw new Error(`${what}; seen: ${changed.join(' ')}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Watches, once everything that is there has been looked at. */
async function watch(...globs: string[]): Promise<void> {
  [changed, remarks, looks] = [[], [], 0];
  tree = new WatchTree(
    { cwd: join(dir, 'app'), globs, own: { data: join(dir, 'data'), isOurs } },
    {
      changed: (path) => changed.push(path.replace(`${dir}/`, '')),
      remarked: (now) => {
        remarks = now;
        looks += 1;
      },
    },
  );
  await until(() => looks > 0, 'the first look around');
}

/** Does something, and waits until a change of this path is told. */
async function sees(path: string, act: () => void): Promise<void> {
  changed = [];
  act();
  await until(() => changed.includes(path), `${path} is noticed`);
  // What belongs to this change is told with it, or in the next look.
  await new Promise((resolve) => setTimeout(resolve, 50));
}

const changes = (path: string): Promise<void> => sees(path, () => put(path));

test('files that are there when a watch begins are no changes, nor are those behind a link', async () => {
  put('app/src/a.js');
  put('elsewhere/b.js');
  link(join(dir, 'elsewhere/b.js'), 'app/src/b.js');
  link(join(dir, 'elsewhere'), 'app/linked');
  await watch('src/*.js', 'linked/*.js', 'linked');
  put('app/src/a.js');
  await until(() => changed.length > 0, 'a change is noticed');
  expect(changed).toEqual(['app/src/a.js']);
});

describe('a watch goes on', () => {
  test('a watch goes on when its root is removed and made anew, again and again', async () => {
    put('app/src/a.js');
    await watch('src/**/*.js');
    for (let round = 0; round < 2; round += 1) {
      await sees('app/src/a.js', () => remove('app/src'));
      await changes('app/src/a.js');
      await changes('app/src/deep/er/b.js');
      await changes('app/src/a.js');
    }
  });

  test.each(['app/one/two/src', 'app/one/two', 'app/one', 'app'])(
    'a watch goes on when %s is swapped by renaming',
    async (root) => {
      put('app/one/two/src/a.js');
      await watch('one/two/src/**/*.js');
      for (let round = 0; round < 2; round += 1) {
        await sees('app/one/two/src/a.js', () => {
          put('app/one/two/src/a.js'.replace(root, 'new'));
          move(root, `old${round}`);
          move('new', root);
        });
        await changes('app/one/two/src/a.js');
        await changes(`app/one/two/src/new${round}/b.js`);
      }
      put('old0/a.js');
      put('old1/src/a.js');
      await changes('app/one/two/src/a.js');
      expect(changed.filter((path) => path.startsWith('old'))).toEqual([]);
    },
  );

  test.each([
    ['conf/app.toml', 'app/conf', 'app/conf/app.toml'],
    ['build/js/**', 'app/build', 'app/build/js/a.js'],
    ['*/x/*.md', 'app/y', 'app/y/x/a.md'],
    ['conf', 'app/conf', 'app/conf/a'],
    ['src/*.js', 'app', 'app/src/a.js'],
  ])('a watch for %j goes on when %s is removed and made anew', async (glob, folder, file) => {
    put(file);
    await watch(glob);
    for (let round = 0; round < 2; round += 1) {
      await sees(file, () => remove(folder));
      await changes(file);
      await changes(file);
    }
  });

  test('a watch goes on when cwd and all above it come later, level by level', async () => {
    rmSync(join(dir, 'app'), { recursive: true });
    await watch('a/b/c/*.js', '**/*.md', '../other/x/y.txt');
    for (const folder of ['app', 'app/a', 'app/a/b', 'app/a/b/c', 'other', 'other/x']) {
      mkdirSync(join(dir, folder));
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
    await changes('app/a/b/c/a.js');
    await changes('app/a/b/readme.md');
    await changes('other/x/y.txt');
  });

  test('a watch for the first glob goes on although levels of the second are missing', async () => {
    put('app/a/b/c/src/a.js');
    await watch('**/*.js', 'a/b/c/public/**', join('..', 'x/y/z/*'));
    await changes('app/a/b/c/src/a.js');
    await changes('app/a/b/c/public/x/y');
    await changes('x/y/z/a');
  });

  test('a watch goes on when a folder comes and goes in a hurry', async () => {
    await watch('src/**/*.js');
    for (let round = 0; round < 200; round += 1) {
      put('app/src/x/a.js');
      remove('app/src');
    }
    put('app/src/x/a.js');
    await new Promise((resolve) => setTimeout(resolve, 300));
    await changes('app/src/x/a.js');
  });

  test('a folder that contains an entry of its own name is still watched', async () => {
    put('app/src/a.js');
    await watch('src/**/*.js');
    await changes('app/src/src/src/a.js');
    await sees('app/src/src/src/a.js', () => remove('app/src/src'));
    await changes('app/src/src/a.js');
    await changes('app/src/a.js');
  });

  test('a watch goes on when a file becomes a folder, and a folder a link', async () => {
    put('app/x');
    put('elsewhere/a');
    await watch('x');
    await sees('app/x/a', () => {
      remove('app/x');
      put('app/x/a');
    });
    await sees('app/x/a', () => {
      remove('app/x');
      link('../elsewhere', 'app/x');
    });
    await sees('app/x/a', () => put('elsewhere/a'));
  });
});

describe('links', () => {
  test('a change of the target, and of every link on the way to it, is one of the file', async () => {
    put('shared/v1/app.env');
    put('shared/v2/app.env');
    link('v1', 'shared/current');
    link('../shared/current/app.env', 'app/middle');
    link('middle', 'app/.env');
    await watch('.env');
    await sees('app/.env', () => put('shared/v1/app.env'));
    await sees('app/.env', () => {
      put('shared/v1/tmp');
      move('shared/v1/tmp', 'shared/v1/app.env');
    });
    await sees('app/.env', () => turn('v2', 'shared/current'));
    await sees('app/.env', () => put('shared/v2/app.env'));
    await sees('app/.env', () => turn('../shared/v1/app.env', 'app/middle'));
    await sees('app/.env', () => turn('../shared/v2/app.env', 'app/.env'));
    await sees('app/.env', () => remove('shared'));
    await sees('app/.env', () => put('shared/v2/app.env'));
    expect(readlinkSync(join(dir, 'app/.env'))).toBe('../shared/v2/app.env');
  });

  test('a cwd that is a turned link is watched where it leads now, and no longer where it led', async () => {
    remove('app');
    put('r/1/src/a.js');
    put('r/2/src/a.js');
    link('r/1', 'app');
    await watch('src/*.js');
    await sees('app/src/a.js', () => put('r/1/src/a.js'));
    await sees('app/src/a.js', () => turn('r/2', 'app'));
    await sees('app/src/a.js', () => put('r/2/src/a.js'));
    changed = [];
    put('r/1/src/a.js');
    put('r/1/src/b.js');
    await sees('app/src/c.js', () => put('r/2/src/c.js'));
    expect(changed).not.toContain('app/src/b.js');
    expect(changed).not.toContain('app/src/a.js');
  });

  test('a folder that is a link is entered where it is written out, and not by a wildcard', async () => {
    put('far/a.js');
    mkdirSync(join(dir, 'app/src'));
    link('../../far', 'app/src/far');
    await watch('src/**/*.js', 'src/far/only.md');
    changed = [];
    put('far/a.js');
    await sees('app/src/far/only.md', () => put('far/only.md'));
    expect(changed).toEqual(['app/src/far/only.md']);
  });

  test('links that lead in a circle, or nowhere, are watched like files', async () => {
    link('b', 'app/a');
    link('a', 'app/b');
    link('nowhere/at/all', 'app/c');
    await watch('*');
    await sees('app/c', () => put('app/nowhere/at/all'));
    await sees('app/a', () => turn('c', 'app/a'));
  });
});

describe('what is watched', () => {
  test.each([
    ['app/(shop)', 'app/app/(shop)/a/p.js'],
    ['app/[...slug]/**/*.tsx', 'app/app/[...slug]/x/page.tsx'],
    ['{app}/*.js', 'app/app/a.js'],
    [String.raw`app/\(shop\)/*`, 'app/app/(shop)/a'],
    ['a b/*.md', 'app/a b/ü 漢.md'],
    ['über/**', 'app/über/x/y'],
    [String.raw`back\slash`, String.raw`app/back\slash`],
    ['-x/*', 'app/-x/--y'],
  ])('%j means %s', async (glob, file) => {
    await watch(glob);
    await changes(file);
    await changes(file);
  });

  test('a change that keeps the length, a moment after the last one, is noticed', async () => {
    put('app/a', '0');
    await watch('a');
    for (let round = 1; round < 10; round += 1) await sees('app/a', () => put('app/a', `${round}`));
  });

  test('the data folder is left out, by whatever way it is reached', async () => {
    put('app/state/overseerd.log');
    put('elsewhere/web.log');
    mkdirSync(join(dir, 'app/state/logs'));
    link('../../../elsewhere/web.log', 'app/state/logs/web.log');
    link('app/state', 'data');
    link('state', 'app/same');
    await watch('**/*', 'same/**', 'state/overseerd.log', '../elsewhere/*');
    changed = [];
    for (const file of ['app/state/overseerd.log', 'app/state/new', 'elsewhere/web.log']) put(file);
    await changes('app/a.js');
    expect(new Set(changed)).toEqual(new Set(['app/a.js']));
    expect(remarks).toContain('"state/overseerd.log" matches nothing so far');
  });

  test("where cwd lies in the data folder, only the daemon's own files are left out", async () => {
    link('.', 'data');
    put('app/a.js');
    await watch('*.js', '../**');
    changed = [];
    for (const file of ['overseerd.log', 'state.journal', 'logs/web.log']) put(file);
    await changes('app/a.js');
    await changes('src/b.js');
    expect(changed.filter((path) => /log|journal/.test(path))).toEqual([]);
  });

  test('a glob that matches nothing is reported, until it matches something', async () => {
    await watch('src/*.js', '{a,b}'.repeat(20), '!none');
    await until(() => looks > 1, 'the first look around');
    expect(remarks).toEqual([
      `"${'{a,b}'.repeat(20)}" is not watched: its braces stand for too many alternatives`,
      '"src/*.js" matches nothing so far',
    ]);
    await changes('app/src/a.js');
    expect(remarks).toHaveLength(1);
  });

  test('a look around anew tells what has changed unseen, and nothing else', async () => {
    put('app/a');
    await watch('*');
    changed = [];
    tree?.renew();
    await until(() => looks > 1, 'a second look');
    expect(changed).toEqual([]);
  });

  test('a file that another of the same size and time replaces is noticed', async () => {
    put('app/a.js', 'one');
    put('app/other', 'two');
    const long = new Date('2026-01-01T00:00:00.000Z');
    for (const path of ['app/a.js', 'app/other']) utimesSync(join(dir, path), long, long);
    await watch('a.js');
    await sees('app/a.js', () => move('app/other', 'app/a.js'));
  });

  test('a name that no glob means leads to no look at all', async () => {
    put('app/src/a.js');
    await watch('src/*.js');
    const before = looks;
    for (let count = 0; count < 100; count += 1) appendFileSync(join(dir, 'app/src/a.log'), 'line\n');
    put('app/other/a.js');
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(looks).toBe(before);
  });

  test('at most as many folders as the limit are watched, and reaching the limit is reported', async () => {
    for (let count = 0; count < 5_100; count += 1) mkdirSync(join(dir, `app/${count}`));
    put('app/first');
    await watch('**');
    expect(remarks).toEqual(['more than 5000 folders match, and those beyond are not watched']);
    await changes('app/first');
  });
});
