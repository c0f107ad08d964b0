// The part of jest's interface that the unit, host and chart tests use, in one process: a test can be run
// again and again without loading anything anew, which is what makes thousands of planted bugs affordable.
import { createRequire } from 'node:module';
import { relative } from 'node:path';

const ofJest = createRequire(createRequire(import.meta.url).resolve('jest-circus'));
const { expect } = ofJest('expect');
const { bind } = ofJest('jest-each');
const { ModuleMocker } = createRequire(ofJest.resolve('jest-runtime'))('jest-mock');

/**
 * @typedef {{ title: string, parent?: Block, befores: Function[], afters: Function[],
 *   first: Function[], last: Function[] }} Block
 */
/** @typedef {{ id: string, file: string, block: Block, run: Function, timeout?: number }} Test */

let block;
let file;
const ids = new Map();
/** In the order of their files. @type {Test[]} */
const tests = [];

const newBlock = (title, parent) => ({ title, parent, befores: [], afters: [], first: [], last: [] });

/** The tests of a file. */
export async function collect(path, load) {
  file = relative(process.cwd(), path);
  block = newBlock('', undefined);
  const before = tests.length;
  await load();
  return tests.slice(before);
}

function addTest(title, run, timeout) {
  const titles = [title];
  for (let each = block; each; each = each.parent) titles.unshift(each.title);
  const name = `${file}: ${titles.filter(Boolean).join(' ')}`;
  const same = (ids.get(name) ?? 0) + 1;
  ids.set(name, same);
  tests.push({ id: same === 1 ? name : `${name} (${same})`, file, block, run, timeout });
}

function addBlock(title, body) {
  block = newBlock(title, block);
  body();
  block = block.parent;
}

const test = Object.assign(addTest, {
  each: bind(addTest, false),
  skip: Object.assign(() => {}, { each: () => () => {} }),
});
const describe = Object.assign(addBlock, { each: bind(addBlock, false), skip: () => {} });

Object.assign(globalThis, {
  expect,
  test,
  it: test,
  describe,
  beforeEach: (hook) => block.befores.push(hook),
  afterEach: (hook) => block.afters.push(hook),
  beforeAll: (hook) => block.first.push(hook),
  afterAll: (hook) => block.last.push(hook),
});

const mocker = new ModuleMocker(globalThis);
export const jest = {
  setTimeout: () => jest,
  spyOn: (...words) => mocker.spyOn(...words),
  fn: (work) => mocker.fn(work),
  restoreAllMocks: () => mocker.restoreAllMocks(),
};
const { describe: d, test: t } = globalThis;
export { d as describe, t as test, t as it, expect };

/** Blocks of a test, outermost first. */
export function blocksOf({ block }) {
  const blocks = [];
  for (let each = block; each; each = each.parent) blocks.unshift(each);
  return blocks;
}
