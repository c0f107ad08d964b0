// `npm run soak -- [--minutes 10] [--jobs 200] [--seed N]`: one daemon for a long time with jobs that crash, print and fork, and triggers,
// stops and restarts at random. Samples what may leak or grow; then says whether the last third of the run is like the middle third.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { timerProbe } from './timer-probe.mjs';
import { randomFrom } from './random.mjs';

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '10' }, jobs: { type: 'string', default: '200' }, seed: { type: 'string' } },
});
const minutes = Number(values.minutes);
const jobs = Number(values.jobs);
const seed = Number(values.seed ?? Math.floor(Math.random() * 1e6));

/** So many samples whatever the length, so that the thirds are always as dense. */
const SAMPLES = 60;
/** How much more a third may have than the one before it: memory breathes, and a journal grows to four times what it says. */
const SLACK = { 'RSS MiB': 1.15, descriptors: 1.2, 'journal KiB': 1.5, 'logs MiB': 1.3, 'timer late ms': 3 };

const overseer = fileURLToPath(new URL('../bin/overseer', import.meta.url));
const overseerd = fileURLToPath(new URL('../bin/overseerd', import.meta.url));
const home = mkdtempSync(join(tmpdir(), 'overseer-soak-'));
const config = join(home, 'config', 'overseer');
const data = join(home, 'data', 'overseer');
const env = { PATH: process.env.PATH, HOME: home, XDG_CONFIG_HOME: join(home, 'config'), XDG_DATA_HOME: join(home, 'data') };
mkdirSync(config, { recursive: true });

const random = randomFrom(seed);
const pick = (list) => list[Math.floor(random() * list.length)];

/** What jobs do; most of them nothing, as in life. */
const SCRIPTS = [
  ['sleep 100000'],
  ['sleep 100000'],
  ['sleep 0.5; exit 1', 'backoff = { min = 1, max = 5 }'],
  ['sleep 5; exit 0', 'backoff = { min = 1, max = 5 }'],
  ['sleep 100000 & sleep 3; exit 3', 'backoff = { min = 2, max = 5 }'],
  ['n=0; while :; do n=$((n + 1)); echo "line $n of what this job has to say about itself"; sleep 0.05; done'],
  ['sleep 100000', 'test_interval = 5\ntest_command = "true"'],
  ['sleep 2; exit 0', 'schedule = "every 10s"'],
];

function writeConfig(version) {
  const job = (_, index) => {
    const [script, more = ''] = SCRIPTS[index % SCRIPTS.length];
    return `[[jobs]]\nname = "job${index}"\nstart_seconds = 0.2\nlog = { max_size = "20KB", keep = 2 }\n${more}\nenv = { VERSION = "${index % 20 === version % 20 ? version : 0}" }\njob_command = { exe = "sh", args = ["-c", ${JSON.stringify(script)}] }\n`;
  };
  writeFileSync(join(config, 'jobs.toml'), Array.from({ length: jobs }, job).join('\n'));
}

function run(...args) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [overseer, ...args], { env, stdio: 'ignore' });
    child.on('close', resolve);
  });
}

/** What a user and strangers do, one thing after the other. */
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
    const { port } = JSON.parse(readFileSync(join(data, 'socket'), 'utf8'));
    const strangers = Array.from({ length: 20 }, () => connect(port, '127.0.0.1').on('error', () => undefined));
    await pause(100);
    for (const stranger of strangers) stranger.destroy();
  },
];

const probe = timerProbe(home, overseerd);

function sizeBelow(folder) {
  return readdirSync(folder, { recursive: true }).reduce(
    (sum, name) => sum + (statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
}

function processesOfHome() {
  return readdirSync('/proc').filter((name) => {
    try {
      return /^\d+$/.test(name) && readFileSync(`/proc/${name}/environ`, 'latin1').includes(`HOME=${home}\0`);
    } catch {
      // It ended while it was looked at.
      return false;
    }
  });
}

function sample(pid, minute) {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1');
  const times = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1].split(' ');
  return {
    minute,
    'RSS MiB': Number(/VmRSS:\s+(\d+)/.exec(status)[1]) / 1024,
    descriptors: readdirSync(`/proc/${pid}/fd`).length,
    'journal KiB': statSync(join(data, 'state.journal')).size / 1024,
    'logs MiB': sizeBelow(join(data, 'logs')) / 1024 / 1024,
    'timer late ms': probe.worst(Date.now() - 1_000, Date.now()),
    'CPU s': (Number(times[11]) + Number(times[12])) / 100,
    processes: processesOfHome().length,
  };
}

const median = (numbers) => numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)];

/** One line a tenth of the run, then the verdict. */
function tell(samples) {
  const columns = Object.keys(samples[0]);
  const cell = (value, column) => value.toFixed(column === 'descriptors' || column === 'processes' ? 0 : 1).padStart(column.length + 2);
  console.log(columns.map((column) => column.padStart(column.length + 2)).join(''));
  for (const one of samples.filter((_, index) => index % Math.ceil(samples.length / 10) === 0 || index === samples.length - 1))
    console.log(columns.map((column) => cell(one[column], column)).join(''));
  const third = Math.floor(samples.length / 3);
  const grown = Object.entries(SLACK).flatMap(([column, slack]) => {
    const [middle, last] = [samples.slice(third, 2 * third), samples.slice(-third)].map((part) => median(part.map((one) => one[column])));
    const isFlat = last <= middle * slack + 1;
    console.log(`${column}: middle third ${middle.toFixed(1)}, last third ${last.toFixed(1)}: ${isFlat ? 'flat' : 'GROWS'}`);
    return isFlat ? [] : [column];
  });
  console.log(grown.length === 0 ? 'flat' : `not flat: ${grown.join(', ')}`);
  return grown.length === 0;
}

try {
  writeConfig(0);
  const daemon = spawn(process.execPath, [overseerd], { env: { ...env, NODE_OPTIONS: probe.options }, stdio: 'ignore' });
  await pause(2_000);
  await run();
  console.log(`soak: ${minutes} minutes, ${jobs} jobs, seed ${seed}, ${availableParallelism()} cores, load ${loadavg()[0].toFixed(1)}`);
  const begin = performance.now();
  const samples = [];
  let isOver = false;
  const user = (async () => {
    for (; !isOver; done += 1) {
      await pick(DEEDS)();
      await pause(random() * 2_000);
    }
  })();
  for (let count = 1; count <= SAMPLES && daemon.exitCode === null && daemon.signalCode === null; count += 1) {
    await pause(Math.max(0, begin + (count * minutes * 60_000) / SAMPLES - performance.now()));
    samples.push(sample(daemon.pid, (performance.now() - begin) / 60_000));
  }
  isOver = true;
  await user;
  const isAlive = daemon.exitCode === null && daemon.signalCode === null;
  if (!isAlive) console.log(`the daemon ended: ${readFileSync(join(data, 'overseerd.log'), 'utf8').slice(-2_000)}`);
  const steps = readFileSync(join(data, 'overseerd.log'), 'utf8').match(/ Spawned /g)?.length ?? 0;
  console.log(`${done} commands, about ${steps} launches (in the newest part of the log), load ${loadavg()[0].toFixed(1)} at the end`);
  process.exitCode = tell(samples) && isAlive ? 0 : 1;
  await run('die');
  await pause(1_000);
  const left = processesOfHome();
  console.log(left.length === 0 ? 'nothing is left after `die`' : `left after \`die\`: ${left.join()}`);
  if (left.length > 0) process.exitCode = 1;
} finally {
  spawnSync(process.execPath, [overseer, 'die'], { env });
  rmSync(home, { recursive: true, force: true });
}
