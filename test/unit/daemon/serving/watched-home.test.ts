import { jest } from '@jest/globals';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { watchHome } from '../../../../src/daemon/serving/watched-home.ts';

let root: string;
let home: string;
let data: string;
let changes: number;
let watching: { readonly end: () => void } | null;

beforeEach(() => {
  root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'overseer-home-')));
  home = path.join(root, 'me');
  data = path.join(home, 'share', 'of', 'overseer');
  fs.mkdirSync(data, { recursive: true });
  for (const name of ['lock', 'socket', 'state.journal']) fs.writeFileSync(path.join(data, name), '');
  changes = 0;
  watching = null;
});

afterEach(() => {
  watching?.end();
  fs.rmSync(root, { recursive: true, force: true });
});

function watch(place = data): void {
  watching = watchHome({ data: place, home }, () => (changes += 1));
  expect(watching).not.toBeNull();
}

async function isReported(act: () => void): Promise<boolean> {
  changes = 0;
  act();
  for (const end = performance.now() + 300; changes === 0 && performance.now() < end;)
    await new Promise((resolve) => setTimeout(resolve, 5));
  return changes > 0;
}

test.each([
  ['the socket file is removed', () => fs.rmSync(path.join(data, 'socket'))],
  ['the socket file is written by another', () => fs.writeFileSync(path.join(data, 'socket'), 'other')],
  ['the lock is removed', () => fs.rmSync(path.join(data, 'lock'))],
  ['the data folder is removed', () => fs.rmSync(data, { recursive: true })],
  ['the data folder is moved', () => fs.renameSync(data, path.join(root, 'elsewhere'))],
  ['a folder above it is moved', () => fs.renameSync(path.join(home, 'share'), path.join(root, 'elsewhere'))],
])('it is reported that %s', async (_, act) => {
  watch();
  expect(await isReported(act)).toBe(true);
});

test('it is reported that a link on the path leads elsewhere', async () => {
  const link = path.join(home, 'share', 'link');
  fs.symlinkSync('of', link);
  watch(path.join(link, 'overseer'));
  const retarget = (): void => {
    fs.symlinkSync('/tmp', `${link}.new`);
    fs.renameSync(`${link}.new`, link);
  };
  expect(await isReported(retarget)).toBe(true);
});

test.each([
  ['what the daemon writes itself', () => fs.appendFileSync(path.join(data, 'state.journal'), 'line\n')],
  ['what happens in the home folder', () => fs.writeFileSync(path.join(home, '.history'), '')],
  ['what other programs keep beside it', () => fs.mkdirSync(path.join(home, 'share', 'other'))],
])('%s is not reported', async (_, act) => {
  watch();
  expect(await isReported(act)).toBe(false);
});

test('a folder on the path in which everybody may write is not watched', async () => {
  const open = path.join(home, 'tmp');
  const own = path.join(open, 'overseer');
  fs.mkdirSync(own, { recursive: true });
  fs.chmodSync(open, 0o1777);
  watch(own);
  expect(await isReported(() => fs.writeFileSync(path.join(open, 'lock'), ''))).toBe(false);
});

test('a folder in which much happens costs a check instead of thousands of events', async () => {
  watch();
  const write = (): void => {
    for (let round = 0; round < 1_000; round += 1)
      fs.writeFileSync(path.join(home, 'share', `other${round % 2}`), '');
  };
  expect(await isReported(write)).toBe(true);
  expect(changes).toBe(1);
});

test('where a folder on the path cannot be watched the others are not watched either', async () => {
  const [link, other] = [path.join(home, 'link'), path.join(home, 'other')];
  fs.mkdirSync(path.join(other, 'overseer'), { recursive: true });
  fs.symlinkSync(path.join(home, 'share', 'of'), link);
  const uid = process.getuid?.() ?? -1;
  // Somebody moves the data folder after its path was read, and before it is watched.
  const getuid = jest.spyOn(process as { getuid(): number }, 'getuid').mockImplementation(() => {
    if (getuid.mock.calls.length === 3) {
      fs.rmSync(link);
      fs.symlinkSync(other, link);
      fs.rmSync(path.join(home, 'share'), { recursive: true });
    }
    return uid;
  });
  watching = watchHome({ data: path.join(link, 'overseer'), home }, () => (changes += 1));
  getuid.mockRestore();
  expect([watching, fs.existsSync(path.join(link, 'overseer'))]).toEqual([null, true]);
  expect(await isReported(() => fs.writeFileSync(path.join(link, 'overseer', 'lock'), ''))).toBe(false);
});

test('a data folder that is not there cannot be watched', () => {
  fs.rmSync(data, { recursive: true });
  expect(watchHome({ data, home }, () => undefined)).toBeNull();
});
