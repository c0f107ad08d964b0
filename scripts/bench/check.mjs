// `npm run bench -- --check`: counts that are the same on every machine, compared with the committed
// baseline; fails when one has grown by more than a tenth. `--update` writes the baseline anew. Needs Linux
// and strace.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  existsSync,
  fstatSync,
  openSync,
  readFileSync,
  readSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Home, overseer, overseerd } from '../home.mjs';

const BASELINE = fileURLToPath(new URL('baseline.json', import.meta.url));
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const JOBS = 1_000;
const GROWTH = 1.1;
const PATIENCE_MS = 60_000;
const IDLE_S = 10;
const TIMES = 10;

/** After this time a job that was started counts as stable, for which the daemon wakes up. */
const STABLE_MS = 31_000;
/** V8 collects once more, eight seconds after the last collection of a burst. */
const QUIET_MS = 9_000;

/**
 * What also depends on the moment: waiting, threads and V8's memory, and `wait4`, by which libuv asks about
 * every child once or twice when two of them end.
 */
const CHANCE = /^(?:brk|epoll_\w*wait\d?|futex|getpid|madvise|mmap|mprotect|munmap|sched_yield|wait4)\(/;
/** Threads and signals wake the event loop in this way. */
const WAKES = /^(?:read|write)\(\d+, "\\1\\0\\0\\0\\0\\0\\0\\0"/;

/** What is counted, with how much of it comes and goes by itself. */
const COUNTS = {
  idle: { about: `times that the daemon wakes up in ${IDLE_S} s in which nothing happens`, slack: 5 },
  restart: { about: 'system calls of the daemon for a restart, but for those in /proc', slack: 5 },
  trigger: { about: 'system calls of the daemon for a trigger with nothing changed', slack: 5 },
  status: { about: 'bytes of overseer that `overseer status` loads', slack: 0 },
  heap: { about: 'bytes that live in the heap of the daemon', slack: 0 },
};

/** Compares with the baseline and prints a table; returns the exit code. */
export async function check({ isUpdate }) {
  const now = await measure();
  if (isUpdate) writeFileSync(BASELINE, `${JSON.stringify({ jobs: JOBS, ...now }, null, 2)}\n`);
  const before = JSON.parse(readFileSync(BASELINE, 'utf8'));
  const grown = Object.keys(COUNTS).filter((name) => now[name] > before[name] * GROWTH + COUNTS[name].slack);
  for (const [name, { about }] of Object.entries(COUNTS)) {
    const [was, is] = [before[name], now[name]].map((value) => value.toLocaleString('en').padStart(12));
    console.log(`${was} ${is}  ${grown.includes(name) ? 'GROWN ' : ''}${about}`);
  }
  if (grown.length === 0) return 0;
  console.error(
    `bench: ${grown.join(', ')} grew by more than a tenth. Find out why; if it has to be, say so in the ` +
      'commit and run `npm run bench -- --check --update`.',
  );
  return 1;
}

async function measure() {
  const home = new Home('bench');
  const job = (index) => `[[jobs]]\nname = "job${index}"\njob_command = "sleep 100000"\nstart_seconds = 0\n`;
  home.writeJobs(Array.from({ length: JOBS }, (_, index) => job(index)).join('\n'));
  // A heap snapshot holds what lives after a collection.
  const daemon = spawn(process.execPath, ['--heapsnapshot-signal=SIGUSR2', overseerd], {
    env: home.env,
    cwd: home.dir,
    stdio: 'ignore',
  });
  try {
    await until(() => existsSync(home.socket), 'the daemon');
    await succeed(home, []);
    const stable = performance.now() + STABLE_MS;
    const status = bytesLoaded(home);
    await pause(Math.max(0, stable - performance.now()));
    await quiet(daemon.pid);
    const idle = wakeUpsIn(await tracedDuring(daemon.pid, () => pause(IDLE_S * 1000)));
    const trigger = callsIn(await tracedDuring(daemon.pid, () => repeat(() => succeed(home, []))));
    const { stdout } = await home.run(['status', '--json']);
    const killed = JSON.parse(stdout).jobs.slice(0, TIMES);
    const restart = callsIn(
      await tracedDuring(daemon.pid, () => repeat((time) => restarted(home, killed[time]))),
    );
    // Last, since the daemon is busy with it for seconds.
    const heap = await heapOf(daemon.pid, home.dir);
    return { idle, restart: round(restart / TIMES), trigger: round(trigger / TIMES), status, heap };
  } finally {
    home.die();
    daemon.kill('SIGKILL');
    home.remove();
  }
}

const round = (value) => Math.round(value);

async function repeat(act) {
  for (let time = 0; time < TIMES; time += 1) await act(time);
}

async function succeed(home, args) {
  const { code, stderr } = await home.run(args);
  if (code !== 0) throw new Error(`overseer ${args.join(' ')} ended with ${code}: ${stderr}`);
}

/** Kills a job, and waits until it runs again. */
async function restarted(home, { name, pid }) {
  process.kill(pid, 'SIGKILL');
  const log = () => readFileSync(join(home.data, 'overseerd.log'), 'utf8');
  await until(() => log().split(`${name} running`).length === 3, `the restart of ${name}`);
}

/** Resolves when nothing has woken the process for a while. */
async function quiet(pid) {
  const end = performance.now() + PATIENCE_MS;
  for (let before = ''; ;) {
    const now = readFileSync(`/proc/${pid}/status`, 'utf8').match(/^voluntary_ctxt_switches.*$/m)[0];
    if (now === before) return;
    if (performance.now() > end) return;
    before = now;
    await pause(QUIET_MS);
  }
}

/** The system calls that the main thread of a process makes meanwhile, a line each. */
async function tracedDuring(pid, act) {
  const strace = spawn('strace', ['-qq', '-p', String(pid)], { stdio: ['ignore', 'ignore', 'pipe'] });
  let text = '';
  strace.stderr.on('data', (chunk) => (text += chunk.toString('latin1')));
  await until(() => isTraced(pid) || text !== '', 'strace');
  try {
    await act();
  } finally {
    strace.kill('SIGINT');
    await once(strace, 'close');
  }
  return text;
}

const wakeUpsIn = (text) => text.match(/^epoll_/gm)?.length ?? 0;

/** Their number, without those that read in /proc: these depend on how many processes there are. */
function callsIn(text) {
  const inProc = new Set();
  return text
    .trimEnd()
    .split('\n')
    .filter((line) => {
      const { fd } = /^\w+\((?<fd>\d+)/.exec(line)?.groups ?? {};
      const opened = /^open(?:at)?\(.*\) = (?<fd>\d+)$/.exec(line)?.groups?.fd;
      const isInProc = line.includes('"/proc') || inProc.has(fd);
      if (opened !== undefined && isInProc) inProc.add(opened);
      if (line.startsWith('close(')) inProc.delete(fd);
      return line !== '' && !isInProc && !CHANCE.test(line) && !WAKES.test(line);
    }).length;
}

const isTraced = (pid) => !/^TracerPid:\t0$/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));

/** The sizes of the files of this repository that a command opens. */
function bytesLoaded(home) {
  const { stderr, status } = spawnSync(
    'strace',
    ['-f', '-qq', '-e', 'trace=open,openat', process.execPath, overseer, 'status'],
    { env: home.env, encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'], maxBuffer: 2 ** 26 },
  );
  if (status !== 0) throw new Error(`overseer status ended with ${status}`);
  const opened = [...stderr.matchAll(/"(?<path>[^"]+)".*\) = \d+$/gm)].map(({ groups }) => groups.path);
  const ours = new Set(opened.filter((path) => path.startsWith(ROOT) && statSync(path).isFile()));
  return [...ours].reduce((sum, path) => sum + statSync(path).size, 0);
}

async function heapOf(pid, folder) {
  process.kill(pid, 'SIGUSR2');
  const found = () => readdirSync(folder).find((name) => name.endsWith('.heapsnapshot'));
  await until(() => found() !== undefined, 'a heap snapshot');
  const path = join(folder, found());
  // The file is whole when it ends as JSON does.
  await until(() => endOf(path).trimEnd().endsWith('}'), 'the whole heap snapshot');
  const { snapshot, nodes } = JSON.parse(readFileSync(path, 'utf8'));
  rmSync(path);
  const { node_fields: fields } = snapshot.meta;
  const size = fields.indexOf('self_size');
  let bytes = 0;
  for (let at = size; at < nodes.length; at += fields.length) bytes += nodes[at];
  return bytes;
}

/** Its last bytes. To read all of it again and again would keep the daemon from writing it. */
function endOf(path) {
  const file = openSync(path, 'r');
  try {
    const end = Buffer.alloc(16);
    const from = Math.max(0, fstatSync(file).size - end.length);
    return end.toString('latin1', 0, readSync(file, end, 0, end.length, from));
  } finally {
    closeSync(file);
  }
}

async function until(holds, what) {
  for (const end = performance.now() + PATIENCE_MS; !holds(); await pause(20))
    if (performance.now() > end) throw new Error(`bench: waited in vain for ${what}`);
}
