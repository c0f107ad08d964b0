// `npm run nightly [-- --only NAME,…] [--short] [--write]`: what takes too long for each change: many worlds,
// every planted bug, many kills of the daemon, end-to-end tests again and again. Prints what each part says,
// and a table of figures, which `--write` puts into docs/evidence/nightly.md. `--short` takes a hundredth of
// each, to see whether it works.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { writeRows } from './page-rows.mjs';

const { values: options } = parseArgs({
  options: {
    only: { type: 'string' },
    seed: { type: 'string' },
    short: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const root = fileURLToPath(new URL('..', import.meta.url));
const some = (count) => `${options.short ? Math.ceil(count / 100) : count}`;
/** Other worlds each night, the same ones for a second look: the number is printed. */
const seed = Number(options.seed ?? Math.floor(Date.now() / 86_400_000));

/** How often the end-to-end tests are run: a test that fails once in as many runs is shown by name. */
const ROUNDS = Number(some(20));

/** The line of a part that sums it up: of the simulation, of the planted bugs, and of jest. */
const SUM = /^\d+ seeds from|^\d+ planted bugs|^Tests:/;

const script = (name, ...args) => ({ name, run: () => node(`scripts/${name}.mjs`, args) });
const PARTS = [
  // Half of its worlds are made from those that took rare steps; the next part has none of those.
  { ...script('sim', '--seed', `${seed * 100_000}`, '--count', some(100_000)), name: 'simulation' },
  {
    ...script('sim', '--fresh', '--seed', `${seed * 100_000 + 1_000_000_000}`, '--count', some(100_000)),
    name: 'fresh seeds',
  },
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
  { name: 'end to end', run: rounds },
  { ...script('soak', '--minutes', options.short ? '1' : '60', '--seed', `${seed}`), name: 'soak' },
];

if (options.help) {
  console.log(
    'npm run nightly [-- --only NAME,…] [--short] [--write]: all that takes too long for each change\n\n' +
      `  --only NAME,…  only these parts: ${PARTS.map(({ name }) => name).join(', ')}\n` +
      '  --seed N       other worlds and other kills; otherwise the number of the day\n' +
      '  --short        a hundredth of each, to see whether it works\n' +
      '  --write        the figures into docs/evidence/nightly.md',
  );
  process.exit(0);
}
if (options.write && options.short) {
  console.error('nightly: --write is for whole parts, so leave out --short');
  process.exit(64);
}
const names = options.only?.split(',') ?? PARTS.map(({ name }) => name);
const chosen = PARTS.filter(({ name }) => names.includes(name));
if (chosen.length < names.length) {
  const known = PARTS.map(({ name }) => name).join(', ');
  console.error(`nightly: --only ${options.only}: the parts are ${known}`);
  process.exit(64);
}
const commit = spawnSync('git', ['rev-parse', '--short=8', 'HEAD'], {
  cwd: root,
  encoding: 'utf8',
}).stdout.trim();
if ((await node('scripts/build.mjs', [])).status !== 0) process.exit(1);
const figures = [];
for (const { name, run } of chosen) {
  console.log(`\n== ${name}`);
  const began = performance.now();
  const { status, says } = await run();
  const minutes = Number(((performance.now() - began) / 60_000).toFixed(1));
  figures.push({ part: name, result: status === 0 ? 'passed' : 'FAILED', minutes, says });
}
const machine = `${availableParallelism()} × ${cpus()[0]?.model ?? 'processor'}`;
const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
console.log(`\nseed ${seed}, Node ${process.version}, ${machine}, ${memory}`);
console.table(figures);
if (options.write) write();
process.exitCode = figures.some(({ result }) => result === 'FAILED') ? 1 : 0;

/** Each part has one row, in the order in which they run; those of parts that did not run stay. */
function write() {
  const order = PARTS.map(({ name }) => name);
  const date = new Date().toISOString().slice(0, 10);
  writeRows(`${root}docs/evidence/nightly.md`, {
    begin: '<!-- figures: written by `npm run nightly -- --write` -->',
    end: '<!-- end of figures -->',
    head: ['part', 'result', 'minutes', 'its last words', 'date', 'commit'],
    rows: figures.map(({ part, result, minutes, says }) => [
      part,
      result,
      minutes,
      says.replaceAll('|', '\\|'),
      date,
      `\`${commit}\``,
    ]),
    sorted: (a, b) => order.indexOf(a) - order.indexOf(b),
  });
}

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

/** Shows what it prints, and gives its sum, or else its last line that has a figure. */
async function shown(program, args) {
  const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { stdout: '', stderr: '' };
  for (const name of Object.keys(said)) {
    child[name].setEncoding('utf8').on('data', (text) => {
      process[name].write(text);
      said[name] += text;
    });
  }
  const [status] = await once(child, 'close');
  const lines = `${said.stderr}\n${said.stdout}`.split('\n').filter((line) => /\d/.test(line));
  return {
    status,
    says: (lines.find((line) => SUM.test(line)) ?? lines.at(-1) ?? '').slice(0, 160),
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
