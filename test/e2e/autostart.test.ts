import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { killed, awaited, fixture, isAlive, root } from './support/home.ts';
import { Login } from './support/login.ts';

let login: Login;
let unit: string;
beforeEach(() => {
  login = new Login({ platform: 'linux' });
  unit = join(login.home.dir, 'config/systemd/user/overseer.service');
  login.home.write('a.toml', '[[jobs]]\nname = "web"\njob_command = "sleep 1000"\n');
});
afterEach(() => login.dispose());

const SLOW = 120_000;

test('T-301 enable writes a unit, has systemd start the daemon by it, and status says that it works', async () => {
  const ran = await login.overseer('autostart', 'enable');
  expect(ran).toMatchObject({ code: 0, stderr: '' });
  expect(ran.stdout).toContain(`enabled: wrote ${unit}\nsystemd runs the daemon (pid ${login.service()})`);
  expect(login.deeds()).toEqual(['daemon-reload', 'enable overseer.service', 'start overseer.service']);
  expect(login.home.daemonPid()).toBe(login.service());
  await login.home.until('web', ({ state }) => state === 'running');
  const status = await login.overseer('autostart');
  expect(status).toMatchObject({ code: 0, stderr: '' });
  expect(status.stdout).toContain('enabled: overseer starts at login\n');
  expect(status.stdout).toContain(`  PATH     ${fixture('service-managers')}:`);
  expect(status.stdout).toContain('loginctl enable-linger');
});

test('the unit that enable writes is one in which systemd finds nothing wrong', async () => {
  await login.overseer('autostart', 'enable');
  if (!existsSync('/usr/bin/systemd-analyze')) return;
  const verify = (): string =>
    execFileSync('/usr/bin/systemd-analyze', ['--user', 'verify', unit], {
      env: { ...login.home.env, XDG_RUNTIME_DIR: login.home.dir },
      encoding: 'utf8',
      stdio: 'pipe',
    });
  expect(verify()).toBe('');
  writeFileSync(unit, readFileSync(unit, 'utf8').replace('ExecStart=', 'ExecStart=no/such/'));
  expect(verify).toThrow();
});

test('enable takes over the jobs of a running daemon, and a second enable changes nothing', async () => {
  await login.overseer();
  const first = login.home.daemonPid();
  const { pid } = await login.home.job('web');
  await login.overseer('autostart', 'enable');
  await awaited(async () => (isAlive(first) ? null : true), 'end of the first daemon');
  expect(login.home.daemonPid()).toBe(login.service());
  expect(await login.home.job('web')).toMatchObject({ state: 'running', pid });
  const deeds = login.deeds();
  const again = await login.overseer('autostart', 'enable');
  expect(again.stdout).toContain(`already enabled by ${unit}`);
  expect(login.deeds()).toEqual(deeds);
  expect(await login.home.job('web')).toMatchObject({ state: 'running', pid });
});

test('T-305 a daemon of an earlier login is replaced at the next one, and no second loop begins', async () => {
  await login.overseer('autostart', 'enable');
  await killed(login.service());
  await login.overseer();
  const { pid } = await login.home.job('web');
  const own = login.home.daemonPid();
  expect((await login.overseer('autostart')).stdout).toContain(`a daemon runs (pid ${own})`);
  await login.run(fixture('service-managers/systemctl'), '--user', ['start', 'overseer.service']);
  await awaited(async () => (isAlive(own) ? null : true), 'end of the daemon of the earlier login');
  await login.home.serving();
  expect(login.home.daemonPid()).toBe(login.service());
  expect(await login.home.job('web')).toMatchObject({ state: 'running', pid });
});

