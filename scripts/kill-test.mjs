// `npm run test:kill -- --points 1000 [--seed N] [--syscalls]`: SIGKILLs the daemon at random instants, or at
// the Nth system call of a kind, while it launches, stops, restarts, removes, rotates, rewrites its journal
// and ends. Then a new daemon is started, and the audit counts duplicate processes, unintended restarts and
// lost lines of logs.
import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Home, kill, overseerd, statOf } from './home.mjs';
import { randomFrom } from './random.mjs';

const { values } = parseArgs({
  options: {
    points: { type: 'string', default: '50' },
    seed: { type: 'string' },
    syscalls: { type: 'boolean', default: false },
  },
});
const points = Number(values.points);
const seed = Number(values.seed ?? Math.floor(Math.random() * 1e6));
console.log(`kill test: ${points} points, seed ${seed}`);

const fixture = fileURLToPath(new URL('../test/fixtures/only-one', import.meta.url));
const home = new Home('kill');
const { data, env } = home;
const locks = join(home.dir, 'locks');
mkdirSync(locks);

/**
 * The system calls that launch, keep, tell and stop, each with about how many of them one operation takes;
 * which one kills is drawn for each point.
 */
const SYSCALLS = Object.entries({
  write: 40,
  clone: 3,
  openat: 60,
  close: 40,
  read: 40,
  fsync: 2,
  fdatasync: 3,
  rename: 4,
  copy_file_range: 2,
  ftruncate: 2,
  kill: 6,
  epoll_pwait: 40,
  socketpair: 3,
  shutdown: 4,
  accept4: 2,
  statx: 40,
  unlink: 2,
});

/**
 * System calls of Node's threads, which no child of the daemon makes. For these, threads are traced too, and
 * so are children.
 */
const THREADS_CALL = new Set(['fsync', 'fdatasync', 'copy_file_range']);

/** The tracer that waits for the system call at which the daemon dies. */
let tracer = null;

const random = randomFrom(seed);
const pick = (list) => list[Math.floor(random() * list.length)];
const byCode = (one, other) => (one < other ? -1 : 1);

/** Each prints a hundred lines a second, and a thousand points would add more and more jobs. */
const MOST_JOBS = 12;

/** The number of older logs kept of each job. */
const KEEP = 1000;

/** The config: a version for each job, by which its command differs. */
const jobs = new Map(['a', 'b', 'c', 'd', 'e'].map((name) => [name, 1]));
const byHand = new Set();
let nextName = 1;

/** Every second job has a shell beside it. */
const staysBeside = (name) => name.charCodeAt(name.length - 1) % 2 === 0;

function writeConfig() {
  const job = ([name, version]) =>
    `[[jobs]]\nname = "${name}"\nstart_seconds = 0\nrestart = ` +
    `"${staysBeside(name) ? 'on-failure' : 'always'}"\nlog = { max_size = 2000, keep = ${KEEP} ` +
    `}\nenv = { VERSION = "${version}" }\njob_command = { exe = "${fixture}", args = ["${locks}"] }\n`;
  home.writeJobs([...jobs].map(job).join('\n'));
}

const run = (...args) => home.run(args);

const daemonPid = () => (existsSync(home.socket) ? JSON.parse(readFileSync(home.socket, 'utf8')).pid : null);

/** The leader of the session that a process is in; null when there is no such process. */
const sessionOf = (pid) => (existsSync(`/proc/${pid}`) ? Number(statOf(pid)[3]) : null);

/** Every living copy of a job: the leaders of its sessions. */
function copies() {
  const found = new Map();
  for (const { environment, stat } of home.processes()) {
    const job = /(?:^|\0)OVERSEER_JOB=([^\0]*)/.exec(environment)?.[1];
    // The shell that leads a session may not carry the job's environment; its program does.
    if (job !== undefined) found.set(job, [...new Set([...(found.get(job) ?? []), Number(stat[3])])]);
  }
  return found;
}

const problems = [];
const complain = (point, text) => {
  problems.push(`point ${point}: ${text}`);
  console.log(`  point ${point}: ${text}`);
};

