import { baseEnvironment, daemonEnvironment } from '../../src/base-environment.ts';

const KEPT = {
  HOME: '/home/me',
  USER: 'me',
  LOGNAME: 'me',
  SHELL: '/bin/sh',
  PATH: '/bin',
  LANG: 'C.UTF-8',
  TZ: 'UTC',
  TMPDIR: '/tmp',
  SSH_AUTH_SOCK: '/s',
  DISPLAY: ':0',
  WAYLAND_DISPLAY: 'w',
  DBUS_SESSION_BUS_ADDRESS: 'd',
  LC_ALL: 'C',
  XDG_DATA_HOME: '/d',
  OVERSEER_CONFIG: '/c',
  OVERSEER_DATA: '/d',
};
const OTHERS = {
  NODE_OPTIONS: '--inspect',
  TERM: 'xterm',
  MYLC_ALL: 'x',
  OVERSEER_DEBUG: '1',
  LD_LIBRARY_PATH: '/lib',
  SECRET: 'x',
  DYLD_LIBRARY_PATH: '/lib',
  DYLD_FALLBACK_LIBRARY_PATH: '/lib',
};

test('a job gets the variables of its user, its language and its session, and nothing else', () => {
  expect(baseEnvironment({ ...OTHERS, ...KEPT, EMPTY: undefined, HOME: '/home/me' })).toEqual(KEPT);
  expect(baseEnvironment({ HOME: undefined, LANG: '' })).toEqual({ LANG: '' });
});

test('a daemon also gets the variables of overseer and the search paths of libraries', () => {
  const foreign = ['NODE_OPTIONS', 'TERM', 'MYLC_ALL', 'SECRET'];
  const own = Object.fromEntries(Object.entries(OTHERS).filter(([name]) => !foreign.includes(name)));
  expect(daemonEnvironment({ ...OTHERS, ...KEPT, OVERSEER_TRACE: undefined })).toEqual({
    ...KEPT,
    ...own,
    MALLOC_ARENA_MAX: '1',
  });
});
