import { mkdirSync, realpathSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSource } from '../../../src/exchange/read-source.ts';
import { newFolder } from '../../support/new-folder.ts';
import { openBelow } from '../../support/open-files.ts';

const OPTIONS = { trust: false, home: '/home/ann', environment: {} };
let dir: string;
const put = (name: string, text: string): string => {
  writeFileSync(join(dir, name), text);
  return join(dir, name);
};
const sourceOf = (file: string, trust = false) => {
  const source = readSource(file, { ...OPTIONS, trust });
  if ('message' in source) throw new Error(source.message);
  return source;
};
beforeEach(() => {
  dir = newFolder();
});

test('the files beside a source are found by globs, in the order of their names', () => {
  for (const folder of ['b', 'a']) mkdirSync(join(dir, folder));
  const names = ['a.conf', 'b.conf', 'c.ini', 'a+b.conf', 'axb.conf', 'a/x.conf', 'b/x.conf', 'b/y.txt'];
  for (const name of names) put(name, name);
  const source = sourceOf(put('main', ''));
  const found = (glob: string): readonly string[] =>
    source.matching(glob).map((path) => path.slice(dir.length + 1));
  expect(found('*.conf')).toEqual(['a+b.conf', 'a.conf', 'axb.conf', 'b.conf']);
  expect(found('?.conf')).toEqual(['a.conf', 'b.conf']);
  expect(found('[bc].*')).toEqual(['b.conf', 'c.ini']);
  expect(found('[!a].conf')).toEqual(['b.conf']);
  expect(found('a+*.conf')).toEqual(['a+b.conf']);
  expect(found('*/x.conf')).toEqual(['a/x.conf', 'b/x.conf']);
  expect(found('a.conf')).toEqual(['a.conf']);
  expect([found('none'), found('none*'), found('none/*')]).toEqual([[], [], []]);
  expect(source.matching(`${dir}/c.*`)).toEqual([join(dir, 'c.ini')]);
});

test('another file is read from beside the source, and one that is missing is null', () => {
  put('other', '\uFEFFtext');
  put('.env', 'A=1');
  const source = sourceOf(put('main', '\uFEFFmain'));
  expect([source.text, source.other('other'), source.other('none'), source.env()]).toEqual([
    'main',
    'text',
    null,
    'A=1',
  ]);
  expect([source.hasFile('other'), source.hasFile('none'), source.script]).toEqual([true, false, null]);
});

test('however a reading ends, no file stays open', () => {
  const large = put('large', '');
  truncateSync(large, 17 * 2 ** 20);
  expect(readSource(large, OPTIONS)).toMatchObject({ code: 'unreadable' });
  sourceOf(put('main', 'x')).other('large');
  expect(openBelow(realpathSync(dir))).toEqual([]);
});

test('a program is run only if it is trusted, and may export a function or a promise', () => {
  const file = put('a.mjs', 'console.log("noise");\nexport default async () => ({ apps: [1] });\n');
  expect(readSource(file, OPTIONS)).toEqual({
    code: 'untrusted',
    message: `${file} is a program, which overseer runs only if you trust it: --trust`,
  });
  expect(sourceOf(file, true)).toMatchObject({
    text: '{"apps":[1]}',
    script: expect.stringContaining('noise'),
  });
  expect(sourceOf(put('b.cjs', 'module.exports = { b: 1 };\n'), true).text).toBe('{"b":1}');
});

test.each([
  ['throw new Error("first\\nsecond");', 'first'],
  ['process.exit(3);', 'it ended by exit code 3'],
  ['process.kill(process.pid, "SIGKILL");', 'it ended by SIGKILL'],
])('why a program cannot be run is told in one line: %s', (text, why) => {
  const file = put('a.cjs', text);
  expect(readSource(file, { ...OPTIONS, trust: true })).toEqual({
    code: 'unreadable',
    message: `${file} cannot be run: ${why}`,
  });
});
