import { realDisk, type Disk } from '../../../src/state/disk.ts';
import { entries, file, folder, names, opened, readBack, refusal } from '../../support/journal-folder.ts';
import { openBelow } from '../../support/open-files.ts';
import { until } from '../../support/until.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('a deletion that the disk refuses is done when it is asked for again', () => {
  let isFull = false;
  const write: Disk['write'] = (fd, bytes) => {
    if (isFull) throw refusal('ENOSPC');
    return realDisk.write(fd, bytes);
  };
  const { store } = opened({ disk: { ...realDisk, write } });
  store.put('job', 1);
  isFull = true;
  for (let time = 0; time < 2; time += 1) expect(() => store.delete('job')).toThrow('ENOSPC');
  expect([entries(store), readBack()]).toEqual([{ job: 1 }, { job: 1 }]);
  isFull = false;
  store.delete('job');
  expect([entries(store), readBack()]).toEqual([{}, {}]);
});

test('once a sync has failed nothing counts as kept before all of it is in a new file', async () => {
  let isFailing = false;
  let made = 0;
  const { store } = opened({
    disk: {
      ...realDisk,
      datasync: (fd) => (isFailing ? Promise.reject(refusal('EIO')) : realDisk.datasync(fd)),
      create: (path) => {
        if (isFailing) throw refusal('EIO');
        made += 1;
        return realDisk.create(path);
      },
    },
  });
  store.put('a', 1);
  await store.sync();
  const before = made;
  isFailing = true;
  store.put('b', 2);
  for (let time = 0; time < 2; time += 1) await expect(store.sync()).rejects.toThrow('EIO');
  isFailing = false;
  store.put('c', 3);
  await store.sync();
  expect([made - before, readBack()]).toEqual([1, { a: 1, b: 2, c: 3 }]);
});

test('a rewrite that cannot be synced leaves no file and no descriptor behind', async () => {
  const { store } = opened({ disk: { ...realDisk, datasync: () => Promise.reject(refusal('EIO')) } });
  store.put('a', 1);
  await expect(store.sync()).rejects.toThrow('EIO');
  expect([names(), openBelow(folder).length <= 1]).toEqual([['state.journal'], true]);
  store.close();
  await until(() => openBelow(file).length === 0);
});

test('a journal that is closed while it is synced is closed only when that is over', async () => {
  const closed: number[] = [];
  let finish = (): void => undefined;
  const { store } = opened({
    disk: {
      ...realDisk,
      datasync: () => new Promise((resolve) => (finish = resolve)),
      close: (fd) => {
        closed.push(fd);
        realDisk.close(fd);
      },
    },
  });
  const before = closed.length;
  store.put('a', 1);
  const synced = store.sync();
  await turn();
  store.close();
  await turn();
  expect(closed.length).toBe(before);
  finish();
  await synced;
  await turn();
  expect(closed.length).toBe(before + 1);
});
