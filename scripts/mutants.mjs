// Plants one bug after another in a copy of the project and asks the tests: `npm run mutants [-- --only NAME]
// [--part K/N] [--quick]`. A part is every N-th bug, from the K-th on.
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, stripVTControlCharacters } from 'node:util';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const COPIED = [
  'machines',
  'src',
  'bin',
  'test',
  'scripts',
  'docs',
  'package.json',
  'tsconfig.json',
  'jest.config.mjs',
  'jest.environment.mjs',
  'jest.transform.mjs',
  'README.md',
];
/** A run that takes longer never ends. */
const LONGEST_MS = 400_000;

const { values: options } = parseArgs({
  options: {
    only: { type: 'string' },
    part: { type: 'string', default: '1/1' },
    quick: { type: 'boolean', default: false },
  },
});
const { FINDINGS, MUTANTS, withKills } = await listed();

/** The test layers that can detect a bug in a file, the closest one first. */
const LAYERS = {
  walks: (copy) => jest(copy, 'test/charts/walks'),
  'walks of hooks': (copy) => jest(copy, 'test/charts/walks.hooks'),
  'walks of rolls': (copy) => jest(copy, 'test/unit/fleet/turns'),
  composition: (copy) => jest(copy, 'test/charts/composition'),
  simulation: simulate,
  rules: (copy) => jest(copy, 'test/charts/.*rules'),
  host: (copy) => jest(copy, 'test/host'),
  unit: (copy) => jest(copy, 'test/unit/plan', 'test/unit/client', 'test/unit/state'),
  'end to end': (copy) => built(copy, 'test/e2e/stop'),
  'rolls end to end': (copy) => built(copy, 'test/e2e/rolling'),
};
const ORDERS = [
  {
    files: /^machines\/(client|daemon)/,
    layers: ['composition', 'walks', 'simulation', 'rules', 'host', 'unit'],
  },
  { files: /^machines\/hook/, layers: ['walks of hooks', 'simulation', 'rules'] },
  { files: /^(machines\/job|src\/host\/)/, layers: ['walks', 'simulation', 'rules', 'host', 'unit'] },
  {
    files: /^src\/fleet\/turns\/(roll|stop-queue)/,
    layers: ['walks of rolls', 'simulation', 'host', 'unit', 'end to end'],
  },
  {
    files: /^src\/fleet\/turns\//,
    layers: ['simulation', 'rolls end to end', 'host', 'unit', 'end to end'],
  },
  { files: /./, layers: ['simulation', 'host', 'unit', 'end to end'] },
];

process.exitCode = await main();

async function main() {
  const [part, parts] = options.part.split('/').map(Number);
  const chosen = MUTANTS.filter(
    ({ name }) => options.only === undefined || options.only.split(',').includes(name),
  ).filter((_, at) => at % parts === part - 1);
  const lost = chosen.filter((mutant) => !isPlantable(mutant));
  for (const { name, file } of lost)
    console.error(`${name}: its place in ${file} is not there, or not there once`);
  if (lost.length > 0 || chosen.length === 0) return 1;
  // A layer that fails without a bug would find all of them.
  const needed = new Map(chosen.flatMap((mutant) => layersOf(mutant)).map((layer) => [layer.what, layer]));
  const broken = (
    await inCopies([...needed.values()], async ({ what, ask }, copy) => ({
      layer: what,
      by: await ask(copy),
    }))
  ).filter(({ by }) => by !== null);
  for (const { layer, by } of broken) console.error(`without any bug fails already ${layer}: ${by}`);
  if (broken.length > 0) return 1;
  const kills = new Map(
    await inCopies(chosen, async (mutant, copy) => [mutant.name, await killed(mutant, copy)]),
  );
  writeTable(kills);
  const found = [...kills.values()].filter((kill) => kill !== null).length;
  console.log(`${kills.size} planted bugs: ${found} found`);
  return found < kills.size ? 1 : 0;
}

/**
 * Processes the items, as many in parallel as there are processors, each in a copy of the project. The
 * results keep the order.
 */
async function inCopies(items, act) {
  const results = [];
  let next = 0;
  const work = async () => {
    const copy = mkdtempSync(join(tmpdir(), 'overseer-mutants-'));
    try {
      for (const name of COPIED) cpSync(join(root, name), join(copy, name), { recursive: true });
      symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
      while (next < items.length) {
        const index = next;
        next += 1;
        results[index] = await act(items[index], copy);
      }
    } finally {
      rmSync(copy, { recursive: true });
    }
  };
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), items.length) }, work));
  return results;
}

