import { resolveHomes } from '../../src/homes.ts';

test('R-8 the config is in $XDG_CONFIG_HOME/overseer, by default in ~/.config/overseer', () => {
  expect(resolveHomes({ HOME: '/home/a' }).config).toBe('/home/a/.config/overseer');
  expect(resolveHomes({ HOME: '/home/a', XDG_CONFIG_HOME: '/etc/a' }).config).toBe('/etc/a/overseer');
});

test('R-9 runtime data is in $XDG_DATA_HOME/overseer, by default in ~/.local/share/overseer', () => {
  expect(resolveHomes({ HOME: '/home/a' }).data).toBe('/home/a/.local/share/overseer');
  expect(resolveHomes({ HOME: '/home/a', XDG_DATA_HOME: '/var/a' }).data).toBe('/var/a/overseer');
});

test.each(['', 'relative', './config'])('R-8 R-9 an XDG variable that is %p is ignored', (value) => {
  const { config, data } = resolveHomes({ HOME: '/home/a', XDG_CONFIG_HOME: value, XDG_DATA_HOME: value });
  expect([config, data]).toEqual(['/home/a/.config/overseer', '/home/a/.local/share/overseer']);
});
