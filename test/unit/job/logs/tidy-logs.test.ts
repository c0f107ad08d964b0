import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { realDisk } from '../../../../src/files/disk.ts';
import { tidyLogs } from '../../../../src/job/logs/tidy-logs.ts';
import { newFolder } from '../../../support/new-folder.ts';

/** The files that remain of these, beside a `web.log` of which three old logs are kept. */
function left(...names: readonly string[]): readonly string[] {
  const folder = newFolder();
  for (const name of names) writeFileSync(join(folder, name), '');
  tidyLogs(
    folder,
    new Map([
      ['web.log', 3],
      ['all.log', null],
    ]),
  );
  return readdirSync(folder).toSorted();
}

test('old logs beyond those that are kept go, with their indexes, also after a gap', () => {
  expect(
    left('web.log', 'web.log.1', 'web.log.3', 'web.log.3.idx', 'web.log.4', 'web.log.4.idx', 'web.log.17'),
  ).toEqual(['web.log', 'web.log.1', 'web.log.3', 'web.log.3.idx']);
});

test('files that an interrupted rotation left are removed, whatever `keep` is', () => {
  expect(
    left('web.log', 'web.log.rotating', 'web.log.idx.new', 'web.log.idx', 'all.log.rotating', 'all.log.99'),
  ).toEqual(['all.log.99', 'web.log', 'web.log.idx']);
});

test('files of a name that is not quite one of ours stay', () => {
  const others = [
    'other.log.9',
    'web.log.9.gz',
    'web.log.x',
    'web.log.9x',
    'xweb.log.9',
    'web.log9',
    '.log.9',
  ];
  expect(left(...others)).toEqual(others.toSorted());
});

test('a folder that is missing or not to be changed keeps nobody from going on', () => {
  expect(tidyLogs(join(newFolder(), 'none'), new Map())).toBe(false);
  const folder = newFolder();
  mkdirSync(join(folder, 'web.log.9'));
  expect(tidyLogs(folder, new Map([['web.log', 1]]))).toBe(false);
  expect(tidyLogs(folder, new Map([['web.log', 9]]))).toBe(true);
  const broken = {
    ...realDisk,
    readdirSync: (() => {
      throw new TypeError('a bug of ours');
    }) as never,
  };
  expect(() => tidyLogs(folder, new Map(), broken)).toThrow('a bug of ours');
});
