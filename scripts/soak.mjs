// `npm run soak -- [--minutes 10] [--jobs 200] [--seed N]`: one daemon for a long time with jobs that crash,
// print and fork, and with random triggers, stops and restarts. Samples everything that may leak or grow,
// then compares the last third of the run with the middle third.
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Home, overseerd, statOf } from './home.mjs';
import { randomFrom } from './random.mjs';
import { timerProbe } from './timer-probe.mjs';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    jobs: { type: 'string', default: '200' },
    seed: { type: 'string' },
  },
});
const minutes = Number(values.minutes);
const jobs = Number(values.jobs);
const seed = Number(values.seed ?? Math.floor(Math.random() * 1e6));

/** The number of samples does not depend on the length, so that the thirds are equally dense. */
const SAMPLES = 60;
/** How much more a third may have than the one before: memory fluctuates. */
const SLACK = { 'RSS MiB': 1.15, descriptors: 1.2, 'journal KiB': 1.2, 'logs MiB': 1.3, 'timer late ms': 3 };
/** Values that grow to a bound again and again are judged by their maximum, all others by their median. */
const BOUNDED = new Set(['journal KiB']);

const home = new Home('soak');
const { data } = home;
const random = randomFrom(seed);
const pick = (list) => list[Math.floor(random() * list.length)];

/** The scripts of the jobs; most do nothing, as usual. */
const SCRIPTS = [
  ['sleep 100000'],
  ['sleep 100000'],
  ['sleep 0.5; exit 1', 'backoff = { min = 1, max = 5 }'],
  ['sleep 5; exit 0', 'backoff = { min = 1, max = 5 }'],
  ['sleep 100000 & sleep 3; exit 3', 'backoff = { min = 2, max = 5 }'],
  [
    'n=0; while :; do n=$((n + 1)); echo "line $n of what this job has to say about itself"; ' +
      'sleep 0.05; done',
  ],
  ['sleep 100000', 'test_interval = 5\ntest_command = "true"'],
  ['sleep 2; exit 0', 'schedule = "every 10s"'],
];

function writeConfig(version) {
  const job = (_, index) => {
    const [script, more = ''] = SCRIPTS[index % SCRIPTS.length];
    return (
      `[[jobs]]\nname = "job${index}"\nstart_seconds = 0.2\nlog = { max_size = "20KB", keep = 2 ` +
      `}\n${more}\nenv = { VERSION = "${index % 20 === version % 20 ? version : 0}" }\njob_command ` +
      `= { exe = "sh", args = ["-c", ${JSON.stringify(script)}] }\n`
    );
  };
  home.writeJobs(Array.from({ length: jobs }, job).join('\n'));
}

const run = (...args) => home.run(args);

/** Commands of a user and of strangers, one after the other. */
let done = 0;
const DEEDS = [
  () => run(),
  () => run('restart', `job${Math.floor(random() * jobs)}`),
  () => run('stop', `job${Math.floor(random() * jobs)}`),
  () => run('start', '--all'),
  () => run('status'),
  () => run('why', `job${Math.floor(random() * jobs)}`),
  () => {
    writeConfig(done);
    return run();
  },
  async () => {
    const { port } = JSON.parse(readFileSync(home.socket, 'utf8'));
    const strangers = Array.from({ length: 20 }, () =>
      connect(port, '127.0.0.1').on('error', () => undefined),
    );
    await pause(100);
    for (const stranger of strangers) stranger.destroy();
  },
];

const probe = timerProbe(home.dir, overseerd);

/** Files and folders may come and go meanwhile. */
function sizeBelow(path) {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isDirectory() !== true) return found?.size ?? 0;
  return namesIn(path).reduce((sum, name) => sum + sizeBelow(join(path, name)), 0);
}

function namesIn(folder) {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (error.code === 'ENOENT') return [];
    throw error;
  }
}

function sample(pid, minute) {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1');
  const times = statOf(pid);
  return {
    minute,
    'RSS MiB': Number(/VmRSS:\s+(\d+)/.exec(status)[1]) / 1024,
    descriptors: readdirSync(`/proc/${pid}/fd`).length,
    'journal KiB': statSync(join(data, 'state.journal')).size / 1024,
    'logs MiB': sizeBelow(join(data, 'logs')) / 1024 / 1024,
    'timer late ms': probe.worst(Date.now() - 1_000, Date.now()),
    'CPU s': (Number(times[11]) + Number(times[12])) / 100,
    processes: home.processes().length,
  };
}

const median = (numbers) => numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)];

/** Prints one line for each tenth of the run, then the verdict. */
function tell(samples) {
  const columns = Object.keys(samples[0]);
  const cell = (value, column) =>
    value.toFixed(column === 'descriptors' || column === 'processes' ? 0 : 1).padStart(column.length + 2);
  console.log(columns.map((column) => column.padStart(column.length + 2)).join(''));
  for (const one of samples.filter(
    (_, index) => index % Math.ceil(samples.length / 10) === 0 || index === samples.length - 1,
  ))
    console.log(columns.map((column) => cell(one[column], column)).join(''));
  const third = Math.floor(samples.length / 3);
  const grown = Object.entries(SLACK).flatMap(([column, slack]) => {
    const typical = BOUNDED.has(column) ? (numbers) => Math.max(...numbers) : median;
    const [middle, last] = [samples.slice(third, 2 * third), samples.slice(-third)].map((part) =>
      typical(part.map((one) => one[column])),
    );
    const isFlat = last <= middle * slack + 1;
    console.log(
      `${column}: middle third ${middle.toFixed(1)}, last third ${last.toFixed(1)}: ` +
        `${isFlat ? 'flat' : 'GROWS'}`,
    );
    return isFlat ? [] : [column];
  });
  console.log(grown.length === 0 ? 'flat' : `not flat: ${grown.join(', ')}`);
  return grown.length === 0;
}

try {
  writeConfig(0);
  const daemon = await home.serve({ NODE_OPTIONS: probe.options });
  await run();
  console.log(
    `soak: ${minutes} minutes, ${jobs} jobs, seed ${seed}, ${availableParallelism()} cores, load ` +
      `${loadavg()[0].toFixed(1)}`,
  );
  const begin = performance.now();
  const samples = [];
  let isOver = false;
  const user = (async () => {
    for (; !isOver; done += 1) {
      await pick(DEEDS)();
      await pause(random() * 2_000);
    }
  })();
  for (
    let count = 1;
    count <= SAMPLES && daemon.exitCode === null && daemon.signalCode === null;
    count += 1
  ) {
    await pause(Math.max(0, begin + (count * minutes * 60_000) / SAMPLES - performance.now()));
    samples.push(sample(daemon.pid, (performance.now() - begin) / 60_000));
  }
  isOver = true;
  await user;
  const isAlive = daemon.exitCode === null && daemon.signalCode === null;
  if (!isAlive)
    console.log(`the daemon ended: ${readFileSync(join(data, 'overseerd.log'), 'utf8').slice(-2_000)}`);
  const steps = readFileSync(join(data, 'overseerd.log'), 'utf8').match(/ Spawned /g)?.length ?? 0;
  console.log(
    `${done} commands, about ${steps} launches (in the newest part of the log), load ` +
      `${loadavg()[0].toFixed(1)} at the end`,
  );
  process.exitCode = tell(samples) && isAlive ? 0 : 1;
  await run('die');
  await pause(1_000);
  const left = home.processes().map(({ pid }) => pid);
  console.log(left.length === 0 ? 'nothing is left after `die`' : `left after \`die\`: ${left.join()}`);
  if (left.length > 0) process.exitCode = 1;
} finally {
  home.dispose();
}
