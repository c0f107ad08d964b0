// `npm run mutation -- FOLDER… [--static] [--anew] [--write]`: plants every small bug that StrykerJS knows in
// the files of these folders, such as `src/os` or `machines`, and runs the unit, host and chart tests that
// reach it. Exits with 1 if a folder's share of found bugs is below what it must be. `--write` notes it in
// MUTATION_PAGE.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = fileURLToPath(new URL('..', import.meta.url));
const MUTATION_PAGE = 'docs/evidence/mutation.md';
const BEGIN = '<!-- scores: written by `npm run mutation -- FOLDER --write` -->';
const END = '<!-- end of scores -->';

/** The share of bugs that must be found, in percent, by folder. */
const LEAST = { 'src/cli': 75, 'src/chart': 75 };
const LEAST_ELSEWHERE = 85;

const { values: options, positionals: folders } = parseArgs({
  allowPositionals: true,
  options: {
    // Also what is computed only once, when a file is loaded: each of these takes a run of all tests.
    static: { type: 'boolean', default: false },
    anew: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
});

if (folders.length === 0) {
  console.error('name a folder: npm run mutation -- src/os');
  process.exit(2);
}
const scores = folders.map((folder) => scoreOf(folder.replace(/\/+$/, '')));
console.table(scores);
if (options.write) write(scores);
process.exitCode = scores.some(({ score, least }) => score < least) ? 1 : 0;

function scoreOf(folder) {
  const began = performance.now();
  const place = join('.stryker', folder.replaceAll('/', '-'));
  mkdirSync(join(root, place), { recursive: true });
  writeFileSync(join(root, place, 'config.json'), JSON.stringify(configOf(folder, place)));
  const stryker = join(
    dirname(createRequire(import.meta.url).resolve('@stryker-mutator/core/package.json')),
    'bin/stryker.js',
  );
  const { status } = spawnSync(process.execPath, [stryker, 'run', join(place, 'config.json')], {
    cwd: root,
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error(`StrykerJS ended with ${status}`);
  const { files } = JSON.parse(readFileSync(join(root, place, 'report.json'), 'utf8'));
  const statuses = Object.values(files).flatMap(({ mutants }) => mutants.map((mutant) => mutant.status));
  const count = (...wanted) => statuses.filter((each) => wanted.includes(each)).length;
  const found = count('Killed', 'Timeout');
  const missed = count('Survived', 'NoCoverage');
  return {
    folder,
    bugs: found + missed,
    found,
    unreached: count('NoCoverage'),
    score: Number(((100 * found) / Math.max(1, found + missed)).toFixed(1)),
    least: Object.entries(LEAST).find(([each]) => folder.startsWith(each))?.[1] ?? LEAST_ELSEWHERE,
    date: new Date().toISOString().slice(0, 10),
    minutes: Number(((performance.now() - began) / 60_000).toFixed(1)),
  };
}

function configOf(folder, place) {
  return {
    plugins: ['@stryker-mutator/jest-runner'],
    testRunner: 'jest',
    testRunnerNodeArgs: ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'],
    jest: { configFile: 'jest.mutation.mjs', enableFindRelatedTests: true },
    coverageAnalysis: 'perTest',
    concurrency: 1,
    // The sources are not type-checked, and the compiler of this version has no API that Stryker could use.
    tsconfigFile: 'none.json',
    disableTypeChecks: false,
    mutate: folder.endsWith('.ts') ? [folder] : [`${folder}/**/*.ts`, `!${folder}/**/*.d.ts`],
    ignoreStatic: !options.static,
    ignorePatterns: ['docs', 'coverage', '.example', '.stryker'],
    incremental: true,
    force: options.anew,
    incrementalFile: join(place, 'incremental.json'),
    tempDirName: join('.stryker', 'copies'),
    reporters: ['progress-append-only', 'clear-text', 'json'],
    clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
    jsonReporter: { fileName: join(place, 'report.json') },
    timeoutMS: 20_000,
    allowEmpty: true,
  };
}

/** Each folder has one row; others stay as they are. */
function write(fresh) {
  const path = join(root, MUTATION_PAGE);
  const [before, rest] = readFileSync(path, 'utf8').split(BEGIN);
  const [table, after] = rest.split(END);
  const rows = new Map(
    table
      .split('\n')
      .filter((line) => line.startsWith('| `'))
      .map((line) => [/`([^`]+)`/.exec(line)[1], line]),
  );
  for (const { folder, bugs, found, score, least, date, minutes } of fresh)
    rows.set(
      folder,
      `| \`${folder}\` | ${bugs} | ${found} | ${score} % | ${least} % | ${date} | ${minutes} |`,
    );
  const head = ['folder', 'bugs', 'found', 'share', 'at least', 'date', 'minutes'];
  const lines = [head, head.map(() => '---')].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
  const body = [...rows.values()].toSorted((a, b) => a.localeCompare(b)).join('\n');
  writeFileSync(path, `${before}${BEGIN}\n\n${lines}\n${body}\n\n${END}${after}`);
}
