// Bundles overseer into dist/: one file for each kind of process, with V8's compiled code beside those that
// start often.
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import './generate-validator.mjs';
import { thirdPartyLicenses } from './third-party-licenses.mjs';
import { libraryTypes } from './library-types.mjs';
import { bundlePages } from './pages.mjs';
import { bundleScreen } from './screen.mjs';

/** Bundles of calls without options, which start often. */
const SMALL = ['plain-status', 'plain-apply'];

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
// The files must be readable for users other than the builder.
process.umask(0o022);
mkdirSync('dist', { recursive: true });
writeFileSync('dist/begun', '');
// The time by the clock of the disk.
const begun = statSync('dist/begun').mtimeMs;
rmSync('dist/begun');
for (const name of ['cli', ...SMALL, 'daemon']) rmSync(`dist/${name}.cjs.cache`, { force: true });

/** Files of src/cli that only the commands which need them load. */
const APART = ['exchange', 'offline', 'charts', 'inspector', 'at-login', 'mcp-server', 'web-server'];
/** Another one, which is bundled in its own way. */
const SCREEN = 'show-top';

/** Parsing the config and drawing are in bundles of their own, so that other commands start fast. */
const apart = {
  name: 'apart',
  setup: ({ onResolve }) =>
    onResolve({ filter: new RegExp(`/(${[...APART, SCREEN].join('|')})\\.ts$`) }, ({ kind, path }) =>
      kind === 'entry-point' ? undefined : { path: `./${/([\w-]+)\.ts$/.exec(path)[1]}.cjs`, external: true },
    ),
};
const entryPoints = {
  cli: 'src/cli/main.ts',
  ...Object.fromEntries(APART.map((name) => [name, `src/cli/${name}.ts`])),
  daemon: 'src/daemon/main.ts',
  'config-worker': 'src/daemon/config-worker.ts',
};

const options = {
  outdir: 'dist',
  outExtension: { '.js': '.cjs' },
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  // Names stay, so a stack trace can be read without a map of seven megabytes.
  sourcemap: false,
  metafile: true,
  // The full licence texts are in a file of their own.
  legalComments: 'none',
  // Node's own import() is not there in a script that vm compiled.
  supported: { 'dynamic-import': false },
  plugins: [apart],
  // yargs' own costs more than node's start-up.
  alias: { 'string-width': './src/cli/terminal/string-width.ts' },
  define: { 'import.meta.url': '__filename_url', 'import.meta.dirname': '__dirname' },
};
const small = { minifyWhitespace: true, minifySyntax: true };
const url = { banner: { js: 'const __filename_url=require("node:url").pathToFileURL(__filename).href;' } };
const ours = await build({ ...options, ...url, entryPoints, ...small });
// They do without node:url and XState, since loading them takes a while.
const plain = await build({
  ...options,
  entryPoints: Object.fromEntries(SMALL.map((name) => [name, `src/cli/plain/${name}.ts`])),
  ...small,
  alias: { ...options.alias, xstate: './src/host/flat-chart.ts' },
});
// Not minified: Node shows the source line of an uncaught error, and the library runs in other programs.
const library = await build({ ...options, ...url, entryPoints: { library: 'src/library/index.ts' } });
const screen = await bundleScreen({ ...options, ...url, ...small });
const metafile = {
  outputs: { ...ours.metafile.outputs, ...plain.metafile.outputs, ...library.metafile.outputs, ...screen },
};

writeFileSync('dist/THIRD-PARTY-LICENSES.txt', thirdPartyLicenses(metafile));

// One copy of the library for `import` and `require`, so that error classes are the same for both.
const { names, text } = libraryTypes();
writeFileSync(
  'dist/library.mjs',
  `import library from './library.cjs';\nexport const { ${names.join(', ')} } = library;\n`,
);
for (const ending of ['mts', 'cts']) writeFileSync(`dist/library.d.${ending}`, text);

// Laid out once and for all, so that `overseer inspect` serves its page at once.
const { arrowsOf, drawChart } = createRequire(import.meta.url)('../dist/charts.cjs');
const definitionOf = async (name) =>
  JSON.stringify(JSON.parse(await drawChart(name, 'json', { simple: false })));
const drawn = {
  definitions: { daemon: await definitionOf('daemon'), job: await definitionOf('job') },
  pictures: {
    daemon: await drawChart('daemon', 'svg', { simple: false }),
    job: await drawChart('job', 'svg', { simple: false }),
    'job simple': await drawChart('job', 'svg', { simple: true }),
  },
  arrows: {
    daemon: arrowsOf('daemon', { simple: false }),
    job: arrowsOf('job', { simple: false }),
    'job simple': arrowsOf('job', { simple: true }),
  },
};
writeFileSync('dist/drawn-charts.json', JSON.stringify(drawn));
writeFileSync('dist/pages.json', JSON.stringify(await bundlePages()));

// V8's compiled code contains the functions that have run, so run overseer once in its usual way, in a home
// of its own.
const home = mkdtempSync(join(tmpdir(), 'overseer-build-'));
const envFor = (name) => ({ PATH: process.env.PATH, HOME: home, OVERSEER_WRITE_CODE_CACHE: name });
const run = (name, words) =>
  execFileSync(process.execPath, ['bin/overseer', ...words], {
    env: envFor(name),
    stdio: 'pipe',
    timeout: 20_000,
  });
// Without a config no daemon is started. The job is only shown, so nothing runs.
mkdirSync(join(home, '.config', 'overseer'), { recursive: true });
const job = 'jobs = [{ name = "shown", job_command = "true", enabled = false }]\n';
writeFileSync(join(home, '.config', 'overseer', 'shown.toml'), job);
try {
  run('daemon', []);
  run('cli', ['status', '--no-color']);
  run('plain-status', ['status']);
  run('plain-apply', []);
  run('', ['die']);
  await until(() => existsSync('dist/daemon.cjs.cache'));
} catch (error) {
  console.error(
    `built without compiled code, so overseer will start slowly: ${error.message}\n${error.stderr ?? ''}`,
  );
}
rmSync(home, { recursive: true, force: true });

// Files of an older build would be shipped. One of the files was written by the daemon, with umask 077.
for (const name of readdirSync('dist')) {
  const path = `dist/${name}`;
  if (statSync(path).mtimeMs < begun) rmSync(path, { recursive: true });
  else chmodSync(path, 0o644);
}
chmodSync('dist', 0o755);

async function until(condition) {
  for (let tries = 0; !condition(); tries += 1) {
    if (tries === 200) throw new Error('the daemon did not end');
    await setTimeout(10);
  }
}
