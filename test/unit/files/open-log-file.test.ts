import fs from 'node:fs';
import { join } from 'node:path';
import { isOwnLink, leadsNowhere, openJobLog, openLogFile } from '../../../src/files/open-log-file.ts';
import { realDisk, type FileCalls } from '../../../src/files/disk.ts';
import { newFolder } from '../../support/new-folder.ts';

const written = (path: string, open: (path: string) => number): string => {
  const fd = open(path);
  fs.writeSync(fd, 'a line\n');
  fs.closeSync(fd);
  return fs.readFileSync(path, 'utf8');
};

/** A disk on which the link, or what it leads to, belongs to this user. */
function ownedBy(uid: { readonly link?: number; readonly target?: number }): FileCalls {
  return {
    ...realDisk,
    lstatSync: ((path: string, options: object) =>
      Object.assign(
        fs.lstatSync(path, options) as fs.Stats,
        uid.link === undefined ? {} : { uid: uid.link },
      )) as never,
    statSync: ((path: string, options: object) =>
      Object.assign(
        fs.statSync(path, options) as fs.Stats,
        uid.target === undefined ? {} : { uid: uid.target },
      )) as never,
  };
}

test.each([
  ['overseer', openLogFile],
  ['a job', openJobLog],
])('the log of %s is created for its owner alone, and new lines are appended', (_, open) => {
  const path = join(newFolder(), 'web.log');
  expect(written(path, open)).toBe('a line\n');
  expect(fs.statSync(path).mode & 0o777).toBe(0o600);
  expect(written(path, open)).toBe('a line\na line\n');
});

test.each([
  ['overseer', openLogFile],
  ['a job', openJobLog],
])('a log of %s that leads to /dev/null is written nowhere', (_, open) => {
  const path = join(newFolder(), 'web.log');
  fs.symlinkSync('/dev/null', path);
  expect(leadsNowhere(path)).toBe(true);
  expect(written(path, open)).toBe('');
  expect(fs.readlinkSync(path)).toBe('/dev/null');
});

test('only the log of a job may be a link to a file elsewhere, which need not be there yet', () => {
  const folder = newFolder();
  const [target, path] = [join(folder, 'target'), join(folder, 'web.log')];
  fs.symlinkSync(target, path);
  expect([isOwnLink(path), leadsNowhere(path)]).toEqual([true, false]);
  expect(() => openLogFile(path)).toThrow(`${path} is a symbolic link, not a regular file: move it away`);
  expect(written(path, openJobLog)).toBe('a line\n');
  expect(isOwnLink(path)).toBe(true);
  expect(fs.readFileSync(target, 'utf8')).toBe('a line\n');
});

test('a link to a folder, in a circle or of another user is no place for a log', () => {
  const folder = newFolder();
  const path = join(folder, 'web.log');
  fs.symlinkSync(folder, path);
  expect([isOwnLink(path), leadsNowhere(path)]).toEqual([false, false]);
  fs.unlinkSync(path);
  fs.symlinkSync(path, path);
  expect([isOwnLink(path), leadsNowhere(path)]).toEqual([false, false]);
  fs.unlinkSync(path);
  const target = join(folder, 'target');
  fs.writeFileSync(target, '');
  fs.symlinkSync(target, path);
  const uid = process.getuid?.() ?? 0;
  expect([
    isOwnLink(path, ownedBy({})),
    isOwnLink(path, ownedBy({ link: uid + 1 })),
    isOwnLink(path, ownedBy({ target: uid + 1 })),
    isOwnLink(path, ownedBy({ link: uid + 1, target: uid + 1 })),
  ]).toEqual([true, false, false, false]);
  expect(() => openJobLog(path, ownedBy({ link: uid + 1 }))).toThrow('is a symbolic link');
});

test('a plain file and a missing one are no link, and lead somewhere', () => {
  const path = join(newFolder(), 'web.log');
  expect([isOwnLink(path), leadsNowhere(path)]).toEqual([false, false]);
  fs.writeFileSync(path, '');
  expect([isOwnLink(path), leadsNowhere(path)]).toEqual([false, false]);
  expect(leadsNowhere('/dev/zero')).toBe(false);
  expect(() => openJobLog('/dev/zero')).toThrow('/dev/zero is a device, not a regular file: move it away');
});
