import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dataFolder } from '../../../src/data-folder.ts';
import { initHomes } from '../../../src/daemon/init-homes.ts';
import type { LockResult, Os } from '../../../src/os/os.ts';

let home: string;
let data: string;
beforeEach(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'overseer-homes-')));
  data = join(home, 'share', 'overseer');
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const holds = (): boolean => true;
const HELD: LockResult = { ok: true, release: () => undefined, holds };

function init(lock: LockResult = HELD, isAwaited = true): ReturnType<typeof initHomes> {
  const os = { lock: () => lock, bootId: () => 'boot-1' } as Partial<Os> as Os;
  return initHomes({ config: join(home, 'config'), data, home }, os, () => Promise.resolve(isAwaited));
}

test('the folders are made for this user alone, and the next daemon finds what this one has kept', async () => {
  const first = await init();
  if (!first.ok) throw new Error(first.detail);
  expect([first.notes, first.damage, first.holdsLock, first.folder.boot]).toEqual([[], [], holds, 'boot-1']);
  for (const folder of [data, dataFolder(data).logs]) expect(statSync(folder).mode & 0o777).toBe(0o700);
  first.store.put('a', 1);
  await first.store.sync();
  first.store.close();
  const second = await init();
  if (!second.ok) throw new Error(second.detail);
  expect([second.store.entries().get('a'), second.folder.id, second.folder.isCopy]).toEqual([
    1,
    first.folder.id,
    false,
  ]);
  second.store.close();
  expect(JSON.parse(readFileSync(dataFolder(data).id, 'utf8'))).toEqual(first.folder.record);
});

test('a folder that another daemon serves is told as busy, and a lock that fails as a failure', async () => {
  expect(await init({ ok: false, reason: 'busy', message: 'locked' })).toEqual({
    ok: false,
    isBusy: true,
    detail: `another daemon serves ${data}`,
  });
  expect(await init({ ok: false, reason: 'error', message: 'no locks' })).toEqual({
    ok: false,
    isBusy: false,
    detail: 'no locks',
  });
});

test('a daemon whose client has gone has nothing to do, and reads no state', async () => {
  expect(await init(HELD, false)).toEqual({
    ok: false,
    isBusy: true,
    detail: 'the client that launched this daemon has gone',
  });
  expect(statSync(dataFolder(data).journal, { throwIfNoEntry: false })).toBeUndefined();
});

test('a folder, a place for logs or a journal that cannot be used is a failure that says why', async () => {
  mkdirSync(join(data, '..'), { recursive: true });
  writeFileSync(data, '');
  expect(await init()).toEqual({
    ok: false,
    isBusy: false,
    detail: expect.stringContaining('is not a folder'),
  });
  rmSync(data);
  mkdirSync(data, { mode: 0o700 });
  writeFileSync(dataFolder(data).logs, '');
  expect(await init()).toEqual({
    ok: false,
    isBusy: false,
    detail: expect.stringMatching(/^cannot make the folder of the logs: EEXIST/),
  });
  rmSync(dataFolder(data).logs);
  mkdirSync(dataFolder(data).journal);
  expect(await init()).toEqual({ ok: false, isBusy: false, detail: expect.stringContaining('state') });
});

test('an id that cannot be written is a note, and the daemon begins', async () => {
  mkdirSync(dataFolder(data).logs, { recursive: true, mode: 0o700 });
  mkdirSync(`${dataFolder(data).id}.new`);
  const begun = await init();
  if (!begun.ok) throw new Error(begun.detail);
  begun.store.close();
  expect(begun.notes).toEqual([expect.stringMatching(/^the id of the data folder cannot be written: /)]);
});
