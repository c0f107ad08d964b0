import fs from 'node:fs';
import { join } from 'node:path';
import { realDisk } from '../../../../src/files/disk.ts';
import { logStats } from '../../../../src/job/logs/log-stats.ts';
import { newFolder } from '../../../support/new-folder.ts';

const told = (path: string): number | string | null => {
  const found = logStats(path);
  return found === null || typeof found === 'string' ? found : found.size;
};

test('a log has the size of its file, or of the file to which the user has linked it', () => {
  const folder = newFolder();
  const [path, link] = [join(folder, 'web.log'), join(folder, 'link.log')];
  fs.writeFileSync(path, '12345');
  fs.symlinkSync(path, link);
  expect([told(path), told(link), told(join(folder, 'none'))]).toEqual([5, 5, null]);
  fs.rmSync(path);
  expect(told(link)).toBeNull();
});

test('a log that leads to /dev/null is no log, and something else in its place is named', () => {
  const folder = newFolder();
  const [nowhere, around, elsewhere] = ['nowhere', 'around', 'elsewhere'].map((name) => join(folder, name));
  fs.symlinkSync('/dev/null', nowhere!);
  fs.symlinkSync(around!, around!);
  fs.symlinkSync(folder, elsewhere!);
  expect([told(nowhere!), told(around!), told(elsewhere!), told(folder)]).toEqual([
    null,
    'it is a symbolic link',
    'it is a symbolic link',
    'it is a folder',
  ]);
});

test('a log that cannot be looked at says why, and a mistake of ours is thrown', () => {
  const path = join(newFolder(), 'file');
  fs.writeFileSync(path, '');
  expect(told(join(path, 'web.log'))).toMatch(/^ENOTDIR/);
  const broken = {
    ...realDisk,
    lstatSync: (() => {
      throw new TypeError('a bug of ours');
    }) as never,
  };
  expect(() => logStats(path, broken)).toThrow('a bug of ours');
});