/** The user's operations during which the daemon is killed; each returns the jobs that it affects. */
const operations = {
  launch: () => {
    if (jobs.size >= MOST_JOBS) return operations.remove();
    const name = `n${nextName}`;
    nextName += 1;
    jobs.set(name, 1);
    writeConfig();
    return { args: ['apply'], meant: [name] };
  },
  change: () => {
    const name = pick([...jobs.keys()]);
    jobs.set(name, jobs.get(name) + 1);
    writeConfig();
    return { args: ['apply'], meant: [name] };
  },
  remove: () => {
    const removable = [...jobs.keys()].filter((name) => name.startsWith('n'));
    if (removable.length === 0) return operations.launch();
    const name = pick(removable);
    jobs.delete(name);
    byHand.delete(name);
    writeConfig();
    return { args: ['apply'], meant: [name] };
  },
  stop: () => {
    const name = pick([...jobs.keys()]);
    return { args: ['stop', name], meant: [name], acknowledged: () => byHand.add(name), unsure: name };
  },
  start: () => {
    const name = pick([...jobs.keys()]);
    return { args: ['start', name], meant: [name], acknowledged: () => byHand.delete(name), unsure: name };
  },
  restart: () => {
    const name = pick([...jobs.keys()]);
    return { args: ['restart', name], meant: [name], acknowledged: () => byHand.delete(name), unsure: name };
  },
  leave: () => ({ args: ['die', '--keep-jobs'], meant: [] }),
  nothing: () => ({ args: ['apply'], meant: [] }),
  // Long enough for the sizes of the logs to be polled.
  rotate: () => ({ args: ['status'], meant: [], lingerMs: 700 }),
};

/** Repeats the records of a dead daemon's journal until the next change will rewrite the journal. */
function lengthenJournal() {
  const journal = join(data, 'state.journal');
  const [, ...lines] = readFileSync(journal, 'utf8').split(/(?<=\n)/);
  const said = lines.join('');
  for (let length = said.length; length < 4 * 64 * 1024; length += said.length) appendFileSync(journal, said);
}

/** Starts a daemon that is killed at one of its system calls, an early or a later one. */
async function daemonWithFuse() {
  const [call, most] = pick(SYSCALLS);
  const when = 1 + Math.floor(random() ** 2 * most);
  const follow = THREADS_CALL.has(call) ? ['-f'] : [];
  const trace = [
    ...follow,
    '-qq',
    '-o',
    '/dev/null',
    '-e',
    `trace=${call}`,
    '-e',
    `inject=${call}:signal=SIGKILL:when=${when}`,
  ];
  if (random() < 0.3) {
    tracer = spawn('strace', [...trace, process.execPath, overseerd], {
      env,
      stdio: 'ignore',
      detached: true,
    });
    await until(
      () => daemonPid() !== null || tracer.exitCode !== null || tracer.signalCode !== null,
      'a daemon or its end',
    );
    return `${call} ${when} from its start`;
  }
  const daemon = spawn(process.execPath, [overseerd], { env, stdio: 'ignore', detached: true });
  daemon.unref();
  await until(() => daemonPid() === daemon.pid, 'a daemon');
  tracer = spawn('strace', [...trace, '-p', String(daemon.pid)], { stdio: 'ignore', detached: true });
  tracer.unref();
  await until(() => !isAlive(daemon.pid) || isTraced(daemon.pid), 'strace');
  return `${call} ${when}`;
}

async function until(isSo, what) {
  for (const end = performance.now() + 20_000; !isSo(); await pause(5))
    if (performance.now() > end) throw new Error(`waited in vain for ${what}`);
}

const statusOf = (pid) => (existsSync(`/proc/${pid}`) ? readFileSync(`/proc/${pid}/status`, 'latin1') : '');
const isAlive = (pid) => /^State:\s+[^ZX]/m.test(statusOf(pid));
const isTraced = (pid) => /^TracerPid:\s+[1-9]/m.test(statusOf(pid));

async function killSoon(pid) {
  await pause(random() * 300);
  kill(pid);
}

/** Every process of this home, with its state, its parent and who traces it. */
const livesHere = () =>
  home
    .processes()
    .map(({ pid, stat, commandLine }) => {
      const tracedBy = /^TracerPid:\s+(\d+)/m.exec(statusOf(pid))?.[1];
      return (
        `${pid} ${stat[0]} of ${stat[1]}, traced by ${tracedBy}: ` +
        `${commandLine.replaceAll('\0', ' ').slice(0, 100)}`
      );
    })
    .join('\n');

async function recover(point) {
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const { code, stdout, stderr } = await run('apply', '--json');
    if (code === 0) return JSON.parse(stdout);
    if (attempt === 2)
      complain(point, `the next trigger ended with ${code}: ${stdout} ${stderr}\n${livesHere()}`);
    await pause(200);
  }
  return null;
}

async function audit(point, before, meant) {
  const { jobs: statuses } = JSON.parse((await run('status', '--json')).stdout);
  const alive = copies();
  for (const { name, state, pid } of statuses) {
    const expected = byHand.has(name) ? [] : [sessionOf(pid)];
    const found = alive.get(name) ?? [];
    if (pid !== null && (sessionOf(pid) !== pid) !== staysBeside(name))
      complain(point, `${name}: ${pid} is not its program`);
    if (state !== (byHand.has(name) ? 'stopped' : 'running'))
      complain(point, `${name} is ${state}${byHand.has(name) ? ', but was stopped by hand' : ''}`);
    if (JSON.stringify(found) !== JSON.stringify(expected))
      complain(point, `${name}: expected ${expected.join()}, found ${found.join()}`);
    if (!meant.includes(name) && before.has(name) && before.get(name) !== pid)
      complain(point, `${name} was not meant, but went from ${before.get(name)} to ${pid}`);
  }
  const known = new Set(statuses.map(({ name }) => name));
  for (const name of alive.keys()) if (!known.has(name)) complain(point, `${name} is not known, but lives`);
  if (JSON.stringify([...known].toSorted(byCode)) !== JSON.stringify([...jobs.keys()].toSorted(byCode)))
    complain(point, `known are ${[...known].join()}, but the config names ${[...jobs.keys()].join()}`);
  return new Map(statuses.map(({ name, pid }) => [name, pid]));
}

