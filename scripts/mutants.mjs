// Plants one bug after another in a copy of the project and asks the tests: `npm run mutants [-- --only NAME] [--quick]`.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, stripVTControlCharacters } from 'node:util';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const COPIED = ['machines', 'src', 'bin', 'test', 'scripts', 'docs', 'package.json', 'jest.config.mjs', 'jest.transform.mjs', 'README.md'];
/** What has not come to an end by then never does. */
const LONGEST_MS = 400_000;

const { values: options } = parseArgs({
  options: { only: { type: 'string' }, quick: { type: 'boolean', default: false } },
});
const { FINDINGS, MUTANTS, withKills } = await listed();

/** The layers that can see a bug of a file, the one that looks closest at it first. */
const LAYERS = {
  walks: () => jest('test/charts/walks'),
  composition: () => jest('test/charts/composition'),
  simulation: simulate,
  rules: () => jest('test/charts/rules', 'test/charts/job-rules'),
  host: () => jest('test/host'),
  unit: () => jest('test/unit/plan', 'test/unit/client', 'test/unit/state'),
  'end to end': () => (run([join(scratch, 'scripts/build.mjs')]).status === 0 ? jest('test/e2e/stop') : 'it cannot be built'),
};
const ORDERS = [
  { files: /^machines\/(client|daemon)/, layers: ['composition', 'walks', 'simulation', 'rules', 'host', 'unit'] },
  { files: /^(machines\/job|src\/host\/)/, layers: ['walks', 'simulation', 'rules', 'host', 'unit'] },
  { files: /./, layers: ['simulation', 'host', 'unit', 'end to end'] },
];

const scratch = mkdtempSync(join(tmpdir(), 'overseer-mutants-'));
try {
  process.exitCode = main();
} finally {
  rmSync(scratch, { recursive: true });
}

function main() {
  for (const name of COPIED) cpSync(join(root, name), join(scratch, name), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(scratch, 'node_modules'));
  const chosen = MUTANTS.filter(({ name }) => options.only === undefined || options.only.split(',').includes(name));
  const lost = chosen.filter((mutant) => !isPlantable(mutant));
  for (const { name, file } of lost) console.error(`${name}: its place in ${file} is not there, or not there once`);
  if (lost.length > 0 || chosen.length === 0) return 1;
  // A layer that fails without a bug would find all of them.
  const needed = new Set(chosen.flatMap((mutant) => layersOf(mutant)));
  const broken = [...needed].map((layer) => ({ layer, by: LAYERS[layer]() })).filter(({ by }) => by !== null);
  for (const { layer, by } of broken) console.error(`without any bug fails already ${layer}: ${by}`);
  if (broken.length > 0) return 1;
  const kills = new Map(chosen.map((mutant) => [mutant.name, killed(mutant)]));
  writeTable(kills);
  return [...kills.values()].includes(null) ? 1 : 0;
}

function killed(mutant) {
  const path = join(scratch, mutant.file);
  const source = readFileSync(path, 'utf8');
  writeFileSync(
    path,
    source.replace(mutant.find, () => mutant.replace),
  );
  const started = performance.now();
  const kill = firstKill(mutant);
  writeFileSync(path, source);
  const seconds = ((performance.now() - started) / 1_000).toFixed(0);
  console.log(`${mutant.name}: ${kill === null ? 'SURVIVED' : `${kill.layer}: ${kill.by}`} (${seconds} s)`);
  return kill;
}

function firstKill(mutant) {
  for (const layer of layersOf(mutant)) {
    const by = LAYERS[layer]();
    if (by !== null) return { layer, by };
  }
  return null;
}

function layersOf({ file }) {
  const { layers } = ORDERS.find(({ files }) => files.test(file));
  return options.quick ? layers.slice(0, 2) : layers;
}

function isPlantable({ file, find }) {
  return readFileSync(join(root, file), 'utf8').split(find).length === 2;
}

/** Null when every test passes, else why one does not. */
function jest(...tests) {
  const report = join(scratch, 'report.json');
  const jestPath = join(root, 'node_modules/jest/bin/jest.js');
  const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', jestPath, '--json', `--outputFile=${report}`];
  const { status } = run([...flags, ...tests]);
  if (status === 0) return null;
  if (status === null) return 'it does not come to an end';
  const { testResults } = JSON.parse(readFileSync(report, 'utf8'));
  return reasonOf(testResults.filter(({ status: result }) => result === 'failed'));
}

/** What an invariant says is worth more than a title, and that more than numbers that differ. */
function reasonOf(files) {
  const assertions = files.flatMap(({ assertionResults }) => assertionResults).filter(({ status }) => status === 'failed');
  const messages = [...assertions.flatMap(({ failureMessages }) => failureMessages), ...files.map(({ message }) => message)].map((text) =>
    stripVTControlCharacters(text).replace(/^\s*●.*\n\s*/, ''),
  );
  const thrown = messages.map((text) => /^(?:\w*Error: )?([^\n]+)/.exec(text)?.[1] ?? '').find((text) => !/^$|expect\(|●/.test(text));
  const rule = messages.map((text) => /"rule": "([^"]+)"|Received: +"([^"\n]+)"/.exec(text)).find((match) => match !== null);
  const other = assertions.find(({ failureMessages }) => !/"(?:steps|states)": \d/.test(failureMessages.join()))?.title;
  const reason = thrown?.split(', after ')[0] ?? rule?.[1] ?? rule?.[2] ?? other ?? 'it has another number of configurations and arrows';
  if (reason.startsWith('the host is ')) return 'the host does not do what the chart says';
  return reason
    .replace(/ led to \{.*/, ' changes something')
    .replaceAll(/ in [[{].*|: \{.*|\/\S+/g, '')
    .slice(0, 160);
}

/** Fresh worlds, then those in which something once failed. */
function simulate() {
  const { status, stdout, stderr } = run([
    join(root, 'scripts/sim.mjs'),
    '--brief',
    '--src',
    scratch,
    '--seed',
    '1',
    '--count',
    options.quick ? '100' : '600',
  ]);
  if (status === 0) return jest('test/sim');
  if (status === null) return 'it does not come to an end';
  const [, first] = stdout.split('\n');
  return /^ *\d+ {2}(.+?): [\d ]+$/.exec(first ?? '')?.[1] ?? stderr.split('\n').find((line) => line.includes('Error')) ?? 'it breaks off';
}

function run(args) {
  const env = { ...process.env, SIM_SEED: '1' };
  return spawnSync(process.execPath, args, { cwd: scratch, env, encoding: 'utf8', timeout: LONGEST_MS, maxBuffer: 64 * 1024 * 1024 });
}

function writeTable(kills) {
  const path = join(root, FINDINGS);
  writeFileSync(path, withKills(readFileSync(path, 'utf8'), kills));
  console.log(`wrote ${FINDINGS}`);
}

async function listed() {
  const stdin = {
    contents: `export * from './mutants/mutants.ts'; export * from './docs/findings-page.ts';`,
    resolveDir: join(root, 'test/support'),
    loader: 'ts',
  };
  const { outputFiles } = await build({ stdin, bundle: true, platform: 'node', format: 'esm', write: false });
  return await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
}
