import { writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { isDataFolder, isForeign, isOurs, pipesIn, stdinOf } from '../../src/data-folder.ts';
import {
  environmentFor,
  isMissing,
  isUnclearPath,
  lookAtDataHome,
  namedConfig,
  namedFolder,
  projectIn,
  resolveHere,
  resolveHomes,
} from '../../src/homes.ts';
import { newFolder } from '../support/new-folder.ts';

const HOME = '/home/me';
const USUAL = { config: `${HOME}/.config/overseer`, data: `${HOME}/.local/share/overseer`, home: HOME };

test('the folders are those that the environment names, else those of XDG, else in the home', () => {
  expect(resolveHomes({ HOME })).toEqual(USUAL);
  const xdg = { HOME, XDG_CONFIG_HOME: '/x/c', XDG_DATA_HOME: '/x/d' };
  expect(resolveHomes(xdg)).toEqual({ config: '/x/c/overseer', data: '/x/d/overseer', home: HOME });
  expect(resolveHomes({ ...xdg, OVERSEER_CONFIG: '~/c', OVERSEER_DATA: '/d' })).toEqual({
    config: `${HOME}/c`,
    data: '/d',
    home: HOME,
  });
  expect(
    resolveHomes({ HOME, XDG_CONFIG_HOME: 'c', XDG_DATA_HOME: '', OVERSEER_CONFIG: '', OVERSEER_DATA: '' }),
  ).toEqual(USUAL);
  expect(resolveHomes({ HOME: 'relative' }, () => '/account').home).toBe('/account');
  expect(resolveHomes({}).home).toBe(userInfo().homedir);
});

test('a config and a project count as named only where the variable is not empty', () => {
  expect([
    namedConfig({}),
    namedConfig({ OVERSEER_CONFIG: '' }),
    namedConfig({ OVERSEER_CONFIG: '/c' }),
  ]).toEqual([null, null, 'OVERSEER_CONFIG']);
  expect([projectIn({}), projectIn({ OVERSEER_PROJECT: '' }), projectIn({ OVERSEER_PROJECT: '/p' })]).toEqual(
    [null, null, '/p'],
  );
});

test('another program finds the same folders, named only where that is needed', () => {
  const env = { HOME, A: '1', OVERSEER_CONFIG: '/old', OVERSEER_DATA: '/old', OVERSEER_PROJECT: '/p' };
  expect(environmentFor(USUAL, env)).toEqual({ HOME, A: '1' });
  expect(environmentFor({ ...USUAL, config: '/c' }, env)).toEqual({ HOME, A: '1', OVERSEER_CONFIG: '/c' });
  expect(environmentFor({ ...USUAL, data: '/d' }, env)).toEqual({ HOME, A: '1', OVERSEER_DATA: '/d' });
  expect(env.OVERSEER_PROJECT).toBe('/p');
});

test.each([
  ['~', HOME],
  ['~/x', `${HOME}/x`],
  ['$HOME', HOME],
  ['$HOME/x', `${HOME}/x`],
  ['${HOME}/x', `${HOME}/x`],
  ['/a/~/x', '/a/~/x'],
  ['/a/../b', '/b'],
  ['$HOMER', join(process.cwd(), '$HOMER')],
  ['x~y', join(process.cwd(), 'x~y')],
])('the folder that is named %s is %s', (path, folder) => {
  expect(namedFolder(path, HOME)).toBe(folder);
});

const unclear = (work: () => string): unknown => {
  try {
    return work();
  } catch (error) {
    return [isUnclearPath(error), (error as Error).message];
  }
};

test('the home of another user is no folder that can be named', () => {
  expect(unclear(() => namedFolder('~you/x', HOME))).toEqual([
    true,
    '~you/x: only ~ and ~/ are expanded; write the whole path, or ./~you/x for a folder here',
  ]);
  expect([isUnclearPath(new Error('x')), isUnclearPath({ name: 'UnclearPath' })]).toEqual([false, false]);
});

test('in a folder that was removed only a whole path can be named', () => {
  process.env['OVERSEER_FOLDER_REMOVED'] = '1';
  try {
    expect(unclear(() => resolveHere('x'))).toEqual([
      true,
      'x: the folder that this is relative to was removed; name an absolute path',
    ]);
    expect(resolveHere('/x')).toBe('/x');
  } finally {
    delete process.env['OVERSEER_FOLDER_REMOVED'];
  }
  expect(resolveHere('x')).toBe(join(process.cwd(), 'x'));
});

test('nothing is below a file, and what holds something else is no data folder', () => {
  const folder = newFolder();
  writeFileSync(join(folder, 'file'), '');
  expect([
    isMissing(join(folder, 'file')),
    isMissing(join(folder, 'file/x')),
    isMissing(join(folder, 'x')),
  ]).toEqual([false, true, true]);
  expect(lookAtDataHome(folder)).toBe(
    `the data folder ${folder} holds something else than overseer's; name a folder of its own`,
  );
  expect(lookAtDataHome(join(folder, 'file'))).toBe(
    `the data folder ${join(folder, 'file')} is not a folder; move it away, or set XDG_DATA_HOME`,
  );
  const own = newFolder();
  const { getuid } = process;
  process.getuid = () => 12_345;
  try {
    expect(lookAtDataHome(own)).toMatch(/ belongs to another user \(uid \d+\)$/);
  } finally {
    process.getuid = getuid!;
  }
});

test('a data folder is known by what every daemon leaves in it', () => {
  const whole = ['lock', 'overseerd.log', 'state.journal'];
  expect(isDataFolder(new Set([...whole, 'other']))).toBe(true);
  for (const left of whole) expect(isDataFolder(new Set(whole.filter((name) => name !== left)))).toBe(false);
  expect([isForeign([]), isForeign(['x']), isForeign(['x', 'lock'])]).toEqual([false, true, false]);
});

test('the names in a data folder are ours, and so are copies that are being made of them', () => {
  const ours = [
    'socket',
    'socket.42',
    'overseerd.log.1',
    'state.journal',
    'state.torn',
    'state.corrupt-2026',
    'id.new',
    'run',
  ];
  const others = ['sockets', 'x.socket', 'my-logs', 'states', 'config.toml', 'lock1'];
  expect([ours.filter(isOurs), others.filter(isOurs)]).toEqual([ours, []]);
  expect([pipesIn('/l'), stdinOf('/s', 'web@1')]).toEqual(['/l/.pipes', '/s/web@1']);
});
