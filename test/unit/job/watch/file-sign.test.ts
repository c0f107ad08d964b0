import { chmodSync, mkdirSync, renameSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { quietly, seenAt, type Seen } from '../../../../src/job/watch/file-sign.ts';
import { realWatchCalls } from '../../../../src/job/watch/watch-calls.ts';
import { newFolder } from '../../../support/new-folder.ts';

const LONG_AGO = new Date('2026-01-01T00:00:00.000Z');

let folder: string;
let now: number;
beforeEach(() => {
  folder = newFolder();
  now = LONG_AGO.getTime() + 60_000;
});

const at = (name: string): string => join(folder, name);
const look = (name: string): Promise<Seen | null> =>
  seenAt(at(name), { ...realWatchCalls, clock: { ...realWatchCalls.clock, wall: () => now } });
/** A file that was last changed long ago. */
function put(name: string, text = 'text'): void {
  writeFileSync(at(name), text);
  utimesSync(at(name), LONG_AGO, LONG_AGO);
}

test('a file, a folder and a link are told from each other, and nothing is nothing', async () => {
  put('file');
  mkdirSync(at('folder'));
  symlinkSync('file', at('to-file'));
  symlinkSync('folder', at('to-folder'));
  symlinkSync('none', at('to-nothing'));
  const seen = await Promise.all(['file', 'folder', 'to-file', 'to-folder', 'to-nothing'].map(look));
  expect(seen.map((each) => [each?.kind, each?.link, each?.isFolder])).toEqual([
    ['file', null, false],
    ['folder', null, true],
    ['link', 'file', false],
    ['link', 'folder', true],
    ['link', 'none', false],
  ]);
  const [file, inner, toFile, toFolder, toNothing] = seen;
  expect([toFile?.id, toFolder?.id, inner?.sign, toFolder?.sign, toNothing?.sign]).toEqual([
    file?.id,
    inner?.id,
    'folder',
    'folder -> folder',
    'none -> nothing',
  ]);
  expect(toFile?.sign).toBe(`file -> ${file?.sign}`);
  expect([await look('none'), await look('file/below')]).toEqual([null, null]);
});

test.each<[string, () => void]>([
  ['its text', () => put('file', 'longer text')],
  ['its time', () => utimesSync(at('file'), LONG_AGO, new Date())],
  ['its mode', () => chmodSync(at('file'), 0o700)],
  ['another in its place', () => (put('new'), renameSync(at('new'), at('file')))],
])('a file has changed with %s', async (_case, change) => {
  put('file');
  const before = await look('file');
  expect((await look('file'))?.sign).toBe(before?.sign);
  change();
  expect((await look('file'))?.sign).not.toBe(before?.sign);
});

test.each([
  [49, true],
  [50, false],
  [-49, true],
  [-50, false],
])('a file that changed %i ms ago may change again unseen: %j', async (ms, isFresh) => {
  put('file');
  mkdirSync(at('folder'));
  utimesSync(at('folder'), LONG_AGO, LONG_AGO);
  symlinkSync('file', at('link'));
  now = LONG_AGO.getTime() + ms;
  expect([(await look('file'))?.isFresh, (await look('link'))?.isFresh]).toEqual([isFresh, isFresh]);
  // The files of a folder are looked at themselves.
  expect((await look('folder'))?.isFresh).toBe(false);
});

test('what the system refuses counts as missing, and a fault of ours is thrown', async () => {
  expect(await quietly(Promise.reject(Object.assign(new Error('no'), { code: 'EACCES' })))).toBeNull();
  await expect(quietly(Promise.reject(new TypeError('a bug of ours')))).rejects.toThrow('a bug of ours');
});
