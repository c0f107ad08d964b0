import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { newEntry, tryEntry } from '../../../../src/cli/autostart/new-entry.ts';
import type { Run } from '../../../../src/cli/autostart/tools.ts';
import { wantedOf } from '../../../../src/cli/autostart/world.ts';
import { LoginWorld } from '../../../support/login-world.ts';

let world: LoginWorld;
beforeEach(() => (world = new LoginWorld()));

const entryOf = (path: string | null = null) => newEntry(wantedOf(world, path));
const triedWith = (run: Run) => tryEntry(entryOf(), world.home, run);

test('the entry keeps language, time zone and folders, and nothing else of the shell', () => {
  const kept = {
    LANG: 'C.UTF-8',
    LC_ALL: 'C',
    LC_CTYPE: 'en_US.UTF-8',
    TZ: 'Asia/Tokyo',
    XDG_CONFIG_HOME: join(world.home, '.config'),
    XDG_DATA_HOME: join(world.home, '.local/share'),
    XDG_STATE_HOME: '/state',
    XDG_CACHE_HOME: '/cache',
  };
  Object.assign(world.env, kept, {
    SSH_AUTH_SOCK: '/tmp/agent',
    XDG_RUNTIME_DIR: '/run/user/1',
    EDITOR: 'vi',
  });
  expect(entryOf().variables).toEqual({ ...kept, HOME: world.home });
  Object.assign(world.env, { TZ: '', LC_ALL: '' });
  expect(entryOf().variables).not.toHaveProperty(['TZ']);
});

test('the entry names the folders of overseer that are not the usual ones', () => {
  Object.assign(world.homes, { config: '/own/config', data: '/own/data' });
  expect(entryOf().variables).toMatchObject({ OVERSEER_CONFIG: '/own/config', OVERSEER_DATA: '/own/data' });
});

test('a link to overseerd in the PATH is recorded rather than the version that it leads to', () => {
  const version = world.program('v1/overseerd', 'echo 0.1.0');
  world.running = { ...world.running, program: version };
  mkdirSync(join(world.home, 'links'));
  symlinkSync(version, join(world.home, 'links/overseerd'));
  expect(entryOf(`${world.home}/links:${world.home}/bin`).program).toBe(join(world.home, 'links/overseerd'));
});

test('another overseerd in the PATH is not the one of the entry', () => {
  const version = world.program('v1/overseerd', 'echo 0.1.0');
  world.running = { ...world.running, program: version };
  expect(entryOf(join(world.home, 'bin')).program).toBe(version);
});

test('a shim that runs this node keeps the PATH of the shell as it is', () => {
  const path = `${join(world.home, 'bin')}:/usr/bin`;
  world.running = { ...world.running, node: '/versions/24/node' };
  const wanted = { ...wantedOf(world, null), run: ((_, __, env) => shimIn(env?.['PATH'])) as Run };
  const shimIn = (given: string | undefined) => ({
    code: 0,
    stdout: given?.startsWith(`${path}:`) === true ? '/versions/24/node\n' : '/versions/22/node\n',
    stderr: '',
    isMissing: false,
  });
  expect(newEntry(wanted).path).toMatch(new RegExp(`^${path}:`));
});

test('~ and $HOME are expanded only where they are a whole folder', () => {
  expect(entryOf('${HOME}/a:~:$HOME/b').path).toBe(`${world.home}/a:${world.home}:${world.home}/b`);
  expect(entryOf('/a:~ann/bin:$HOMES/x').path).toBe('/a:~ann/bin:$HOMES/x');
});

test('overseerd is tried in the environment that the service manager will give it', () => {
  world.env['LANG'] = 'C.UTF-8';
  const given: unknown[] = [];
  triedWith((program, words, env) => {
    given.push(program, words, env);
    return { code: 0, stdout: '0.1.0\n', stderr: '', isMissing: false };
  });
  const { program, path, variables } = entryOf();
  expect(given).toEqual([program, ['--version'], { ...variables, HOME: world.home, PATH: path }]);
});

test('an overseerd that fails in silence is reported with its exit code', () => {
  expect(triedWith(() => ({ code: 3, stdout: '', stderr: '', isMissing: false }))).toEqual({
    code: 'program-fails',
    detail: 'exit code 3',
  });
});

test('a variable with a control character is refused by its name', () => {
  world.env['LANG'] = 'C\u007f';
  expect(tryEntry(entryOf(), world.home, world.run)).toEqual({ code: 'cannot-be-written', name: 'LANG' });
});

test('a folder that is called node is no node', () => {
  mkdirSync(join(world.home, 'odd/node'), { recursive: true });
  const path = join(world.home, 'odd');
  expect(tryEntry(entryOf(path), world.home, world.run)).toMatchObject({ code: 'no-node', path });
});
