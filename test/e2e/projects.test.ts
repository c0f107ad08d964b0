import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Status } from '../../src/wire/messages.ts';
import { awaited, ended, Home, isAlive, OVERSEER, type Ran } from './support/home.ts';
import { sleeper } from './support/shell-job.ts';

let home: Home;
beforeEach(() => {
  home = new Home();
});
afterEach(() => home.dispose());

/** A folder with an overseer.toml of its own. */
function project(name: string, ...jobs: readonly string[]): string {
  const folder = home.path(name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'overseer.toml'), jobs.map((job) => sleeper(job)).join(''));
  return folder;
}

const within = (folder: string, ...args: readonly string[]): Promise<Ran> =>
  ended(home.spawn(OVERSEER, args, home.env, folder));

async function pidsIn(
  folder: string,
  ...args: readonly string[]
): Promise<Readonly<Record<string, number | null>>> {
  const { stdout } = await within(folder, ...args, 'status', '--json');
  const { jobs } = JSON.parse(stdout) as Status;
  return Object.fromEntries(jobs.map(({ name, pid }) => [name, pid]));
}

test('T-440 two projects side by side, and the usual config, never touch the jobs of each other', async () => {
  const [shop, blog] = [project('shop', 'web', 'db'), project('blog', 'web', 'api')];
  home.write('usual.toml', sleeper('web'));
  for (const [folder, ...args] of [[shop, '--project'], [blog, '--project'], [blog]] as const)
    expect((await within(folder, ...args)).code).toBe(0);
  const before = {
    shop: await pidsIn(shop, '--project'),
    blog: await pidsIn(blog, '--project'),
    usual: await pidsIn(blog),
  };
  expect(Object.values(before).map((pids) => Object.keys(pids))).toEqual([
    ['db', 'web'],
    ['api', 'web'],
    ['web'],
  ]);
  project('blog', 'web');
  expect((await within(blog, '--project', 'apply')).stdout).toContain('- api  removed');
  expect((await within(blog, '--project', 'restart', '--all')).code).toBe(0);
  expect(await pidsIn(shop, '--project')).toEqual(before.shop);
  expect((await within(blog, '--project', 'die')).stdout).toBe('the daemon has ended, 1 job stopped\n');
  expect(await pidsIn(shop, '--project')).toEqual(before.shop);
  expect(await pidsIn(blog)).toEqual(before.usual);
});

test('T-441 a project is found from below it, by its path, by a link, and by OVERSEER_PROJECT', async () => {
  const shop = project('shop', 'web');
  mkdirSync(join(shop, 'src', 'deep'), { recursive: true });
  symlinkSync(shop, home.path('link'));
  expect((await within(join(shop, 'src', 'deep'), '--project')).code).toBe(0);
  const pids = await pidsIn(shop, '--project');
  expect(isAlive(pids['web'] as number)).toBe(true);
  for (const args of [
    ['--project=shop'],
    ['--project=link/src'],
    ['--project=~/shop/src/deep'],
    [`--project=${shop}`],
  ])
    expect([args, await pidsIn(home.dir, ...args)]).toEqual([args, pids]);
  const byVariable = await ended(home.begin({ OVERSEER_PROJECT: 'shop/src' }, 'status', 'web'));
  expect(byVariable.code).toBe(0);
});

test('a command that finds no daemon says so where the project of the current folder has one', async () => {
  const shop = project('shop', 'web');
  await within(shop, '--project');
  const { code, stderr } = await within(shop, 'status');
  expect(code).toBe(3);
  expect(stderr).toBe(
    `overseer: no daemon is running; the project in ${shop} has one: \`overseer --project status\` reaches it\n`,
  );
});

test('the message about an unknown job says when it is one of the project here', async () => {
  const shop = project('shop', 'web');
  home.write('usual.toml', sleeper('db'));
  await within(shop, '--project');
  await home.apply();
  const { code, stderr } = await within(shop, 'stop', 'web');
  expect(code).toBe(4);
  expect(stderr).toContain(`the project in ${shop} has a daemon of its own, which \`--project\` reaches`);
});