test('T-304 autostart --path is the PATH of daemon and jobs; one without node or relative is refused', async () => {
  const bare = login.home.path('bare');
  mkdirSync(bare);
  const wrong = await login.overseer('autostart', 'enable', '--path', bare);
  expect(wrong).toMatchObject({ code: 1, stdout: '' });
  expect(wrong.stderr).toContain(`there is no \`node\` in the PATH of the entry, ${bare}`);
  const half = await login.overseer('autostart', 'enable', '--path', 'bin:/usr/bin');
  expect(half.stderr).toContain('every folder of PATH must be absolute, and "bin" is not');
  expect(existsSync(unit)).toBe(false);
  const path = `${dirname(process.execPath)}:/usr/bin:/bin:${bare}`;
  expect((await login.overseer('autostart', 'enable', '--path', path)).stdout).toContain(
    `  PATH     ${path}\n`,
  );
  const environ = readFileSync(`/proc/${login.service()}/environ`, 'utf8').split('\0');
  expect(environ).toContain(`PATH=${path}`);
  const wrongAction = await login.overseer('autostart', 'disable', '--path', path);
  expect(wrongAction).toMatchObject({ code: 64 });
});

test('T-303 disable removes the unit and leaves the daemon and its jobs as they are', async () => {
  await login.overseer('autostart', 'enable');
  const { pid } = await login.home.until('web', ({ state }) => state === 'running');
  const ran = await login.overseer('autostart', 'disable');
  expect(ran).toMatchObject({ code: 0, stderr: '' });
  expect(ran.stdout).toContain(`disabled: removed ${unit}`);
  expect(existsSync(unit)).toBe(false);
  expect(login.deeds().slice(-2)).toEqual(['disable overseer.service', 'daemon-reload']);
  expect(await login.home.job('web')).toMatchObject({ state: 'running', pid });
  expect(await login.overseer('autostart')).toMatchObject({ code: 1 });
  expect((await login.overseer('autostart', 'disable')).stdout).toContain('nothing to disable');
});

test('a unit that overseer has not written, or that was edited, is never touched', async () => {
  mkdirSync(dirname(unit), { recursive: true });
  writeFileSync(unit, '[Service]\nExecStart=/usr/bin/mine\n');
  for (const action of ['enable', 'disable']) {
    const ran = await login.overseer('autostart', action);
    expect(ran).toMatchObject({ code: 1 });
    expect(ran.stderr).toContain(`${unit} was not written by overseer`);
  }
  expect(readFileSync(unit, 'utf8')).toBe('[Service]\nExecStart=/usr/bin/mine\n');
  rmSync(unit);
  await login.overseer('autostart', 'enable');
  const edited = `${readFileSync(unit, 'utf8')}# mine\n`;
  writeFileSync(unit, edited);
  for (const action of ['enable', 'disable'])
    expect((await login.overseer('autostart', action)).stderr).toContain(
      'was edited since overseer wrote it',
    );
  expect(readFileSync(unit, 'utf8')).toBe(edited);
  expect((await login.overseer('autostart')).stdout).toContain('(edited since overseer wrote it)');
});

test('T-302 status names each problem of the unit, with its cure', async () => {
  expect(await login.overseer('autostart')).toMatchObject({
    code: 1,
    stdout: 'disabled: overseer does not start at login\n',
  });
  await login.overseer('autostart', 'enable');
  const said = async (): Promise<string> => {
    const { code, stdout } = await login.overseer('autostart');
    expect(code).toBe(1);
    expect(stdout).toContain('enabled, but it would not work\n');
    return stdout;
  };
  login.set('masked');
  expect(await said()).toContain('systemctl --user unmask overseer.service');
  rmSync(join(login.state, 'masked'));
  login.set('other-file');
  expect(await said()).toContain('taken overseer.service from /etc/systemd/user/overseer.service');
  rmSync(join(login.state, 'other-file'));
  rmSync(join(login.state, 'enabled'));
  expect(await said()).toContain('overseer.service is not enabled: say `overseer autostart enable`');
  rmSync(join(login.state, 'loaded'));
  expect(await said()).toContain('systemctl --user daemon-reload');
  login.set('refuses', 'Failed to connect to bus: No medium found');
  expect(await said()).toContain(
    'Failed to connect to bus: No medium found): it runs for those who have logged in',
  );
  const json = JSON.parse((await login.overseer('autostart', '--json')).stdout) as unknown;
  expect(json).toMatchObject({ enabled: true, works: false, problems: [{ code: 'unreachable' }] });
});

