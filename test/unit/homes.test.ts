import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lookAtDataHome, makeDataHome, resolveHomes } from '../../src/homes.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'overseer-homes-'));
});
afterEach(() => rmSync(home, { recursive: true }));

const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);

test.each(['755', '750', '711', '770', '707'])('asking leaves a data folder of mode %s as it is', (mode) => {
  chmodSync(home, Number.parseInt(mode, 8));
  expect(lookAtDataHome(home)).toBeNull();
  expect(modeOf(home)).toBe(mode);
});

test('asking about a data folder that is not there does not make it', () => {
  expect(lookAtDataHome(join(home, 'data'))).toBeNull();
  expect(statSync(join(home, 'data'), { throwIfNoEntry: false })).toBeUndefined();
});

test('a data folder that is made or used is closed to others', () => {
  const open = join(home, 'open');
  mkdirSync(open);
  chmodSync(open, 0o755);
  expect([makeDataHome(open), makeDataHome(join(home, 'new/data'))]).toEqual([null, null]);
  expect([modeOf(open), modeOf(join(home, 'new/data'))]).toEqual(['700', '700']);
});

test.each(['link', 'link/below'])('a link to nowhere is no place for a data folder at %s', (data) => {
  symlinkSync(join(home, 'nowhere'), join(home, 'link'));
  expect(makeDataHome(join(home, data))).toBe(
    `cannot make the data folder ${join(home, data)}: ${join(home, 'link')} is a link to ${join(home, 'nowhere')}, ` +
      'which does not exist; make that folder',
  );
  mkdirSync(join(home, 'nowhere'));
  expect(makeDataHome(join(home, data))).toBeNull();
});

/** Does it as a user whom a folder can be closed to. */
function asSomebody<T>(work: () => T): T {
  if (process.getuid?.() !== 0) return work();
  const { getuid } = process;
  process.seteuid?.(12_345);
  process.getuid = () => 12_345;
  try {
    return work();
  } finally {
    process.getuid = getuid;
    process.seteuid?.(0);
  }
}

test('a data folder is not made in a folder of another user, and is made in one of the system', () => {
  const ours = process.getuid?.() ?? 0;
  chmodSync(home, 0o777);
  const within = join(home, 'a/b');
  const said = asSomebody(() => makeDataHome(within));
  expect(said).toBeNull();
  const theirs = asSomebody(() => {
    mkdirSync(join(home, 'theirs'));
    chmodSync(join(home, 'theirs'), 0o777);
    return join(home, 'theirs');
  });
  if (ours === 0)
    expect(makeDataHome(join(theirs, 'data'))).toContain('would be in a folder of another user (uid 12345)');
});

test('a folder without permission to read it is reported as such, without an exception', () => {
  const closed = join(home, 'closed');
  chmodSync(home, 0o777);
  const said = asSomebody(() => {
    mkdirSync(closed, { mode: 0o000 });
    return [makeDataHome(join(closed, 'data')), lookAtDataHome(join(closed, 'data'))];
  });
  expect(said).toEqual([expect.stringContaining('permission'), expect.stringContaining('permission')]);
  chmodSync(closed, 0o700);
});

test('a folder of exit codes that was closed keeps no daemon from the data folder', () => {
  chmodSync(home, 0o777);
  const said = asSomebody(() => {
    const data = join(home, 'data');
    mkdirSync(join(data, 'exits'), { recursive: true, mode: 0o700 });
    chmodSync(join(data, 'exits'), 0o000);
    return [makeDataHome(data), lookAtDataHome(data)];
  });
  expect(said).toEqual([null, null]);
});

describe('homes', () => {
  const fallback = () => '/home/account';

  test.each([
    [
      'the defaults',
      { HOME: '/h' },
      { config: '/h/.config/overseer', data: '/h/.local/share/overseer', home: '/h' },
    ],
    [
      'the XDG variables',
      { HOME: '/h', XDG_CONFIG_HOME: '/c', XDG_DATA_HOME: '/d' },
      { config: '/c/overseer', data: '/d/overseer', home: '/h' },
    ],
    [
      'relative XDG variables are ignored',
      { HOME: '/h', XDG_CONFIG_HOME: 'c', XDG_DATA_HOME: './d' },
      { config: '/h/.config/overseer', data: '/h/.local/share/overseer', home: '/h' },
    ],
    [
      'empty XDG variables are ignored',
      { HOME: '/h', XDG_CONFIG_HOME: '', XDG_DATA_HOME: '' },
      { config: '/h/.config/overseer', data: '/h/.local/share/overseer', home: '/h' },
    ],
    [
      'without HOME the account says',
      {},
      {
        config: '/home/account/.config/overseer',
        data: '/home/account/.local/share/overseer',
        home: '/home/account',
      },
    ],
    [
      'an empty HOME is none',
      { HOME: '' },
      {
        config: '/home/account/.config/overseer',
        data: '/home/account/.local/share/overseer',
        home: '/home/account',
      },
    ],
  ])('%s', (_, env, homes) => {
    expect(resolveHomes(env, fallback)).toEqual(homes);
  });

  test('the data folder is made with its parents, for its owner alone', () => {
    inFolder((folder) => {
      const data = join(folder, 'share', 'overseer');
      expect(makeDataHome(data)).toBeNull();
      expect(statSync(data).mode & 0o777).toBe(0o700);
      chmodSync(data, 0o755);
      expect(makeDataHome(data)).toBeNull();
      expect(statSync(data).mode & 0o777).toBe(0o700);
    });
  });

  test('a file in place of the data folder is reported; a missing folder is created when needed', () => {
    inFolder((folder) => {
      const data = join(folder, 'overseer');
      expect(lookAtDataHome(data)).toBeNull();
      writeFileSync(data, '');
      expect(lookAtDataHome(data)).toBe(
        `the data folder ${data} is not a folder; move it away, or set XDG_DATA_HOME`,
      );
      expect(makeDataHome(data)).toBe(
        `the data folder ${data} is not a folder; move it away, or set XDG_DATA_HOME`,
      );
      expect(makeDataHome(join(data, 'deeper'))).toContain('a part of its path is no folder');
    });
  });
});

function inFolder(use: (folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'overseer-client-'));
  use(folder);
  rmSync(folder, { recursive: true });
}