/** Each life of a job numbers its lines: a number that is missing was lost. */
function lostLines() {
  let lost = 0;
  let lines = 0;
  const logs = readdirSync(join(data, 'logs')).filter((name) => /\.log(\.\d+)?$/.test(name));
  for (const log of new Set(logs.map((name) => name.replace(/\.log.*$/, '')))) {
    const parts = logs.filter((name) => name.startsWith(`${log}.log`));
    const ordered = parts.toSorted(
      (x, y) => Number(y.slice(log.length + 5) || 0) - Number(x.slice(log.length + 5) || 0),
    );
    // Joined, since a daemon killed during a rotation may split a line between two parts.
    const text = Buffer.concat(ordered.map((part) => readFileSync(join(data, 'logs', part)))).toString(
      'latin1',
    );
    const last = new Map();
    for (const [, pid, number] of text.matchAll(/^(\d+) line (\d+)$/gm)) {
      lines += 1;
      // If the oldest parts were dropped, the beginning of a run is unknown.
      const expected = last.has(pid) || parts.length <= KEEP ? (last.get(pid) ?? 0) + 1 : Number(number);
      // A daemon killed between naming a copy and emptying the log leaves the same lines twice; a pid may
      // return.
      if (Number(number) > expected) lost += Number(number) - expected;
      last.set(pid, Number(number));
    }
  }
  return { lost, lines };
}

try {
  writeConfig();
  await run('apply');
  let before = await audit(0, new Map(), []);
  let killed = 0;
  for (let point = 1; point <= points && problems.length < 20; point += 1) {
    const kind = pick(Object.keys(operations));
    let fuse = 'random instant';
    if (values.syscalls) {
      const old = daemonPid();
      await run('die', '--keep-jobs');
      await until(() => old === null || !isAlive(old), 'the end of the last daemon');
      if (random() < 0.25) lengthenJournal();
      fuse = await daemonWithFuse();
    }
    const { args, meant, acknowledged, unsure, lingerMs } = operations[kind]();
    const pid = daemonPid();
    const [done] = await Promise.all([run(...args), values.syscalls || pid === null ? null : killSoon(pid)]);
    if (done.code === 0) acknowledged?.();
    if (lingerMs !== undefined && values.syscalls) await pause(lingerMs);
    // The fuse may not have burnt, or a client has brought another daemon: that one ends here.
    const survivor = daemonPid();
    const isOver = pid === null || !isAlive(pid);
    if (isOver) killed += 1;
    if (survivor !== null) await killSoon(survivor);
    // Asked to end, it may wait for ever for a thread of a daemon that is dead, which then keeps its lock.
    tracer?.kill('SIGKILL');
    if (process.env.VERBOSE)
      console.log(
        `point ${point}: ${kind} ${meant.join()} at ${fuse}${isOver ? '' : ' (too late)'}, ` +
          `answered ${done.code}`,
      );
    const report = await recover(point);
    if (report === null) break;
    if (done.code !== 0 && unsure !== undefined) {
      // The operation was not acknowledged, so either outcome is right.
      const status = JSON.parse((await run('status', '--json')).stdout).jobs.find(
        ({ name }) => name === unsure,
      );
      if (status?.stoppedByHand) byHand.add(unsure);
      else byHand.delete(unsure);
    }
    before = await audit(point, before, meant);
  }
  await run('die');
  const { lost, lines } = lostLines();
  const second = existsSync(join(locks, 'second-copies'))
    ? readFileSync(join(locks, 'second-copies'), 'utf8')
    : '';
  if (second !== '') problems.push(`second copies: ${second}`);
  if (lost > 0) problems.push(`${lost} of ${lines} lines of the logs were lost`);
  console.log(
    problems.length === 0
      ? `${points} points, ${killed} of them within the operation: 0 duplicates, 0 restarts of ` +
          `healthy jobs, 0 of ${lines} log lines lost`
      : `${problems.length} problems:\n${problems.join('\n')}`,
  );
  process.exitCode = problems.length === 0 ? 0 : 1;
} finally {
  home.die();
  for (const pids of copies().values()) for (const pid of pids) process.kill(-pid, 'SIGKILL');
  if (process.exitCode === 0) home.remove();
  else console.log(`what is left: ${home.dir}`);
}
