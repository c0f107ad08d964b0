// `npm run mutation -- FOLDER… [--static] [--anew] [--write]`: plants every small bug that StrykerJS knows in
// the files of these folders, such as `src/os`, `machines` or `'src/*.ts'`, and runs the unit, host and chart
// tests that reach it. Exits with 1 if a folder's share of found bugs is below what it must be. `--write`
// notes it in MUTATION_PAGE. `--every N` plants only each N-th bug. `--changed --minutes N` takes the
// folders that the last commits touch, as CI does.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { writeRows } from './page-rows.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const MUTATION_PAGE = 'docs/evidence/mutation.md';
const BEGIN = '<!-- scores: written by `npm run mutation -- FOLDER --write` -->';
const END = '<!-- end of scores -->';

/** The share of bugs that must be found, in percent, by folder. */
const LEAST = { 'src/cli': 75, 'src/chart': 75 };
const LEAST_ELSEWHERE = 85;

/** Tests that a folder has beside those of its own name. */
const ALSO = [
  ['src/job', ['test/host']],
  ['src/host', ['test/host']],
  ['src/fleet', ['test/host']],
  ['src/daemon', ['test/host']],
  ['src/files', ['test/unit/state']],
];

/** Sentences, which `test/charts/conformance` compares letter by letter with the titles of tests. */
const NO_CODE = 'machines/rules.ts';

/** Nothing that the tests of a folder need; each run copies the rest of the project. */
const NOT_COPIED =
  'docs coverage .example .stryker dist/*.cjs dist/*.cache test/sim test/e2e/*.test.ts'.split(' ');

/** Found by a test that waited in vain. */
const isEndless = ({ status, statusReason }) =>
  status === 'Killed' && /the test has no end/.test(statusReason ?? '');

/** A row of the page: folder, of how many bugs one was planted, bugs, share, least and minutes. */
const ROW =
  /^\| `([^`]+)` \| (?:1 of (\d+)|all) \| (\d+) \|.*\| ([\d.]+) % \| ([\d.]+) % \| [\d-]+ \| ([\d.]+) \|$/gm;

const { values: options, positionals: folders } = parseArgs({
  allowPositionals: true,
  options: {
    // Also what is computed only once, when a file is loaded: each of these takes a run of all tests.
    static: { type: 'boolean', default: false },
    anew: { type: 'boolean', default: false },
    every: { type: 'string', default: '1' },
    write: { type: 'boolean', default: false },
    changed: { type: 'boolean', default: false },
    minutes: { type: 'string', default: 'Infinity' },
  },
});

const end = performance.now() + Number(options.minutes) * 60_000;
const every = Number(options.every);
if (!Number.isInteger(every) || every < 1) {
  console.error(`--every takes a whole number from 1 on, not ${options.every}`);
  process.exit(2);
}
const named = options.changed
  ? changedFolders()
  : folders.map((folder) => ({ folder: folder.replace(/\/+$/, ''), every }));
if (named.length === 0 && !options.changed) {
  console.error('name a folder: npm run mutation -- src/os');
  process.exit(2);
}
const scores = named.map(scoreOf).filter((score) => score !== null);
if (scores.length > 0) console.table(scores);
if (options.write) write(scores);
process.exitCode = scores.some(({ score, least }) => score < least) ? 1 : 0;

function scoreOf({ folder, every }) {
  const began = performance.now();
  const place = join('.stryker', folder.replaceAll('/', '-'));
  mkdirSync(join(root, place), { recursive: true });
  writeFileSync(join(root, place, 'config.json'), JSON.stringify(configOf(folder, place, every)));
  const stryker = join(
    dirname(createRequire(import.meta.url).resolve('@stryker-mutator/core/package.json')),
    'bin/stryker.js',
  );
  const { status, error } = spawnSync(process.execPath, [stryker, 'run', join(place, 'config.json')], {
    cwd: root,
    stdio: 'inherit',
    timeout: Number.isFinite(end) ? Math.max(1, Math.round(end - performance.now())) : undefined,
    killSignal: 'SIGTERM',
    env: {
      ...process.env,
      OVERSEER_MUTATION_TESTS: testsOf(folder).join(':'),
      OVERSEER_MUTATION_EVERY: String(every),
      OVERSEER_MUTATION_STATIC: String(options.static),
      OVERSEER_MUTATION_CACHE: join(root, '.stryker', 'transformed'),
    },
  });
  if (error?.code === 'ETIMEDOUT') {
    console.log(`${folder}: not finished in time, so there is no verdict`);
    return null;
  }
  if (status !== 0 && options.changed) {
    // That a test fails without any bug is for jest to say, and a slow machine is no fault of the change.
    console.log(`${folder}: StrykerJS ended with ${status}, so there is no verdict`);
    return null;
  }
  if (status !== 0) throw new Error(`StrykerJS ended with ${status}`);
  const { files } = JSON.parse(readFileSync(join(root, place, 'report.json'), 'utf8'));
  const mutants = Object.values(files)
    .flatMap((file) => file.mutants)
    .filter(({ id }) => Number(id) % every === 0);
  const count = (...wanted) => mutants.filter(({ status: each }) => wanted.includes(each)).length;
  const killed = count('Killed');
  const found = killed + count('Timeout');
  const endless = found - killed + mutants.filter(isEndless).length;
  const missed = count('Survived', 'NoCoverage');
  return {
    folder,
    planted: every === 1 ? 'all' : `1 of ${every}`,
    bugs: found + missed,
    found,
    endless,
    unreached: count('NoCoverage'),
    score: Number(((100 * found) / Math.max(1, found + missed)).toFixed(1)),
    least:
      Object.entries(LEAST).find(([each]) => `${folder}/`.startsWith(`${each}/`))?.[1] ?? LEAST_ELSEWHERE,
    date: new Date().toISOString().slice(0, 10),
    minutes: Number(((performance.now() - began) / 60_000).toFixed(1)),
  };
}

/** The folders that CI holds to their share, those that have reached it, and that the last commits touch. */
function changedFolders() {
  const rows = [...readFileSync(join(root, MUTATION_PAGE), 'utf8').matchAll(ROW)].map(
    ([, folder, each = '1', bugs, share, least, minutes]) => ({
      folder,
      every: Number(each),
      held: Number(share) - (each === '1' ? 0 : chance(share / 100, bugs)) >= Number(least),
      minutes: Number(minutes),
    }),
  );
  const changed = git('diff', '--name-only', firstCommit(), 'HEAD').split('\n');
  const touched = rows
    .filter(({ folder, held }) => held && changed.some((path) => isOf(folder, path)))
    .toSorted((a, b) => a.minutes - b.minutes);
  console.log(`folders to look at: ${touched.map(({ folder }) => folder).join(', ') || 'none'}`);
  return touched;
}

/**
 * How far the share of a sample may lie from that of another one, in percent points: a change elsewhere in
 * the files makes it another sample, and must not fail for that.
 */
function chance(share, bugs) {
  return 300 * Math.sqrt((share * (1 - share)) / bugs);
}

function isOf(folder, path) {
  const isIn = (place) => path === place || path.startsWith(`${place}/`);
  // `src/*.ts` are the files directly in there.
  const isFile = folder.endsWith('*.ts') && dirname(folder) === dirname(path) && path.endsWith('.ts');
  return isFile || [folder, ...testsOf(folder)].some(isIn);
}

/** Where this branch left main or, on main, the commit before the last few that are there. */
function firstCommit() {
  const base = git('merge-base', 'HEAD', 'origin/main');
  if (base !== '' && base !== git('rev-parse', 'HEAD')) return base;
  return git('rev-list', '--max-count=5', '--first-parent', 'HEAD').split('\n').at(-1);
}

