import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { conforms } from './conforms.ts';
import type { ReportJson as Report } from '../../../src/cli/words/change-words.ts';
import type { JobStatus, Progress, Reply, Request, Status } from '../../../src/wire/messages.ts';
import { connect } from '../../../src/wire/client.ts';
import { parseSocketFile } from '../../../src/wire/socket-file.ts';
import { darwinPrograms } from '../../support/darwin/programs.ts';
import type { Step } from './steps.ts';
import { clientSteps, daemonRuns } from './steps.ts';

export const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Whether the programs are to take this machine for a Mac. */
export const isAsDarwin = process.env['OVERSEER_AS'] === 'darwin';

const programs = isAsDarwin ? darwinPrograms(root) : join(root, 'bin');

export const OVERSEER = join(programs, 'overseer');
export const OVERSEERD = join(programs, 'overseerd');
export const fixture = (name: string): string => join(root, 'test', 'fixtures', name);

const NO_AGES: JobStatus['ages'] = { up: null, lastExit: null, test: null };

/** How long anything is waited for before the test fails; a machine with much else to do is slow. */
const PATIENCE_MS = 60_000;

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command whose client says each of its steps. */
export interface Walked extends Ran {
  readonly steps: readonly Step[];
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
    OVERSEER_TRACE: join(this.dir, 'trace'),
  };
  readonly #overseer: string;

  /** With more in its environment, and with other programs than the usual ones. */
  constructor(more: Readonly<Record<string, string>> = {}, overseer = OVERSEER) {
    this.env = { ...this.env, ...more };
    this.#overseer = overseer;
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
    return ended(this.spawn(this.#overseer, args));
  }

  /** Begins one command, with more in its environment. */
  begin(env: Readonly<Record<string, string>>, ...args: readonly string[]): ChildProcessWithoutNullStreams {
    return this.spawn(this.#overseer, args, { ...this.env, ...env });
  }

  /** Runs one command to its end, with the steps of its client's chart. */
  async walk(...args: readonly string[]): Promise<Walked> {
    return walked(await ended(this.begin({ OVERSEER_DEBUG: '1' }, ...args)));
  }

  /** The steps of each daemon that this home has seen. */
  daemons(): readonly (readonly Step[])[] {
    const path = join(this.dir, 'trace');
    return existsSync(path) ? daemonRuns(readFileSync(path, 'utf8')) : [];
  }

  /** What a command prints with `--json`, whatever its exit code. */
  async json<T>(...args: readonly string[]): Promise<T> {
    return parse<T>(await this.overseer(...args, '--json'));
  }

  spawn(
    program: string,
    args: readonly string[],
    env: Readonly<Record<string, string>> = this.env,
    cwd = this.dir,
  ): ChildProcessWithoutNullStreams {
    return spawn(process.execPath, [program, ...args], { env, cwd });
  }

  /** Runs a shell line that may pipe `overseer` somewhere. */
  shell(line: string): Promise<Ran> {
    return ended(
      spawn('sh', ['-c', line], {
        env: { ...this.env, PATH: `${programs}:${this.env['PATH']}` },
        cwd: this.dir,
      }),
    );
  }

  /** The report of a trigger, whatever its exit code. */
  async apply(...args: readonly string[]): Promise<Report & { readonly code: number | null }> {
    const ran = await this.overseer('apply', '--json', ...args);
    return { ...parse<Report>(ran), code: ran.code };
  }

  /** Asks the daemon as a client does, without the time that starting one takes. */
  async ask(request: Request, onProgress: (progress: Progress) => void = () => {}): Promise<Reply> {
    const file = parseSocketFile(readFileSync(join(this.data, 'socket'), 'utf8'));
    if (file === null) throw new Error('the socket file is damaged');
    const connection = await connect(file, { handshakeTimeoutMs: PATIENCE_MS });
    try {
      return await new Promise((resolve, reject) => {
        connection.request(
          request,
          (reply) => (reply.kind === 'progress' ? onProgress(reply.progress) : resolve(reply)),
          reject,
        );
      });
    } finally {
      connection.close();
    }
  }

  async status(): Promise<Status> {
    const reply = await this.ask({ name: 'status', jobs: [] });
    if (reply.kind !== 'answer') throw new Error(`no status: ${JSON.stringify(reply)}`);
    const { daemon, jobs } = reply.answer as Status;
    // The same job is the same a moment later.
    return { daemon, jobs: jobs.map((job) => ({ ...job, ages: NO_AGES })) };
  }

  async job(name: string): Promise<JobStatus> {
    const found = (await this.status()).jobs.find((job) => job.name === name);
    if (found === undefined) throw new Error(`no job ${name}`);
    return found;
  }

  /** Waits until a job is as expected. */
  until(name: string, isSo: (job: JobStatus) => boolean): Promise<JobStatus> {
    return awaited(async () => {
      const job = (await this.status()).jobs.find((each) => each.name === name);
      return job !== undefined && isSo(job) ? job : null;
    }, `${name} as expected`);
  }

  log(name: string): string {
    const path = join(this.data, 'logs', `${name}.log`);
    return existsSync(path) ? readFileSync(path, 'utf8') : '';
  }

  /** Waits until a daemon has written its socket file. */
  async serving(): Promise<void> {
    await awaited(async () => existsSync(join(this.data, 'socket')) || null, 'a daemon');
  }

  daemonPid(): number {
    return (JSON.parse(readFileSync(join(this.data, 'socket'), 'utf8')) as { pid: number }).pid;
  }

  /** Kills the daemon as a crash would, and waits until it is gone; the jobs live on. */
  killDaemon(): Promise<void> {
    return killed(this.daemonPid());
  }

  /** Asks the daemon to end, and waits until it is gone: it holds the folder until then. */
  async endDaemon(): Promise<void> {
    const pid = this.daemonPid();
    await this.overseer('die');
    await awaited(async () => !isAlive(pid) || null, 'the end of the daemon');
  }

  /**
   * Every process that was started in this home and still lives: by its environment, or, if it has none, by
   * where it stands.
   */
  processes(): number[] {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .filter(
        (pid) =>
          (environmentOf(pid).includes(this.dir) || folderOf(pid).startsWith(this.dir)) && !isZombie(pid),
      );
  }

  /** Ends whatever is left, and waits until it is gone. */
  async dispose(): Promise<void> {
    await awaited(async () => {
      const left = this.processes();
      for (const pid of left) kill(pid, 'SIGKILL');
      return left.length === 0 ? true : null;
    }, 'nothing left');
    conforms(join(this.dir, 'trace'));
    rmSync(this.dir, { recursive: true, force: true });
  }
}

/** Takes the steps of a client's chart off its stderr. */
export function walked(ran: Ran): Walked {
  return { ...ran, ...clientSteps(ran.stderr) };
}

export function ended(child: ChildProcessWithoutNullStreams): Promise<Ran> {
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) =>
      resolve({ code, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() }),
    );
  });
}

/** What a promise comes to; fails when it takes too long. */
export async function within<T>(promise: Promise<T>, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`waited in vain for: ${what}`)), PATIENCE_MS);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Asks again and again until there is an answer; fails when it takes too long. */
export async function awaited<T>(
  ask: () => Promise<T | null>,
  what: string,
  patienceMs = PATIENCE_MS,
): Promise<T> {
  const end = performance.now() + patienceMs;
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

/** Kills a process, and waits until it is gone: a signal is sent long before a busy machine acts on it. */
export async function killed(pid: number): Promise<void> {
  kill(pid, 'SIGKILL');
  await awaited(async () => !isAlive(pid) || null, `the end of ${pid}`);
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

function folderOf(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
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
