import { basename } from 'node:path';
import {
  corruptJournal,
  dataFolder,
  exitFileOf,
  instanceOfLog,
  isForeign,
  logIndexOf,
  logOf,
  rotatedLog,
  rotatingLog,
  tornJournal,
} from '../../src/data-folder.ts';
import { sourcesIn } from '../support/sources.ts';

const folder = dataFolder('/data');

test('everything lies where earlier versions of overseer look for it', () => {
  const log = logOf(folder.logs, 'web@2');
  expect([
    ...Object.values(folder),
    log,
    rotatedLog(log, 1),
    rotatingLog(log),
    logIndexOf(log),
    exitFileOf(folder.exits, 'web@2'),
    corruptJournal(folder.journal, '2026-01-02T00-00-00Z'),
    tornJournal(folder.journal),
  ]).toEqual([
    '/data/socket',
    '/data/overseerd.log',
    '/data/lock',
    '/data/id',
    '/data/state.journal',
    '/data/logs',
    '/data/exits',
    '/data/history',
    '/data/stdin',
    '/data/run',
    '/data/logs/web@2.log',
    '/data/logs/web@2.log.1',
    '/data/logs/web@2.log.rotating',
    '/data/logs/web@2.log.idx',
    '/data/exits/web@2',
    '/data/state.corrupt-2026-01-02T00-00-00Z',
    '/data/state.torn',
  ]);
});

test('instances are named after current logs only, not after an index or a rotated log', () => {
  expect(['web@2.log', 'web.log.1', 'web.log.idx', 'web'].map(instanceOfLog)).toEqual([
    'web@2',
    null,
    null,
    null,
  ]);
});

test('a folder is foreign if it holds something and nothing of it is ours', () => {
  const ours = Object.values(folder).map((path) => basename(path));
  expect(ours.filter((entry) => isForeign(['notes.txt', entry]))).toEqual([]);
  expect([isForeign(['notes.txt']), isForeign([])]).toEqual([true, false]);
});

test('no other file spells a path of the data folder', () => {
  // A path is joined from a name, or ends with one; commands, events and keys have some of these names too.
  const spelled =
    /\bjoin\([^()]*'(socket|lock|logs|exits|run)'|overseerd\.log['`]|state\.(journal|torn|corrupt)['`$-]|\.(log|idx|rotating)['`]/;
  const elsewhere = sourcesIn('src', 'machines').flatMap(({ path, text }) =>
    path === 'src/data-folder.ts'
      ? []
      : withoutComments(text)
          .split('\n')
          .filter((line) => spelled.test(line))
          // The folder where a Mac keeps logs is no part of it.
          .filter((line) => !line.includes('Library/Logs'))
          .map((line) => `${path}: ${line.trim()}`),
  );
  expect(elsewhere).toEqual([]);
});

const withoutComments = (text: string): string => text.replace(/\/\*[^]*?\*\/|(^|\s)\/\/.*$/gm, '');
