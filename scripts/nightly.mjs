// `npm run nightly [-- --only NAME,…] [--short]`: what takes too long for each change: many simulated worlds,
// every planted bug, many kills of the daemon, end-to-end tests again and again. Prints what each part says,
// and a table of figures. `--short` takes a hundredth of each, to see whether it works.
import { spawnSync } from 'node:child_process';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values: options } = parseArgs({
  options: {
    only: { type: 'string' },
    short: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const root = fileURLToPath(new URL('..', import.meta.url));
const some = (count) => `${options.short ? Math.ceil(count / 100) : count}`;
/** Other worlds each night, the same ones for a second look: the number is printed. */
const seed = Math.floor(Date.now() / 86_400_000);

/** How often the end-to-end tests are run: a test that fails once in as many runs is shown by name. */
const ROUNDS = Number(some(20));

const script = (name, ...args) => ({ name, run: () => node(`scripts/${name}.mjs`, args) });
const PARTS = [
  { ...script('sim', '--seed', `${seed * 100_000}`, '--count', some(100_000)), name: 'simulation' },
  { ...script('mutants', ...(options.short ? ['--part', '1/100'] : [])), name: 'mutants' },
  { ...script('kill-test', '--points', some(1_000), '--seed', `${seed}`), name: 'kills' },
  {
    ...script('kill-test', '--points', some(500), '--seed', `${seed}`, '--syscalls'),
    name: 'kills at system calls',
  },
  ...['20.19', '22', '24', '26'].map((version) => ({
    name: `Node ${version}`,
    run: () => elsewhere(version),
  })),
  { name: 'end to end, again and again', run: rounds },
  { ...script('soak', '--minutes', options.short ? '1' : '60', '--seed', `${seed}`), name: 'soak' },
];

if (options.help) {
  console.log(
    'npm run nightly [-- --only NAME,…] [--short]: all that takes too long for each change\n\n' +
      `  --only NAME,…  only these parts: ${PARTS.map(({ name }) => name).join(', ')}\n` +
      '  --short        a hundredth of each, to see whether it works',
  );
  process.exit(0);
}
if (node('scripts/build.mjs', []).status !== 0) process.exit(1);
const chosen = PARTS.filter(
  ({ name }) => options.only === undefined || options.only.split(',').includes(name),
);
const figures = chosen.map(({ name, run }) => {
  console.log(`\n== ${name}`);
  const began = performance.now();
  const { status, says } = run();
  const minutes = Number(((performance.now() - began) / 60_000).toFixed(1));
  return { part: name, result: status === 0 ? 'passed' : 'FAILED', minutes, says };
});
const machine = `${availableParallelism()} × ${cpus()[0]?.model ?? 'processor'}`;
const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
console.log(`\nseed ${seed}, Node ${process.version}, ${machine}, ${memory}`);
console.table(figures);
process.exitCode = figures.some(({ result }) => result === 'FAILED') ? 1 : 0;

function node(path, args) {
  return shown(process.execPath, [path, ...args]);
}

/**
 * The layers without daemons of their own, as somebody else has them. That user may not write to this tree,
 * as the planted bugs do.
 */
function elsewhere(version) {
  const layers = options.short ? ['test/unit/text'] : ['test/unit', 'test/charts', 'test/host'];
  const left = ['--testPathIgnorePatterns', '/node_modules/', 'charts/mutants'];
  return shown('.ci/elsewhere', [version, ...layers, ...left]);
}

/** Shows what it prints, and gives its last line that has a figure. */
function shown(program, args) {
  const { status, stdout } = spawnSync(program, args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  process.stdout.write(stdout);
  const lines = stdout
    .trim()
    .split('\n')
    .filter((line) => /\d/.test(line));
  return {
    status,
    says: (lines.find((line) => /^\d+ seeds/.test(line)) ?? lines.at(-1) ?? '').slice(0, 100),
  };
}

/** A test that fails in one round is named with the number of rounds in which it failed. */
function rounds() {
  const failures = new Map();
  let count = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const { stdout } = spawnSync(
      process.execPath,
      [
        '--experimental-vm-modules',
        '--disable-warning=ExperimentalWarning',
        'node_modules/jest/bin/jest.js',
        '--json',
        'test/e2e',
      ],
      { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 30, stdio: ['ignore', 'pipe', 'ignore'] },
    );
    const { testResults, numTotalTests } = JSON.parse(stdout);
    count += numTotalTests;
    for (const { assertionResults, name, message } of testResults) {
      if (assertionResults.length === 0) note(failures, `${name}: ${message.slice(0, 200)}`);
      for (const { status, fullName } of assertionResults) if (status === 'failed') note(failures, fullName);
    }
    console.log(`round ${round + 1} of ${ROUNDS}: ${failures.size} tests have failed so far`);
  }
  for (const [title, times] of failures) console.log(`failed in ${times} of ${ROUNDS} rounds: ${title}`);
  return {
    status: failures.size,
    says: `${count} tests in ${ROUNDS} rounds, ${failures.size} of them failed once or more`,
  };
}

function note(failures, title) {
  failures.set(title, (failures.get(title) ?? 0) + 1);
}
