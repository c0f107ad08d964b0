import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identifyFolder, keepFolderId, type FolderIdentity } from '../../../src/daemon/folder-identity.ts';

let folder: string;
const at = (name: string): string => join(folder, name);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'overseer-identity-'));
  mkdirSync(at('data'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A daemon starts in the folder; what it remembers is in its journal and in the folder. */
function start(data: string, inJournal?: unknown): FolderIdentity {
  const identity = identifyFolder(data, inJournal, 'boot-1');
  expect(keepFolderId(data, identity.record)).toBeNull();
  return identity;
}

test('a folder keeps its random id in a file that only its owner can read', () => {
  const { id, record, isCopy } = start(at('data'));
  expect([isCopy, statSync(at('data/id')).mode & 0o777]).toEqual([false, 0o600]);
  expect(id).toMatch(/^[0-9a-f]{32}$/);
  expect(start(at('data'), record).id).toBe(id);
  expect(start(at('data')).id).toBe(id);
});

test('an id whose file was removed or damaged comes back from the journal', () => {
  const { id, record } = start(at('data'));
  rmSync(at('data/id'));
  expect(start(at('data'), record).id).toBe(id);
  expect(start(at('data')).id).toBe(id);
});

test('what a daemon left that was killed while it wrote its id is in nobody’s way', () => {
  writeFileSync(at('data/id.new'), '{"id":');
  const { id } = start(at('data'));
  expect([start(at('data')).id, readdirSync(at('data'))]).toEqual([id, ['id']]);
});

test.each([true, false])(
  'a copy beside the original has an id of its own, with its journal: %s',
  (hasJournal) => {
    const { id, record } = start(at('data'));
    cpSync(at('data'), at('copy'), { recursive: true });
    const copy = start(at('copy'), hasJournal ? record : undefined);
    expect([copy.isCopy, copy.id === id]).toEqual([true, false]);
    expect(start(at('copy'), copy.record)).toMatchObject({ isCopy: false, id: copy.id });
    expect(start(at('data'), record)).toMatchObject({ isCopy: false, id });
  },
);

test('a folder that was moved, reached by a link, or restored to its place keeps its id', () => {
  const first = start(at('data'));
  symlinkSync(at('data'), at('link'));
  expect(start(at('link'), first.record)).toMatchObject({ isCopy: false, id: first.id });
  renameSync(at('data'), at('moved'));
  const moved = start(at('moved'), first.record);
  expect(moved).toMatchObject({ isCopy: false, id: first.id });
  cpSync(at('moved'), at('backup'), { recursive: true });
  rmSync(at('moved'), { recursive: true });
  renameSync(at('backup'), at('moved'));
  expect(start(at('moved'), moved.record)).toMatchObject({ isCopy: false, id: first.id });
});

test.each([
  ['another daemon has made a new one', () => void start(at('second'))],
  ['there is a folder without an id', () => mkdirSync(at('second/id'))],
])('a folder that was moved keeps its id where in its old place %s', (_, takePlace) => {
  const first = start(at('data'));
  renameSync(at('data'), at('second'));
  const { id, record } = start(at('second'), first.record);
  expect(id).toBe(first.id);
  renameSync(at('second'), at('third'));
  mkdirSync(at('second'));
  takePlace();
  expect(start(at('third'), record)).toMatchObject({ isCopy: false, id });
});

test('an original that gave its place to its copy is the copy of the two', () => {
  const { id, record } = start(at('data'));
  renameSync(at('data'), at('old'));
  cpSync(at('old'), at('data'), { recursive: true });
  expect(start(at('data'), record)).toMatchObject({ isCopy: false, id });
  expect(start(at('old'), record).isCopy).toBe(true);
});

test('a record from before folders had ids names the inode, and its device may change at a boot', () => {
  const { ino } = statSync(at('data'));
  expect(start(at('data'), `4711:${ino}`).isCopy).toBe(false);
  expect(start(at('data'), `4711:${ino + 1}`).isCopy).toBe(true);
});
