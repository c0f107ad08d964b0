// One process manager in a folder of its own: starts its daemon, times its commands, and ends all of it.
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { kill } from '../home.mjs';
import { Births, TooSlow, now } from './births.mjs';
import { jobsAt, processesOf } from './processes.mjs';

/** How long a single command, and what it leads to, may take with this many jobs. */
export const limitOf = (count) => 60_000 + 25 * count;
const START_LIMIT_MS = 20_000;

const SOURCE = fileURLToPath(new URL('probe.c', import.meta.url));

/** Compiles the C part of the benchmark into a folder. */
export function buildProbe(folder) {
  const probe = join(folder, 'probe');
  const { status, stderr, error } = spawnSync('cc', ['-O2', '-o', probe, SOURCE], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`bench: a C compiler is needed: ${error?.message ?? stderr}`);
  return probe;
}

/** A file system in memory, if there is one: how fast a disk is would be in every figure otherwise. */
export function newFolder(parent = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()) {
  return mkdtempSync(join(parent, 'overseer-bench-'));
}

class Session {
  peer;
  dir;
  env;
  probe;
  births;

  /** How many jobs there will be. */
  count;

  constructor(peer, { folder, probe, count }) {
    this.peer = peer;
    this.count = count;
    this.dir = mkdtempSync(join(folder, `${peer.name}-`));
    this.probe = probe;
    this.births = new Births(join(this.dir, 'births'));
    // NODE_EXTRA_CA_CERTS and the like would slow every Node program.
    const { PATH } = process.env;
    this.env = { PATH, HOME: this.dir, LANG: 'C.UTF-8', BENCH_SESSION: this.dir, ...peer.env?.(this) };
    peer.prepare?.(this);
  }

  path(...names) {
    return join(this.dir, ...names);
  }

  folder(...names) {
    const path = this.path(...names);
    mkdirSync(path, { recursive: true, mode: 0o700 });
    return path;
  }

  /** A job that reports its birth under its name and version. */
  job(at, version = 0) {
    const id = `job${String(at).padStart(6, '0')}`;
    const birth = `${id}.${version}`;
    return { id, birth, words: [this.probe, 'job', this.births.fifo, birth] };
  }

  jobs() {
    return Array.from({ length: this.count }, (_, at) => this.job(at));
  }

  /** Starts the daemon with the config that is on disk; tells when. */
  launch() {
    const log = openSync(this.path('daemon.out'), 'a');
    const begin = now();
    const [program, ...args] = this.peer.daemon(this);
    const daemon = spawn(program, args, {
      env: this.env,
      cwd: this.dir,
      detached: true,
      stdio: ['ignore', log, log],
    });
    daemon.on('error', () => undefined);
    closeSync(log);
    return begin;
  }

  /** Starts the daemon and resolves when it takes commands. */
  async begin() {
    if (this.peer.begin) return this.peer.begin(this);
    this.launch();
    for (const end = now() + START_LIMIT_MS; ; await pause(20)) {
      if (isTold(() => this.peer.isUp(this))) return;
      if (now() > end) throw new TooSlow(`${this.peer.name} does not start: ${this.said('daemon.out')}`);
    }
  }

  /** Runs a command `times` times without a gap; resolves with what each took. */
  async time(words, times = 1) {
    const [program, ...args] = [
      ...(this.peer.inside?.(this) ?? []),
      this.probe,
      'time',
      String(times),
      this.path('command.out'),
      ...words,
    ];
    const probe = spawn(program, args, {
      env: this.env,
      cwd: this.dir,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const limit = setTimeout(() => this.end(), limitOf(this.count) * times);
    let text = '';
    probe.stdout.on('data', (chunk) => (text += chunk));
    await new Promise((resolve) => probe.once('close', resolve));
    clearTimeout(limit);
    const runs = text.trimEnd().split('\n');
    if (runs.length < times || text === '')
      throw new TooSlow(`not done after ${limitOf(this.count) / 1000} s`);
    return runs.map((line) => {
      const [begin, end, cpu, code] = line.split(' ').map(Number);
      return { begin: begin / 1e6, ms: (end - begin) / 1e6, end: end / 1e6, cpu: cpu / 1000, code };
    });
  }

  /** What the last command, or the daemon, has printed. */
  said(file = 'command.out') {
    return existsSync(this.path(file)) ? readFileSync(this.path(file), 'utf8') : '';
  }

  /** The pid of each job, by its name and version. */
  running() {
    return jobsAt(this.births.fifo);
  }

  /** The daemon and its helpers. */
  processes() {
    const { daemon, helpers } = this.peer.processes(this);
    return [daemon, ...helpers];
  }

  /** Kills everything that this session has started. */
  end() {
    for (const pid of processesOf(this.dir)) kill(pid);
  }

  async close() {
    try {
      for (
        const end = now() + limitOf(this.count);
        processesOf(this.dir).length > 0 && now() < end;
        await pause(50)
      )
        this.end();
      this.peer.tidy?.(this);
    } finally {
      this.births.close();
      rmSync(this.dir, { recursive: true, force: true });
    }
  }
}

/** What is asked may not be there yet. */
function isTold(ask) {
  try {
    return ask();
  } catch {
    return false;
  }
}

/** Work in a session; tells whether it was done. A failure is noted, and the other peers are measured. */
export async function inSession({ peer, count, folder, probe }, keep, work) {
  const session = new Session(peer, { folder, probe, count });
  try {
    await work(session);
    return true;
  } catch (error) {
    console.error(`${peer.name}, ${count} jobs: ${error instanceof TooSlow ? error.message : error.stack}`);
    keep({ row: 'failed', count, note: error.message });
    return false;
  } finally {
    await session.close();
  }
}