function git(...words) {
  try {
    return execFileSync('git', words, {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return '';
  }
}

/** The tests of a folder are in the folder of the same name; the charts' tests are in their own. */
function testsOf(folder) {
  const mirrored = folder.replace(/^src\//, 'test/unit/');
  if (folder.startsWith('machines')) return ['test/charts', 'test/host'];
  if (!folder.endsWith('.ts'))
    return [mirrored, ...ALSO.filter(([each]) => folder.startsWith(each)).flatMap(([, tests]) => tests)];
  return testsIn(dirname(mirrored));
}

/** The tests of a file are directly in the folder of the same name, not in folders below that. */
function testsIn(folder) {
  if (!existsSync(join(root, folder))) return [folder];
  return readdirSync(join(root, folder))
    .filter((name) => /\.test\.tsx?$/.test(name))
    .map((name) => join(folder, name));
}

function configOf(folder, place, every) {
  return {
    plugins: [fileURLToPath(new URL('mutation/runner.mjs', import.meta.url))],
    testRunner: 'at-once',
    testRunnerNodeArgs: ['--conditions=development'],
    coverageAnalysis: 'perTest',
    concurrency: 1,
    // The sources are not type-checked, and the compiler of this version has no API that Stryker could use.
    tsconfigFile: 'none.json',
    disableTypeChecks: false,
    mutate: folder.endsWith('.ts')
      ? [folder]
      : [
          `${folder}/**/*.ts`,
          `!${folder}/**/*.d.ts`,
          ...(folder === dirname(NO_CODE) ? [`!${NO_CODE}`] : []),
        ],
    ignoreStatic: !options.static,
    ignorePatterns: NOT_COPIED,
    // The bugs of a sample are told by their numbers, which change with the files.
    incremental: every === 1,
    force: options.anew,
    incrementalFile: join(place, 'incremental.json'),
    tempDirName: join(place, 'copies'),
    reporters: ['progress-append-only', 'clear-text', 'json'],
    clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
    jsonReporter: { fileName: join(place, 'report.json') },
    // Only an endless loop takes this long, even on a busy machine.
    timeoutMS: 30_000,
    timeoutFactor: 3,
    dryRunTimeoutMinutes: 60,
    allowEmpty: true,
  };
}

/** Each folder has one row; others stay as they are. */
function write(fresh) {
  writeRows(join(root, MUTATION_PAGE), {
    begin: BEGIN,
    end: END,
    head: ['folder', 'planted', 'bugs', 'found', 'endless', 'share', 'at least', 'date', 'minutes'],
    rows: fresh.map(({ folder, planted, bugs, found, endless, score, least, date, minutes }) => [
      `\`${folder}\``,
      planted,
      bugs,
      found,
      endless,
      `${score} %`,
      `${least} %`,
      date,
      minutes,
    ]),
  });
}