test('a project without a config is refused, and one whose config was lost can still be ended', async () => {
  const shop = project('shop', 'web');
  const empty = home.path('empty');
  mkdirSync(empty);
  const refused = await within(empty, '--project', 'status', '--json');
  expect([refused.code, JSON.parse(refused.stdout)]).toMatchObject([78, { error: { code: 'no-config' } }]);
  expect((await within(shop, '--project=nowhere')).code).toBe(78);
  await within(shop, '--project');
  renameSync(join(shop, 'overseer.toml'), join(shop, 'kept'));
  expect((await within(shop, '--project', 'apply')).code).toBe(78);
  renameSync(shop, home.path('moved'));
  expect((await within(home.dir, '--project=shop', 'die')).stdout).toBe(
    'the daemon has ended, 1 job stopped\n',
  );
});

test('T-442 a config from elsewhere that would remove jobs is refused, unless --replace means it', async () => {
  const [shop, blog] = [project('shop', 'web', 'db'), project('blog', 'web')];
  const first = join(shop, 'overseer.toml');
  const other = join(blog, 'overseer.toml');
  expect((await home.apply('--config', first)).code).toBe(0);
  const before = await pidsIn(home.dir);
  for (const args of [['apply'], ['plan'], ['apply', 'db']]) {
    const { code, stderr } = await home.overseer(...args, '--config', other);
    expect([args, code]).toEqual([args, 78]);
    for (const word of [first, 'db', '--project', '--data', '--replace']) expect(stderr).toContain(word);
  }
  expect(await pidsIn(home.dir)).toEqual(before);
  const { stdout } = await home.overseer('apply', '--config', other, '--json');
  expect(JSON.parse(stdout)).toMatchObject({ ok: false, changes: [], error: { code: 'other-config' } });
  expect((await home.overseer('plan', '--config', other, '--replace')).stdout).toContain('- db   remove');
  expect((await home.overseer('die')).code).toBe(0);
  // Without a daemon the plan is refused all the same: where the config came from is kept.
  expect((await home.overseer('plan', '--config', other)).code).toBe(78);
  expect((await home.apply('--config', other)).code).toBe(78);
  expect((await home.apply('--config', other, '--replace')).code).toBe(0);
  expect(Object.keys(await pidsIn(home.dir))).toEqual(['web']);
});

test('the same config is recognised by another path, behind a link, and when it removes jobs', async () => {
  const shop = project('shop', 'web', 'db');
  symlinkSync(shop, home.path('current'));
  expect((await home.apply('--config', join(shop, 'overseer.toml'))).code).toBe(0);
  expect((await home.apply('--config', home.path('current/overseer.toml'))).code).toBe(0);
  const next = project('next', 'web');
  await home.overseer('apply', '--config', 'current/overseer.toml');
  renameSync(home.path('current'), home.path('before'));
  symlinkSync(next, home.path('current'));
  // A link that is turned to the next release names the same config.
  expect((await home.apply('--config', 'current/overseer.toml')).code).toBe(0);
  expect(Object.keys(await pidsIn(home.dir))).toEqual(['web']);
});

test('only overseer and start begin a daemon, and none does where there is no config', async () => {
  const { code, stdout, stderr } = await home.overseer();
  expect([code, stdout]).toEqual([0, 'nothing changed: no jobs\n']);
  expect(stderr).toContain('`overseer init` writes a first one');
  for (const args of [['start', 'web'], ['restart', 'web'], ['wait', 'web'], ['stop', 'web'], ['status']])
    expect([args, (await home.overseer(...args)).code]).toEqual([args, 3]);
  home.write('a.toml', sleeper('web'));
  for (const args of [
    ['restart', 'web'],
    ['wait', 'web', '--timeout', '0'],
    ['signal', 'HUP', 'web'],
    ['die'],
  ])
    expect([args, (await home.overseer(...args)).code]).toEqual([args, 3]);
  expect(home.processes()).toEqual([]);
  expect((await home.overseer()).code).toBe(0);
  await home.overseer('die');
  expect((await home.overseer('start', 'web')).code).toBe(0);
  await awaited(async () => ((await home.job('web')).state === 'running' ? true : null), 'web');
});