async function killed(mutant, copy) {
  const path = join(copy, mutant.file);
  const source = readFileSync(path, 'utf8');
  writeFileSync(
    path,
    source.replace(mutant.find, () => mutant.replace),
  );
  const started = performance.now();
  const kill = await firstKill(mutant, copy);
  writeFileSync(path, source);
  const seconds = ((performance.now() - started) / 1_000).toFixed(0);
  console.log(`${mutant.name}: ${kill === null ? 'SURVIVED' : `${kill.layer}: ${kill.by}`} (${seconds} s)`);
  return kill;
}

async function firstKill(mutant, copy) {
  for (const { name, ask } of layersOf(mutant)) {
    const by = await ask(copy);
    if (by !== null) return { layer: name, by };
  }
  return null;
}

/** The layers of tests that a mutant goes through, in this order. */
function layersOf({ file, tests }) {
  if (tests !== undefined) {
    const name = tests.some((test) => test.startsWith('test/e2e/')) ? 'end to end' : 'unit';
    return [{ name, what: tests.join(' '), ask: (copy) => built(copy, ...tests) }];
  }
  const { layers } = ORDERS.find(({ files }) => files.test(file));
  const asked = options.quick ? layers.slice(0, 2) : layers;
  return asked.map((name) => ({ name, what: name, ask: LAYERS[name] }));
}

/** Builds the programs first if a test runs them. */
async function built(copy, ...tests) {
  const isBuilt =
    tests.every((test) => !test.startsWith('test/e2e/')) ||
    (await run(copy, [join(copy, 'scripts/build.mjs')])).status === 0;
  return isBuilt ? jest(copy, ...tests) : 'it cannot be built';
}

function isPlantable({ file, find }) {
  return readFileSync(join(root, file), 'utf8').split(find).length === 2;
}

/** Null when every test passes, else the first failure. */
async function jest(copy, ...tests) {
  const report = join(copy, 'report.json');
  const jestPath = join(root, 'node_modules/jest/bin/jest.js');
  const flags = [
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    jestPath,
    '--json',
    `--outputFile=${report}`,
  ];
  const { status } = await run(copy, [...flags, ...tests]);
  if (status === 0) return null;
  if (status === null) return 'it does not come to an end';
  const { testResults } = JSON.parse(readFileSync(report, 'utf8'));
  return reasonOf(testResults.filter(({ status: result }) => result === 'failed'));
}

/** Prefers the message of an invariant to a title, and a title to a difference between numbers. */
function reasonOf(files) {
  const assertions = files
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status === 'failed');
  const messages = [
    ...assertions.flatMap(({ failureMessages }) => failureMessages),
    ...files.map(({ message }) => message),
  ].map((text) => stripVTControlCharacters(text).replace(/^\s*●.*\n\s*/, ''));
  const thrown = messages
    .map((text) => /^(?:\w*Error: )?([^\n]+)/.exec(text)?.[1] ?? '')
    .find((text) => !/^$|expect\(|●/.test(text));
  const rule = messages
    .map((text) => /"rule": "([^"]+)"|Received: +"([^"\n]+)"/.exec(text))
    .find((match) => match !== null);
  const other = assertions.find(
    ({ failureMessages }) => !/"(?:steps|states)": \d/.test(failureMessages.join()),
  )?.title;
  const reason =
    thrown?.split(', after ')[0] ??
    rule?.[1] ??
    rule?.[2] ??
    other ??
    'it has another number of configurations and arrows';
  if (reason.startsWith('the host is ')) return 'the host does not do what the chart says';
  return reason
    .replace(/ led to \{.*/, ' changes something')
    .replaceAll(/ in [[{].*|: \{.*|\/\S+/g, '')
    .slice(0, 160);
}

/** Fresh worlds, then those in which something once failed. */
async function simulate(copy) {
  const seeds = ['--seed', '1', '--count', options.quick ? '100' : '600'];
  const { status, stdout, stderr } = await run(copy, [
    join(root, 'scripts/sim.mjs'),
    '--fresh',
    '--brief',
    '--src',
    copy,
    ...seeds,
  ]);
  if (status === 0) return jest(copy, 'test/sim');
  if (status === null) return 'it does not come to an end';
  const [, first] = stdout.split('\n');
  return (
    /^ *\d+ {2}(.+?): [\d ]+$/.exec(first ?? '')?.[1] ??
    stderr.split('\n').find((line) => line.includes('Error')) ??
    'it breaks off'
  );
}

/** Resolves with how a program ended; with null as its status where it had to be killed. */
function run(copy, args) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, {
      cwd: copy,
      env: { ...process.env, SIM_SEED: '1' },
      timeout: LONGEST_MS,
    });
    const said = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr']) child[stream].on('data', (chunk) => (said[stream] += chunk));
    child.on('close', (status) => resolve({ status, ...said }));
  });
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
  return await import(
    `data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`
  );
}
