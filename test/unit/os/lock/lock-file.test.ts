import {
  closeSync,
  fstatSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { lockFile, openLockFile, type TakeLock } from '../../../../src/os/lock/lock-file.ts';
import { lockWithOpen } from '../../../../src/os/lock/lock-darwin.ts';
import { newFolder } from '../../../support/new-folder.ts';

let path: string;
beforeEach(() => {
  path = join(newFolder(), 'lock');
});

/** Opens the file, made if missing, as if it were the lock. */
const opening: TakeLock = (file) => ({ fd: openSync(file, 'a') });
const isOpen = (fd: number): boolean => {
  try {
    return fstatSync(fd).isFile();
  } catch {
    return false;
  }
};

test('a lock holds as long as its file is the one at the path', () => {
  const taken = lockFile(path, opening);
  if (!taken.ok) throw new Error(taken.message);
  expect(taken.holds()).toBe(true);
  renameSync(path, `${path}.old`);
  expect(taken.holds()).toBe(false);
  writeFileSync(path, '');
  expect(taken.holds()).toBe(false);
  rmSync(path);
  renameSync(`${path}.old`, path);
  expect(taken.holds()).toBe(true);
  taken.release();
});

test('a lock whose file cannot be looked at for a moment is still held', () => {
  const taken = lockFile(path, opening);
  if (!taken.ok) throw new Error(taken.message);
  // A folder that is a link to itself is refused to root too.
  const folder = dirname(path);
  renameSync(folder, `${folder}.away`);
  symlinkSync(folder, folder);
  expect(() => statSync(path)).toThrow('ELOOP');
  expect(taken.holds()).toBe(true);
  rmSync(folder);
  // A folder that is not there at all can be looked at.
  expect(taken.holds()).toBe(false);
  renameSync(`${folder}.away`, folder);
  expect(taken.holds()).toBe(true);
  taken.release();
});

test('a lock whose file cannot be looked at any more is refused with what the system says', () => {
  let fd = -1;
  const taken = lockFile(path, (file) => {
    fd = openSync(file, 'a');
    rmSync(file);
    symlinkSync(file, file);
    return { fd };
  });
  expect([taken, isOpen(fd)]).toEqual([
    { ok: false, reason: 'error', message: expect.stringMatching(/^cannot lock .*lock: ELOOP/) },
    false,
  ]);
});

test('a lock that was released does not close a newer descriptor with the same number', () => {
  let fd = -1;
  const taken = lockFile(path, (file) => ({ fd: (fd = openSync(file, 'a')) }));
  if (!taken.ok) throw new Error(taken.message);
  taken.release();
  expect(isOpen(fd)).toBe(false);
  const other = openSync('/dev/null', 'r');
  const again = openSync(path, 'r');
  taken.release();
  expect([fstatSync(other).isCharacterDevice(), isOpen(again)]).toEqual([true, true]);
  for (const each of [other, again]) closeSync(each);
});

test('a file that is replaced each time is given up after five, and nothing is left open', () => {
  const fds: number[] = [];
  const taken = lockFile(path, (file) => {
    const fd = openSync(file, 'a');
    fds.push(fd);
    renameSync(file, `${file}.old`);
    return { fd };
  });
  expect([taken, fds.length]).toEqual([
    {
      ok: false,
      reason: 'error',
      message: `cannot lock ${path}: the file is being replaced again and again`,
    },
    5,
  ]);
  expect(fds.filter(isOpen)).toEqual([]);
});

test.each([
  [{ busy: 'another has it' }, { ok: false, reason: 'busy', message: 'another has it' }],
  [{ error: 'no room' }, { ok: false, reason: 'error', message: 'no room' }],
])('each outcome of a lock has its result: %j', (came, told) => {
  expect(lockFile(path, () => came)).toEqual(told);
});

test('the lock file is made for this user alone, and says why it cannot be opened', () => {
  const opened = openLockFile(path, 0o102);
  expect([opened, statSync(path).mode & 0o777]).toEqual([{ fd: expect.any(Number) }, 0o600]);
  if ('fd' in opened) closeSync(opened.fd);
  const below = join(path, 'below');
  expect(openLockFile(below, 2)).toEqual({
    code: 'ENOTDIR',
    error: expect.stringMatching(/^cannot lock .*\/lock\/below: ENOTDIR/),
  });
});

test('the lock on macOS comes with the opening, or somebody else has it', () => {
  const taken = lockWithOpen(path, (file) => openLockFile(file, 0o102));
  expect(taken.ok && taken.holds()).toBe(true);
  if (taken.ok) taken.release();
  expect(lockWithOpen(path, () => ({ code: 'EAGAIN', error: '' }))).toMatchObject({ reason: 'busy' });
  expect(lockWithOpen(path, () => ({ code: 'EIO', error: 'broken' }))).toMatchObject({ message: 'broken' });
});
