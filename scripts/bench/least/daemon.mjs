// The least that a daemon written for Node does to keep what overseer promises of a running job: its output
// goes through a pipe and a `cat`, so that neither a crash of the daemon nor a rotation loses a line; its
// program begins only when it is on record who it is; and a job counts as gone when its group is. No charts,
// no checks of a config, no rotation, no restored state: so whatever overseer takes above it is its own.
//
//   daemon.mjs FOLDER
//       runs the jobs of FOLDER/jobs.json, and answers clients that send the token in FOLDER/socket
import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, openSync, readFileSync, unlinkSync, writeFileSync, writeSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

const [folder] = process.argv.slice(2);
const at = (...names) => join(folder, ...names);
const env = { PATH: '/usr/bin:/bin' };
const FIFOS_AT_ONCE = 64;
const GATE = 'exec "$@" < /dev/null\n';

const journal = openSync(at('journal'), 'a');
const token = randomBytes(32).toString('hex');
/** @type {Map<string, { words: string[], test?: string[], pid: number, state: string, since: number }>} */
const jobs = new Map();
/** Those that wait for their turn: one program is started in a turn of the event loop. */
const waiting = [];
const fifos = [];
/** Called when a job has moved. */
const listeners = new Set();
let fifosMade = 0;

/** A crash of the daemon loses no record that was written. */
const record = (entry) => writeSync(journal, `${JSON.stringify(entry)}\n`);

/** By its pid and this no other process is taken for it. */
function startOf(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
}

/** Node cannot make them itself. */
function fifo() {
  if (fifos.length === 0) {
    for (let made = 0; made < FIFOS_AT_ONCE; made += 1) fifos.push(at(`pipe${(fifosMade += 1)}`));
    execFileSync('mkfifo', ['-m', '600', ...fifos]);
  }
  return fifos.pop();
}

function move(name, job, state) {
  Object.assign(job, { state, since: Date.now() });
  record({ name, ...job });
  for (const listener of listeners) listener();
}

function start(name, job) {
  const path = fifo();
  // Neither end can be opened without the other one.
  const both = openSync(path, 'r+');
  const [pipe, output] = [openSync(path, 'r'), openSync(path, 'w')];
  unlinkSync(path);
  const log = openSync(at(`${name}.log`), 'a', 0o600);
  const shell = spawn('/bin/sh', ['-s', '--', ...job.words], {
    detached: true,
    env,
    stdio: ['pipe', output, output],
  });
  shell.on('error', () => undefined);
  const copy = spawn('/bin/cat', [], { detached: true, env, stdio: [pipe, log, 'ignore'] });
  copy.unref();
  for (const descriptor of [both, pipe, output, log]) closeSync(descriptor);
  job.pid = shell.pid;
  record({ name, writer: copy.pid, start: startOf(copy.pid) });
  record({ name, pid: shell.pid, start: startOf(shell.pid) });
  shell.on('exit', (code, signal) => gone(name, job, shell.pid, code ?? signal));
  shell.stdin.end(GATE);
  move(name, job, 'running');
}

function gone(name, job, pid, how) {
  record({ name, ended: how });
  // What the program has left in its group would be in the way of the next one.
  if (hasGroup(pid)) process.kill(-pid, 'SIGKILL');
  job.pid = 0;
  const wanted = jobs.get(name);
  if (wanted === job && job.state === 'stopping') return move(name, job, 'down');
  move(name, wanted, 'starting');
  startLater(name, wanted);
}

function hasGroup(pid) {
  try {
    return process.kill(-pid, 0);
  } catch {
    return false;
  }
}

function startLater(name, job) {
  waiting.push([name, job]);
  if (waiting.length === 1) setImmediate(startNext);
}

function startNext() {
  const [name, job] = waiting[0];
  if (jobs.get(name) === job && job.state === 'starting') start(name, job);
  waiting.shift();
  if (waiting.length > 0) setImmediate(startNext);
}

function stop(name, job) {
  if (job.state !== 'running') return;
  move(name, job, 'stopping');
  for (const signal of ['SIGTERM', 'SIGCONT']) process.kill(-job.pid, signal);
}

/** Runs the test of a job, and tells what it said. */
function test(name, job) {
  const run = spawn('/bin/sh', ['-s', '--', ...job.test], { detached: true, env });
  record({ name, test: run.pid, start: startOf(run.pid) });
  for (const output of [run.stdout, run.stderr]) output.resume();
  const limit = setTimeout(() => process.kill(-run.pid, 'SIGKILL'), 10_000);
  run.stdin.end(GATE);
  return new Promise((resolve) => {
    run.on('close', (code) => {
      clearTimeout(limit);
      record({ name, verdict: code });
      resolve(code === 0);
    });
  });
}

async function apply() {
  const wanted = new Map(JSON.parse(readFileSync(at('jobs.json'), 'utf8')).map((job) => [job.id, job]));
  const tests = [];
  for (const [id, { words, test: tested }] of wanted) {
    const before = jobs.get(id);
    const isSame = before !== undefined && String(before.words) === String(words);
    if (isSame && tested === undefined) continue;
    const job = isSame
      ? before
      : { words, test: tested, pid: 0, state: tested === undefined ? 'starting' : 'down', since: Date.now() };
    jobs.set(id, job);
    record({ name: id, ...job });
    if (tested === undefined && before?.state === 'running') stop(id, before);
    else if (tested === undefined) startLater(id, job);
    else {
      tests.push(test(id, job));
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  await Promise.all(tests);
  await until(() => [...jobs.values()].every(({ state }) => state === 'running' || state === 'down'));
}

/** Resolves when the jobs are as asked for. */
async function until(isSo) {
  if (isSo()) return;
  await new Promise((resolve) => {
    const look = () => {
      if (!isSo()) return;
      listeners.delete(look);
      setImmediate(resolve);
    };
    listeners.add(look);
  });
}

const REQUESTS = {
  async status() {
    return [...jobs].map(([name, { pid, state, since }]) => ({ name, pid, state, since }));
  },
  async apply() {
    await apply();
    return [];
  },
  async stop() {
    for (const [name, job] of jobs) stop(name, job);
    await until(() => [...jobs.values()].every(({ state }) => state === 'down'));
    return [];
  },
};

const server = createServer((socket) => {
  let text = '';
  socket.on('error', () => undefined);
  socket.setEncoding('utf8');
  socket.on('data', async (chunk) => {
    text += chunk;
    if (!text.endsWith('\n')) return;
    const [proof, name] = text.trimEnd().split(' ');
    if (proof === token) socket.end(JSON.stringify(await REQUESTS[name]()));
    else socket.destroy();
  });
});
server.listen(0, '127.0.0.1', async () => {
  await apply();
  const { port } = server.address();
  writeFileSync(at('socket'), `${process.pid} ${port} ${token}`, { mode: 0o600 });
});
