import { placeOf } from '../../../../src/cli/autostart/place.ts';
import { HOMES } from '../../../support/fake-client.ts';

const HOME = { HOME: HOMES.home };
const nameOf = async (data: string, platform: NodeJS.Platform, env = {}): Promise<string | undefined> =>
  (await placeOf({ ...HOMES, data }, { ...HOME, ...env }, platform))?.name;

test('the entry of the usual data folder stands where its service manager looks', async () => {
  expect(await placeOf(HOMES, HOME, 'linux')).toEqual({
    manager: 'systemd',
    name: 'overseer.service',
    file: '/home/me/.config/systemd/user/overseer.service',
  });
  expect(await placeOf(HOMES, HOME, 'darwin')).toEqual({
    manager: 'launchd',
    name: 'local.overseer',
    file: '/home/me/Library/LaunchAgents/local.overseer.plist',
  });
  expect(await placeOf(HOMES, HOME, 'aix')).toBeNull();
});

test.each([
  ['/etc/me', '/etc/me/systemd/user/overseer.service'],
  ['config', '/home/me/.config/systemd/user/overseer.service'],
  ['', '/home/me/.config/systemd/user/overseer.service'],
])('with XDG_CONFIG_HOME=%s the unit is %s', async (XDG_CONFIG_HOME, file) => {
  expect((await placeOf(HOMES, { ...HOME, XDG_CONFIG_HOME }, 'linux'))?.file).toBe(file);
});

test('each other data folder has an entry of its own, however it was named', async () => {
  for (const [platform, name] of [
    ['linux', /^overseer-[0-9a-f]{8}\.service$/],
    ['darwin', /^local\.overseer-[0-9a-f]{8}$/],
  ] as const) {
    const one = await nameOf('/data/one', platform);
    expect(one).toMatch(name);
    expect(await nameOf('/data/two', platform)).not.toBe(one);
    expect(await nameOf('/data/one', platform, { OVERSEER_DATA: '/data/one' })).toBe(one);
  }
});
