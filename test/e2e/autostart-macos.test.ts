import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { awaited, isAlive } from './support/home.ts';
import { Login } from './support/login.ts';

const LABEL = 'local.overseer';
const DOMAIN = `gui/${process.getuid?.()}`;
let login: Login;
let agent: string;
beforeEach(() => {
  login = new Login({ platform: 'darwin' });
  agent = join(login.home.dir, `Library/LaunchAgents/${LABEL}.plist`);
  login.home.write('a.toml', '[[jobs]]\nname = "web"\njob_command = "sleep 1000"\n');
});
afterEach(() => login.dispose());

test('T-306 enable writes an agent and has launchd load it, and launchd runs the daemon', async () => {
  const ran = await login.overseer('autostart', 'enable');
  expect(ran).toMatchObject({ code: 0, stderr: '' });
  expect(ran.stdout).toContain(`enabled: wrote ${agent}\nlaunchd runs the daemon (pid ${login.service()})`);
  expect(login.deeds()).toEqual([`enable ${DOMAIN}/${LABEL}`, `bootstrap ${DOMAIN} ${agent}`]);
  expect(login.home.daemonPid()).toBe(login.service());
  await login.home.until('web', ({ state }) => state === 'running');
  expect(await login.overseer('autostart')).toMatchObject({ code: 0, stderr: '' });
  const deeds = login.deeds();
  expect((await login.overseer('autostart', 'enable')).stdout).toContain('already enabled');
  expect(login.deeds()).toEqual(deeds);
});

test('the agent has what launchd would otherwise do to the daemon and its jobs put right', async () => {
  await login.overseer('autostart', 'enable');
  const text = readFileSync(agent, 'utf8');
  for (const pair of [
    /<key>ExitTimeOut<\/key>\s*<integer>120<\/integer>/,
    /<key>ProcessType<\/key>\s*<string>Interactive<\/string>/,
    /<key>KeepAlive<\/key>\s*<dict>\s*<key>SuccessfulExit<\/key>\s*<false\/>/,
    /<key>StandardErrorPath<\/key>\s*<string>\/.*\/Library\/Logs\/local\.overseer\.log<\/string>/,
    /<key>LANG<\/key>\s*<string>C.UTF-8<\/string>/,
    /<key>PATH<\/key>\s*<string>.*:\/usr\/sbin:.*\/sbin.*<\/string>/,
  ])
    expect(text).toMatch(pair);
  expect(existsSync(join(login.home.dir, 'Library/Logs/local.overseer.log'))).toBe(true);
});

test('a changed PATH is taken up by another daemon, and the jobs run on', async () => {
  await login.overseer('autostart', 'enable');
  const first = login.service();
  const { pid } = await login.home.until('web', ({ state }) => state === 'running');
  login.set('busy', '2');
  const path = `${dirname(process.execPath)}:/usr/bin:/bin`;
  expect(await login.overseer('autostart', 'enable', '--path', path)).toMatchObject({ code: 0 });
  await awaited(async () => (isAlive(first) ? null : true), 'end of the first daemon');
  expect(login.home.daemonPid()).toBe(login.service());
  expect(await login.home.job('web')).toMatchObject({ state: 'running', pid });
});

test('enable writes the agent for the next login where nobody is logged in at the screen', async () => {
  login.set('no-screen');
  const ran = await login.overseer('autostart', 'enable');
  expect(ran).toMatchObject({ code: 0, stderr: '' });
  expect(ran.stdout).toContain('nobody is logged in at the screen of this Mac');
  expect(existsSync(agent)).toBe(true);
  expect(login.deeds()).toEqual([]);
  expect(await login.overseer('autostart')).toMatchObject({ code: 0 });
});

test('status and enable report an agent that is switched off in System Settings', async () => {
  await login.overseer('autostart', 'enable');
  login.set('disabled', LABEL);
  const status = await login.overseer('autostart');
  expect(status).toMatchObject({ code: 1 });
  expect(status.stdout).toContain('it is switched off in System Settings, under General, Login Items');
  login.set('off-in-settings');
  const ran = await login.overseer('autostart', 'enable');
  expect(ran).toMatchObject({ code: 1 });
  expect(ran.stderr).toContain(`\`launchctl enable gui/$(id -u)/${LABEL}\``);
  rmSync(join(login.state, 'off-in-settings'));
  expect(await login.overseer('autostart', 'enable')).toMatchObject({ code: 0 });
});

test('the causes of "Bootstrap failed: 5" of launchd are explained', async () => {
  login.set('busy', '1000');
  const ran = await login.overseer('autostart', 'enable');
  expect(ran).toMatchObject({ code: 1 });
  expect(ran.stderr.replaceAll(/\s+/g, ' ')).toContain(
    `launchctl bootstrap ${DOMAIN} ${agent} failed: Bootstrap failed: 5: Input/output error. launchd says so where`,
  );
});

test('disable removes the agent and boots nothing out, and one of somebody else is never touched', async () => {
  await login.overseer('autostart', 'enable');
  const { pid } = await login.home.until('web', ({ state }) => state === 'running');
  expect(await login.overseer('autostart', 'disable')).toMatchObject({ code: 0 });
  expect(existsSync(agent)).toBe(false);
  expect(login.deeds().filter((deed) => deed.startsWith('bootout'))).toEqual([]);
  expect(await login.home.job('web')).toMatchObject({ state: 'running', pid });
  mkdirSync(dirname(agent), { recursive: true });
  writeFileSync(agent, '<plist/>');
  const ran = await login.overseer('autostart', 'enable');
  expect(ran.stderr).toContain(`${agent} was not written by overseer`);
  expect(ran.stderr.replaceAll(/\s+/g, ' ')).toContain(`after \`launchctl bootout gui/$(id -u)/${LABEL}\``);
  expect(readFileSync(agent, 'utf8')).toBe('<plist/>');
});

test('a node that has moved is mended in the agent, and launchd takes up the new one', async () => {
  const { program, bin } = login.install('mine');
  const node = login.nodeIn(bin);
  const env = { ...login.env, PATH: `${bin}:${login.env['PATH']}` };
  await login.run(node, program, ['autostart', 'enable'], env);
  const first = login.service();
  const { pid } = await login.home.until('web', ({ state }) => state === 'running');
  const moved = login.home.path('a & b');
  renameSync(bin, moved);
  const later = { ...env, PATH: `${moved}:${login.env['PATH']}` };
  const ran = await login.run(join(moved, 'node'), program, [], later);
  expect(ran.stderr.replaceAll(/\s+/g, ' ')).toContain(`node is now ${join(moved, 'node')}: mended ${agent}`);
  expect(isAlive(first)).toBe(false);
  const environ = readFileSync(`/proc/${login.service()}/environ`, 'utf8');
  expect(environ).toContain(`PATH=${moved}:`);
  expect(await login.home.job('web')).toMatchObject({ state: 'running', pid });
  // A parser of property lists that is not ours, where there is one.
  const python =
    'import plistlib,sys; print(plistlib.load(open(sys.argv[1],"rb"))["EnvironmentVariables"]["PATH"])';
  if (existsSync('/usr/bin/python3'))
    expect(execFileSync('/usr/bin/python3', ['-c', python, agent], { encoding: 'utf8' })).toMatch(
      `${moved}:`,
    );
});
