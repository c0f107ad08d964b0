import { type ChildProcess, spawn } from 'node:child_process';
import { toolEnvironment } from './run-tool.ts';

/** Characters kept of what mkfifo(1) complains about. */
const COMPLAINT_CHARACTERS = 300;

export type MadeFifos =
  | { readonly ok: true }
  /** `error` is what `spawn` reported; null where mkfifo(1) itself failed. */
  | { readonly ok: false; readonly error: Error | null; readonly why: string };

/**
 * Makes FIFOs that only this user can open. Node cannot make one, so it takes a program, mkfifo(1). Throws
 * what `spawn` throws.
 */
export function makeFifos(paths: readonly string[], done: (made: MadeFifos) => void): void {
  // Without a free descriptor it has no stderr, which its type does not say.
  const tool: ChildProcess = spawn('mkfifo', ['-m', '600', ...paths], {
    cwd: '/',
    env: toolEnvironment(),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let complaint = '';
  let error: Error | null = null;
  tool.once('error', (refusal) => (error = refusal));
  tool.stderr?.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk.toString()).slice(0, COMPLAINT_CHARACTERS);
  });
  tool.once('close', (code) => {
    if (error === null && code === 0) done({ ok: true });
    else done({ ok: false, error, why: complaint.trim() || `mkfifo ended with ${code}` });
  });
}
