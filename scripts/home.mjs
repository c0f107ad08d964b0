// An isolated home for a script: fresh folders, the built programs, and the processes in it. Finds processes
// through Linux's /proc.
import { spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export const overseer = fileURLToPath(new URL('../bin/overseer', import.meta.url));
export const overseerd = fileURLToPath(new URL('../bin/overseerd', import.meta.url));

export class Home {
  dir;
  /** The folders of the config and of the data. */
  config;
  data;
  socket;
  env;

  constructor(script) {
    this.dir = mkdtempSync(join(tmpdir(), `overseer-${script}-`));
    this.config = join(this.dir, 'config', 'overseer');
    this.data = join(this.dir, 'data', 'overseer');
    this.socket = join(this.data, 'socket');
    this.env = {
      PATH: process.env.PATH,
      HOME: this.dir,
      XDG_CONFIG_HOME: join(this.dir, 'config'),
      XDG_DATA_HOME: join(this.dir, 'data'),
    };
    mkdirSync(this.config, { recursive: true });
    mkdirSync(this.data, { recursive: true, mode: 0o700 });
  }

  writeJobs(toml) {
    writeFileSync(join(this.config, 'jobs.toml'), toml);
  }

  /** Resolves when the command has ended; kills it after `limitMs`. */
  run(args, { limitMs = 600_000 } = {}) {
    return new Promise((resolve) => {
      const begin = performance.now();
      const child = spawn(process.execPath, [overseer, ...args], {
        env: this.env,
        cwd: this.dir,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const limit = setTimeout(() => child.kill('SIGKILL'), limitMs);
      const said = { stdout: '', stderr: '' };
      for (const stream of ['stdout', 'stderr']) child[stream].on('data', (chunk) => (said[stream] += chunk));
      child.on('close', (code) => {
        clearTimeout(limit);
        resolve({ code, ...said, ms: performance.now() - begin });
      });
    });
  }

  /**
   * Every living process that was started in this home: pid, environment, command line and stat fields from
   * the state on.
   */
  processes() {
    return readdirSync('/proc').flatMap((name) => {
      if (!/^\d+$/.test(name)) return [];
      try {
        const environment = readFileSync(`/proc/${name}/environ`, 'latin1');
        if (!environment.includes(`HOME=${this.dir}\0`)) return [];
        const stat = statOf(name);
        const commandLine = readFileSync(`/proc/${name}/cmdline`, 'latin1');
        return /[ZX]/.test(stat[0]) ? [] : [{ pid: Number(name), environment, commandLine, stat }];
      } catch {
        // The process ended while it was read.
        return [];
      }
    });
  }

  /** Starts a daemon and resolves with it when it serves. */
  async serve(env) {
    const daemon = spawn(process.execPath, [overseerd], { env: { ...this.env, ...env }, stdio: 'ignore' });
    while (!existsSync(this.socket)) await pause(20);
    return daemon;
  }

  /** Ends the daemon and its jobs. */
  die() {
    spawnSync(process.execPath, [overseer, 'die'], { env: this.env, stdio: 'ignore' });
  }

  remove() {
    rmSync(this.dir, { recursive: true, force: true });
  }

  dispose() {
    this.die();
    this.remove();
  }
}

/** The stat fields of a process, from the state on. */
export function statOf(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

/** Ends a process of this script; it may have ended already. */
export function kill(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // The process has ended already.
  }
}
