import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Home } from './support/home.ts';

let home: Home;
beforeEach(() => {
  home = new Home();
  home.write(
    'a.toml',
    `[defaults]
env = { COMMON = "1" }

[[jobs]]
name = "web"
job_command = { exe = "sleep", args = ["1000", "50% \${x} 'y' \\"z\\""] }
after = ["db"]
test_command = "test -e /tmp"
env = { A = "a b", HOME2 = "\${HOME}/x" }

[[jobs]]
name = "db"
job_command = "sleep 1000"
cwd = "/tmp"
ready = { tcp = "127.0.0.1:1" }

[[jobs]]
name = "tick"
job_command = "date"
schedule = "30 2 1,15 * mon-fri"
`,
  );
});
afterEach(() => home.dispose());

test('T-320 an export is printed or written into a folder, and tells what is not carried over', async () => {
  const printed = await home.overseer('export', '--to', 'procfile');
  expect(printed.code).toBe(0);
  expect(printed.stdout).toContain('web: cd ');
  expect(printed.stderr).toContain('tick: left out: foreman has no schedules');
  expect(printed.stderr).toContain('web: env HOME2 is written as it is in this shell now');
  const dir = home.path('units');
  const written = await home.overseer('export', '--to', 'systemd', '--dir', dir);
  expect(written.stdout).toContain(`wrote ${join(dir, 'web.service')}\n`);
  expect(readdirSync(dir).sort()).toEqual(['db.service', 'tick.service', 'tick.timer', 'web.service']);
  expect(readFileSync(join(dir, 'web.service'), 'utf8')).toContain(`Environment="HOME2=${home.dir}/x"`);
  const again = await home.overseer('export', '--to', 'systemd', '--dir', dir);
  expect(again).toMatchObject({ code: 1, stdout: '' });
  expect(again.stderr).toContain('web.service is there already; nothing was written');
  const json = await home.json<{ files: { name: string }[] }>('export', '--to', 'launchd');
  expect(json.files.map(({ name }) => name)).toEqual(['web.plist', 'db.plist', 'tick.plist']);
});

test('the exported jobs of a project run in its folder, and a relative cwd counts from there', async () => {
  const shop = home.path('shop');
  mkdirSync(shop);
  const job = (name: string, keys: string): string =>
    `[[jobs]]\nname = "${name}"\njob_command = "sleep 1"\n${keys}\n`;
  writeFileSync(join(shop, 'overseer.toml'), job('web', '') + job('api', 'cwd = "api"'));
  const { stdout } = await home.overseer('export', '--to', 'procfile', `--project=${shop}`);
  expect(stdout).toBe(`web: cd ${shop} && exec sleep 1\napi: cd ${shop}/api && exec sleep 1\n`);
});

test('T-321 systemd itself accepts the units that are exported for it', async () => {
  const dir = home.path('units');
  await home.overseer('export', '--to', 'systemd', '--dir', dir);
  if (!existsSync('/usr/bin/systemd-analyze')) return;
  const said = execFileSync(
    '/usr/bin/systemd-analyze',
    ['--user', 'verify', ...readdirSync(dir).map((name) => join(dir, name))],
    { env: { ...home.env, XDG_RUNTIME_DIR: home.dir }, encoding: 'utf8', stdio: 'pipe' },
  );
  expect(said).toBe('');
  const times = execFileSync('/usr/bin/systemd-analyze', ['calendar', 'Mon,Tue *-*-* 02:30:00'], {
    encoding: 'utf8',
  });
  expect(times).toContain('Normalized form');
});

test('T-322 a format in containers wants an image, and a wrong word is refused with the right ones', async () => {
  for (const format of ['compose', 'kubernetes']) {
    expect(await home.overseer('export', '--to', format)).toMatchObject({ code: 64 });
    const ran = await home.overseer('export', '--to', format, '--image', 'app:1');
    expect(ran.code).toBe(0);
    expect(ran.stdout).toContain('image: app:1');
  }
  const wrong = await home.overseer('export', '--to', 'systemctl');
  expect(wrong).toMatchObject({ code: 64 });
  expect(wrong.stderr).toContain('--to wants one of systemd, launchd');
  expect(await home.overseer('export')).toMatchObject({ code: 64 });
  home.write('b.toml', '[[jobs]]\n');
  expect(await home.overseer('export', '--to', 'systemd')).toMatchObject({ code: 78, stdout: '' });
});

test('T-991 an export of a config without jobs says that there is nothing to export', async () => {
  home.write('a.toml', '');
  expect(await home.overseer('export', '--to', 'systemd')).toMatchObject({
    code: 0,
    stdout: '',
    stderr: 'the config has no jobs, so there is nothing to export\n',
  });
});
