import { EventEmitter } from 'node:events';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { FolderWatches } from '../../../../src/job/watch/folder-watches.ts';
import { newFolder } from '../../../support/new-folder.ts';

type OnEvent = (type: string, name: string | null) => void;

/** Watches that say what the test has them say. */
function watches(refusal: Error | null = null) {
  const opened: {
    readonly folder: string;
    readonly on: OnEvent;
    readonly emitter: EventEmitter;
    isOpen: boolean;
  }[] = [];
  const said: string[] = [];
  const during = { open: (): void => undefined };
  const made = new FolderWatches(
    {
      stat,
      watch: (folder, on) => {
        if (refusal !== null) throw refusal;
        const watch = { folder, on, emitter: new EventEmitter(), isOpen: true };
        opened.push(watch);
        during.open();
        return Object.assign(watch.emitter, { close: () => (watch.isOpen = false) }) as never;
      },
    },
    {
      event: (folder, name) => said.push(`${basename(folder)}: ${name}`),
      gone: (folder) => said.push(`${basename(folder)} is gone`),
    },
  );
  const open = (): readonly string[] =>
    opened.filter(({ isOpen }) => isOpen).map(({ folder }) => basename(folder));
  return { made, opened, said, open, during };
}

let root: string;
let folder: string;
beforeEach(() => {
  root = newFolder();
  folder = join(root, 'src');
  mkdirSync(folder);
});

test('a folder is watched once, and its names are told', async () => {
  const { made, opened, said, open } = watches();
  expect([await made.ensure(folder), await made.ensure(folder), made.size, open()]).toEqual([
    null,
    null,
    1,
    ['src'],
  ]);
  opened[0]?.on('change', 'a.js');
  opened[0]?.on('rename', null);
  opened[0]?.on('change', 'src');
  expect([said, open()]).toEqual([['src: a.js', 'src: null', 'src: src'], ['src']]);
});

test('another folder in the place of one is watched instead', async () => {
  const { made, opened, open, said } = watches();
  await made.ensure(folder);
  renameSync(folder, join(root, 'old'));
  mkdirSync(folder);
  expect([await made.ensure(folder), open(), opened.length, made.size]).toEqual([null, ['src'], 2, 1]);
  // What the watch of the one before says of its end is no news.
  opened[0]?.emitter.emit('error', new Error('gone'));
  expect([said, made.size]).toEqual([[], 1]);
});

test('a folder that is replaced while its watch begins is watched anew', async () => {
  const { made, opened, open, during } = watches();
  during.open = () => {
    during.open = () => undefined;
    renameSync(folder, join(root, 'old'));
    mkdirSync(folder);
  };
  expect([await made.ensure(folder), opened.length, open()]).toEqual([null, 2, ['src']]);
});

test('the removal of a watched folder, or an error of its watch, is reported once', async () => {
  const { made, opened, said, open } = watches();
  await made.ensure(folder);
  opened[0]?.on('rename', 'src');
  opened[0]?.on('rename', 'src');
  expect([said, open(), made.size]).toEqual([['src: src', 'src is gone', 'src: src'], [], 0]);
  await made.ensure(folder);
  opened[1]?.emitter.emit('error', new Error('no more'));
  expect([said.at(-1), made.size]).toEqual(['src is gone', 0]);
});

test('a file, or a folder that the system refuses to watch, is not watched', async () => {
  const { made, open } = watches();
  writeFileSync(join(root, 'file'), '');
  expect([await made.ensure(join(root, 'none')), await made.ensure(join(root, 'file'))]).toEqual([
    { code: 'ENOENT' },
    { code: 'ENOENT' },
  ]);
  await made.ensure(folder);
  rmSync(folder, { recursive: true });
  expect([await made.ensure(folder), open(), made.size]).toEqual([{ code: 'ENOENT' }, [], 0]);
  mkdirSync(folder);
  const refused = watches(Object.assign(new Error('no'), { code: 'ENOSPC' }));
  expect([await refused.made.ensure(folder), refused.made.size]).toEqual([{ code: 'ENOSPC' }, 0]);
  await expect(watches(new TypeError('a bug of ours')).made.ensure(folder)).rejects.toThrow('a bug of ours');
});

test('folders that are no longer wanted are dropped, everywhere or below one', async () => {
  const { made, open } = watches();
  const folders = ['src', 'src/a', 'src/a/b', 'srcx'].map((name) => join(root, name));
  for (const each of folders) {
    mkdirSync(each, { recursive: true });
    await made.ensure(each);
  }
  made.keepBelow(folder, new Set([join(root, 'src/a')]));
  expect(open()).toEqual(['a', 'srcx']);
  made.keepOnly(new Set([join(root, 'srcx')]));
  expect([open(), made.size]).toEqual([['srcx'], 1]);
  made.drop(join(root, 'none'));
  made.end();
  expect([open(), made.size]).toEqual([[], 0]);
});
