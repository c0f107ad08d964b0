import { spawnSync } from 'node:child_process';

export interface ToolRun {
  /** Null if the tool could not be started or did not end by itself. */
  readonly code: number | null;
  readonly stdout: string;
  /** Why it did not run to its end, where it says nothing of it itself. */
  readonly stderr: string;
  readonly isMissing: boolean;
}

/** Runs a program and waits for it; it never throws. */
export type Run = (program: string, words: readonly string[], env?: Env) => ToolRun;
type Env = Readonly<Record<string, string | undefined>>;

const TIMEOUT_MS = 30_000;

/** In the environment of the call, in which service managers find their own sockets, but in English. */
export const runTool: Run = (program, words, env = { ...process.env, LC_ALL: 'C' }) => {
  const { error, status, signal, stdout, stderr } = spawnSync(program, [...words], {
    env,
    cwd: '/',
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    timeout: TIMEOUT_MS,
    killSignal: 'SIGKILL',
  });
  const ended = signal === null ? '' : `it was ended by ${signal}`;
  if (error === undefined) return { code: status, stdout, stderr: stderr.trim() || ended, isMissing: false };
  const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
  return { code: null, stdout: '', stderr: error.message, isMissing };
};
