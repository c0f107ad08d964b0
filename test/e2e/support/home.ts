import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { JobStatus, Report, Status } from '../../../src/wire/messages.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

export const OVERSEER = join(root, 'bin', 'overseer');
export const OVERSEERD = join(root, 'bin', 'overseerd');
export const fixture = (name: string): string => join(root, 'test', 'fixtures', name);

/** How long anything is waited for before the test fails. */
const PATIENCE_MS = 20_000;

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A user of their own: fresh XDG homes, the real binaries. */
export class Home {
  readonly dir = mkdtempSync(join(tmpdir(), 'overseer-e2e-'));
  readonly config = join(this.dir, 'config', 'overseer');
  readonly data = join(this.dir, 'data', 'overseer');
  readonly env: Readonly<Record<string, string>> = {
    PATH: process.env['PATH'] ?? '',
    HOME: this.dir,
    USER: 'tester',
    LANG: 'C.UTF-8',
    XDG_CONFIG_HOME: join(this.dir, 'config'),
    XDG_DATA_HOME: join(this.dir, 'data'),
  };

  constructor() {
    mkdirSync(this.config, { recursive: true });
  }

  write(file: string, text: string): string {
    const path = join(this.config, file);
    writeFileSync(path, text);
    return path;
  }

  path(name: string): string {
    return join(this.dir, name);
  }

  /** Runs one command to its end. */
  overseer(...args: readonly string[]): Promise<Ran> {
    return ended(this.spawn(OVERSEER, args));
  }

  spawn(program: string, args: readonly string[], env: Readonly<Record<string, string>> = this.env): ChildProcessWithoutNullStreams {
    return spawn(process.execPath, [program, ...args], { env, cwd: this.dir });
  }

  /** The report of a trigger, whatever its exit code. */
  async apply(...args: readonly string[]): Promise<Report & { readonly code: number | null }> {
    const ran = await this.overseer('apply', '--json', ...args);
    return { ...parse<Report>(ran), code: ran.code };
  }

  async status(): Promise<Status> {
    return parse<Status>(await this.overseer('status', '--json'));
  }

  async job(name: string): Promise<JobStatus> {
    const found = (await this.status()).jobs.find((job) => job.name === name);
    if (found === undefined) throw new Error(`no job ${name}`);
    return found;
  }

  /** Waits until a job is as expected. */
  until(name: string, isSo: (job: JobStatus) => boolean): Promise<JobStatus> {
    return awaited(async () => {
      const job = await this.job(name);
      return isSo(job) ? job : null;
    }, `${name} as expected`);
  }

  log(name: string): string {
    const path = join(this.data, 'logs', `${name}.log`);
    return existsSync(path) ? readFileSync(path, 'utf8') : '';
  }

  daemonPid(): number {
    return (JSON.parse(readFileSync(join(this.data, 'socket'), 'utf8')) as { pid: number }).pid;
  }

  /** Every process that was started in this home and still lives. */
  processes(): number[] {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .filter((pid) => environmentOf(pid).includes(this.dir) && !isZombie(pid));
  }

  /** Ends whatever is left. Fails when a daemon that was asked to die left something behind. */
  async dispose(): Promise<void> {
    if (existsSync(join(this.data, 'socket'))) await this.overseer('die');
    for (const pid of this.processes()) kill(pid, 'SIGKILL');
    await awaited(async () => (this.processes().length === 0 ? true : null), 'nothing left');
    rmSync(this.dir, { recursive: true, force: true });
  }
}

export function ended(child: ChildProcessWithoutNullStreams): Promise<Ran> {
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() }));
  });
}

/** Asks again and again until there is an answer; fails when it takes too long. */
export async function awaited<T>(ask: () => Promise<T | null>, what: string): Promise<T> {
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    const answer = await ask();
    if (answer !== null) return answer;
    if (performance.now() > end) throw new Error(`waited in vain for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export function isAlive(pid: number): boolean {
  return existsSync(`/proc/${pid}`) && !isZombie(pid);
}

export function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function parse<T>(ran: Ran): T {
  try {
    return JSON.parse(ran.stdout) as T;
  } catch {
    throw new Error(`no JSON on stdout; exit ${ran.code}, stdout: ${ran.stdout}, stderr: ${ran.stderr}`);
  }
}

function environmentOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1');
  } catch {
    // It ended meanwhile, or is not ours.
    return '';
  }
}

function isZombie(pid: number): boolean {
  try {
    return /\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return true;
  }
}
