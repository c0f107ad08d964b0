import fs from 'node:fs';
import { spawnSync } from 'node:child_process';
import { realDisk, type Disk } from '../../../src/state/disk.ts';
import { folder, file, open, opened, entries, readBack, refusal } from '../../support/journal-folder.ts';

test('T-241 a failed append leaves no torn record, and the file goes on when there is room', () => {
  let room = Number.POSITIVE_INFINITY;
  const disk: Disk = {
    ...realDisk,
    write: (fd, bytes) => {
      if (room === 0) throw refusal('ENOSPC');
      const taken = Math.min(room, bytes.length);
      room -= taken;
      return realDisk.write(fd, bytes.subarray(0, taken));
    },
  };
  const { store } = opened({ disk });
  store.put('job', 'first');
  const whole = fs.readFileSync(file);
  for (room = 0; room < 30; room += 1) {
    const before = room;
    expect(() => store.put('job', 'a value longer than the room that there is')).toThrow('ENOSPC');
    expect(fs.readFileSync(file)).toEqual(whole);
    room = before;
  }
  expect(entries(store)).toEqual({ job: 'first' });
  room = Number.POSITIVE_INFINITY;
  store.put('job', 'second');
  expect(readBack()).toEqual({ job: 'second' });
});

test('a torn record that could not be cut off at once is cut off before the next is written', () => {
  let broken = false;
  const disk: Disk = {
    ...realDisk,
    write: (fd, bytes) => realDisk.write(fd, broken ? bytes.subarray(0, 5) : bytes),
    truncate: (fd, size) => {
      if (broken) throw refusal('EIO');
      realDisk.truncate(fd, size);
    },
  };
  const { store } = opened({ disk });
  store.put('job', 1);
  broken = true;
  expect(() => store.put('job', 2)).toThrow('EIO');
  expect(() => store.put('job', 3)).toThrow('EIO');
  broken = false;
  store.put('job', 4);
  const again = opened();
  expect({ entries: entries(again.store), notes: again.notes }).toEqual({ entries: { job: 4 }, notes: [] });
});

test('T-242 a real full disk, 64 KiB of tmpfs, says ENOSPC and keeps all that was taken', () => {
  if (!mounted(folder)) return;
  try {
    const { store } = opened();
    const taken: Record<string, unknown> = {};
    expect(() => {
      for (let at = 0; at < 1000; at += 1) {
        store.put(`job-${at}`, 'x'.repeat(500));
        taken[`job-${at}`] = 'x'.repeat(500);
      }
    }).toThrow('ENOSPC');
    store.close();
    expect(Object.keys(taken).length).toBeGreaterThan(50);
    const again = opened();
    expect({ entries: entries(again.store), notes: again.notes }).toEqual({ entries: taken, notes: [] });
  } finally {
    for (const store of open.splice(0)) store.close();
    spawnSync('umount', ['-l', folder]);
  }
});

/** False where we may not mount. */
function mounted(where: string): boolean {
  return (
    process.platform === 'linux' &&
    spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'overseer-test', where]).status === 0
  );
}
