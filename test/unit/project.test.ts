import { mkdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newProjectAt, projectAt } from '../../src/project.ts';
import type { Homes } from '../../src/homes.ts';
import { newFolder } from '../support/new-folder.ts';

let home: string;
let usual: Homes;
beforeEach(() => {
  home = realpathSync(newFolder());
  usual = { config: join(home, 'config'), data: join(home, 'data'), home };
  mkdirSync(join(home, 'shop/src/deep'), { recursive: true });
  writeFileSync(join(home, 'shop/overseer.toml'), '');
});

const SHOP = (): unknown => ({
  folder: join(home, 'shop'),
  isThere: true,
  homes: {
    ...usual,
    config: join(home, 'shop/overseer.toml'),
    data: expect.stringMatching(/\/data\/run\/shop-[0-9a-f]{8}$/),
    around: usual.data,
  },
});

test('a project is the nearest folder above with a config, and the same from everywhere in it', () => {
  const from = (path: string): unknown => projectAt(join(home, path), usual);
  expect(from('shop')).toEqual(SHOP());
  for (const path of ['shop/src/deep', 'shop/overseer.toml']) expect(from(path)).toEqual(from('shop'));
  symlinkSync(join(home, 'shop'), join(home, 'link'));
  expect(from('link')).toEqual(from('shop'));
  writeFileSync(join(home, 'shop/src/overseer.toml'), '');
  expect(projectAt(join(home, 'shop/src/deep'), usual).folder).toBe(join(home, 'shop/src'));
});

test('another config or another folder of the same name has another data folder', () => {
  mkdirSync(join(home, 'other/shop'), { recursive: true });
  writeFileSync(join(home, 'other/shop/overseer.toml'), '');
  writeFileSync(join(home, 'shop/more.toml'), '');
  const data = ['shop', 'other/shop', 'shop/more.toml'].map(
    (path) => projectAt(join(home, path), usual).homes.data,
  );
  expect(new Set(data).size).toBe(3);
});

test('the folders above a misspelt one are not searched, and no config is no project yet', () => {
  const misspelt = projectAt(join(home, 'shop/scr'), usual);
  expect(misspelt).toMatchObject({ folder: join(home, 'shop/scr'), isThere: false });
  mkdirSync(join(home, 'plain'));
  expect(projectAt(join(home, 'plain'), usual)).toMatchObject({
    folder: join(home, 'plain'),
    isThere: false,
  });
});

test('a project whose config was removed is found by the daemon that it has left', () => {
  const { data } = projectAt(join(home, 'shop'), usual).homes;
  rmSync(join(home, 'shop/overseer.toml'));
  mkdirSync(data, { recursive: true });
  expect(projectAt(join(home, 'shop/src'), usual).folder).toBe(join(home, 'shop/src'));
  writeFileSync(join(data, 'socket'), '');
  expect(projectAt(join(home, 'shop/src'), usual)).toMatchObject({
    folder: join(home, 'shop'),
    isThere: false,
    homes: { data },
  });
});

test('a new project is where it is asked for, whatever is above', () => {
  expect(newProjectAt(join(home, 'shop/src'), usual)).toMatchObject({
    folder: join(home, 'shop/src'),
    isThere: false,
  });
  expect(newProjectAt(join(home, 'shop'), usual)).toEqual(SHOP());
  expect(newProjectAt(join(home, 'shop/overseer.toml'), usual)).toEqual(SHOP());
});

test('a project that a job of another project names is not within that one', () => {
  const own = projectAt(join(home, 'shop'), usual).homes;
  expect(projectAt(join(home, 'shop'), own).homes.data).toBe(own.data);
  mkdirSync(join(home, 'b'));
  writeFileSync(join(home, 'b/overseer.toml'), '');
  expect(projectAt(join(home, 'b'), own).homes).toEqual(projectAt(join(home, 'b'), usual).homes);
});

test('the name of a data folder is short and has no odd letters of its project', () => {
  const name = `a b/${'x'.repeat(100)}`;
  mkdirSync(join(home, name), { recursive: true });
  const long = newProjectAt(join(home, name), usual).homes.data;
  expect(long).toMatch(/\/run\/x{64}-[0-9a-f]{8}$/);
  expect(newProjectAt(join(home, 'a b'), usual).homes.data).toMatch(/\/run\/a_b-[0-9a-f]{8}$/);
});
