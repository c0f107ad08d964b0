import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Home, awaited, root } from './support/home.ts';

let home: Home;
beforeEach(() => {
  home = new Home();
});
afterEach(() => home.dispose());

interface Packed {
  readonly filename: string;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string; readonly mode: number }[];
}

/** npm with nothing of this machine's but its program: no cache, no settings, no registry. */
function npm(cwd: string, ...words: readonly string[]): string {
  const env = {
    ...home.env,
    npm_config_cache: home.path('npm-cache'),
    npm_config_userconfig: home.path('npmrc'),
    npm_config_globalconfig: home.path('npmrc-global'),
    npm_config_registry: 'http://127.0.0.1:9/',
  };
  return execFileSync('npm', [...words, '--offline', '--no-audit', '--no-fund'], {
    cwd,
    env,
    encoding: 'utf8',
  });
}

function pack(): Packed {
  const words = ['pack', '--json', '--ignore-scripts', '--pack-destination', home.dir];
  return (JSON.parse(npm(root, ...words)) as readonly [Packed])[0];
}

test('the package installs without network, cache or other packages, and works', async () => {
  const { filename } = pack();
  const prefix = home.path('prefix');
  mkdirSync(prefix);
  npm(prefix, 'install', '--global', '--prefix', prefix, home.path(filename));
  expect(readdirSync(join(prefix, 'lib/node_modules'))).toEqual(['overseer']);
  expect(existsSync(join(prefix, 'lib/node_modules/overseer/node_modules'))).toBe(false);
  const overseer = (...words: readonly string[]): string =>
    execFileSync(join(prefix, 'bin/overseer'), words, { env: home.env, encoding: 'utf8' });
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  expect(overseer('--version')).toBe(`${version}\n`);
  expect(overseer('init')).toContain('wrote');
  home.write('overseer.toml', '[[jobs]]\nname = "web"\njob_command = "sleep 1000"\n');
  expect(overseer()).toContain('1 started');
  expect(overseer('machines', 'job')).toContain('Running');
  expect(overseer('die')).toContain('1 job stopped');
  await awaited(
    async () => (existsSync(join(home.data, 'overseer.socket')) ? null : true),
    'end of the daemon',
  );
});

test('the package holds the licences of its bundles, no source maps, and readable modes', () => {
  const { files, unpackedSize } = pack();
  const paths = files.map(({ path }) => path);
  expect(paths).toEqual(
    expect.arrayContaining([
      'LICENSE',
      'dist/THIRD-PARTY-LICENSES.txt',
      'dist/cli.cjs',
      'dist/cli.cjs.cache',
      'dist/plain-status.cjs',
      'dist/plain-status.cjs.cache',
      'dist/plain-apply.cjs.cache',
    ]),
  );
  expect(paths.filter((path) => path.endsWith('.map'))).toEqual([]);
  expect(unpackedSize).toBeLessThan(10_750_000);
  const programs = ['bin/overseer', 'bin/overseerd'];
  for (const { path, mode } of files)
    expect(`${path} ${(mode & 0o777).toString(8)}`).toBe(`${path} ${programs.includes(path) ? 755 : 644}`);
});

test('every package that a bundle was made of has its licence in the package', () => {
  const licenses = readFileSync(join(root, 'dist/THIRD-PARTY-LICENSES.txt'), 'utf8');
  const found = [...licenses.matchAll(/^(\S+) \d+\.\d+\.\d+\nLicence: .+\nSource: .+\n\n\S/gm)];
  expect(found.map(([, name]) => name)).toEqual(
    expect.arrayContaining([
      'croner',
      'elkjs',
      'ink',
      'react',
      'toml',
      'xstate',
      'yargs',
      'yargs-parser',
      'yoga-layout',
    ]),
  );
});

test('damaged compiled code is never run', () => {
  const copy = home.path('copy');
  for (const folder of ['bin', 'dist', 'docs'])
    cpSync(join(root, folder), join(copy, folder), { recursive: true });
  const cache = join(copy, 'dist/cli.cjs.cache');
  const whole = readFileSync(cache);
  const version = (): string =>
    execFileSync(join(copy, 'bin/overseer'), ['--version'], { env: home.env, encoding: 'utf8' });
  const right = version();
  for (let part = 0; part < 12; part += 1) {
    const damaged = Buffer.from(whole);
    const at = Math.floor((whole.length * (part + 0.5)) / 12);
    damaged[at] = (damaged[at] as number) ^ 0x10;
    writeFileSync(cache, damaged);
    expect(version()).toBe(right);
  }
  expect(statSync(join(root, 'dist/cli.cjs.cache')).size).toBe(whole.length);
});