test('where systemd cannot be reached, or is not there at all, enable says so and writes nothing', async () => {
  login.set('refuses', 'Failed to connect to bus: No medium found');
  const ran = await login.overseer('autostart', 'enable');
  expect(ran).toMatchObject({ code: 1 });
  expect(ran.stderr).toContain('not after su or sudo');
  const bin = login.home.path('bin');
  mkdirSync(bin);
  login.nodeIn(bin);
  const without = await login.run(process.execPath, join(root, 'bin/overseer'), ['autostart', 'enable'], {
    ...login.env,
    PATH: bin,
  });
  expect(without.stderr).toContain('there is no systemd here');
  expect(existsSync(unit)).toBe(false);
});

test(
  'a node that has moved is noticed by the next trigger, which mends the unit and says so',
  async () => {
    const { program, bin } = login.install('mine');
    const node = login.nodeIn(bin);
    const env = { ...login.env, PATH: `${bin}:${fixture('service-managers')}:/usr/bin:/bin` };
    await login.run(node, program, ['autostart', 'enable'], env);
    expect(readFileSync(unit, 'utf8')).toContain(node);
    await login.run(node, program, ['die'], env);
    const moved = login.home.path('moved');
    renameSync(bin, moved);
    const later = { ...env, PATH: `${moved}:${fixture('service-managers')}:/usr/bin:/bin` };
    const ran = await login.run(join(moved, 'node'), program, [], later);
    expect(ran.stderr).toContain(`node is now ${join(moved, 'node')}: mended ${unit}`);
    const text = readFileSync(unit, 'utf8');
    expect(text).toContain(`Environment="PATH=${moved}:${fixture('service-managers')}:`);
    expect(text).not.toContain(bin);
    expect((await login.run(join(moved, 'node'), program, [], later)).stderr).toBe('');
    const status = await login.run(join(moved, 'node'), program, ['autostart'], later);
    expect(status.stdout).not.toContain('would not work');
  },
  SLOW,
);

test(
  'an overseer that has moved is noticed as well, and an edited unit is left to its user',
  async () => {
    const { program, bin } = login.install('old');
    const node = login.nodeIn(bin);
    const env = { ...login.env, PATH: `${fixture('service-managers')}:${dirname(process.execPath)}` };
    await login.run(process.execPath, program, ['autostart', 'enable'], env);
    await login.run(process.execPath, program, ['die'], env);
    rmSync(node);
    renameSync(login.home.path('old'), login.home.path('new'));
    const now = join(login.home.path('new'), 'bin/overseer');
    const before = readFileSync(unit, 'utf8');
    writeFileSync(unit, `${before}# mine\n`);
    const left = await login.run(process.execPath, now, [], env);
    expect(left.stderr).toContain('does not work any more');
    expect(readFileSync(unit, 'utf8')).toBe(`${before}# mine\n`);
    writeFileSync(unit, before);
    const ran = await login.run(process.execPath, now, [], env);
    expect(ran.stderr).toContain(`overseer is now ${now}d: mended ${unit}`);
    expect(readFileSync(unit, 'utf8')).toContain(`ExecStart="${now}d" --autostart`);
  },
  SLOW,
);

test('another data folder has an entry of its own, in whatever folders it is', async () => {
  const odd = ['--data', login.home.path('50% "of" $HOME'), '--config', login.home.config];
  const ran = await login.overseer('autostart', 'enable', ...odd);
  expect(ran).toMatchObject({ code: 0 });
  expect(ran.stdout).toMatch(/wrote .*\/overseer-[0-9a-f]{8}\.service\n/);
  expect(existsSync(unit)).toBe(false);
  expect(await login.overseer('autostart', ...odd)).toMatchObject({ code: 0 });
  expect(existsSync(join(login.home.path('50% "of" $HOME'), 'socket'))).toBe(true);
  expect(await login.overseer('autostart')).toMatchObject({ code: 1 });
});
