import { execFile, spawnSync, type StdioOptions } from 'node:child_process';
import { isRefusal } from './system-error.ts';

export interface ToolResult {
  /** Exit code; null when the tool could not be run to its end. */
  readonly code: number | null;
  readonly stdout: string;
  /** Why it could not be run, or what it said on stderr. */
  readonly complaint: string;
  /** The tool is not installed. */
  readonly missing: boolean;
}

/**
 * Runs a small tool of the system and waits for it; `fd`, if given, is the tool's descriptor 3. It never
 * throws.
 */
export type RunTool = (file: string, args: readonly string[], fd?: number) => ToolResult;

const TOOL_TIMEOUT_MS = 10_000;
/** `ps -E` prints the environments of all processes. */
const TOOL_OUTPUT_MAX = 64 * 1024 * 1024;
/**
 * The system's own folders come first, so that a stray program of the same name in the user's PATH is not
 * run.
 */
const SYSTEM_PATH = '/usr/bin:/bin:/usr/sbin:/sbin';

/** `ps` words its times by both variables beside PATH. */
export function toolEnvironment(): Readonly<Record<string, string>> {
  return { PATH: `${SYSTEM_PATH}:${process.env['PATH'] ?? ''}`, TZ: 'UTC', LC_ALL: 'C' };
}

/** The same, without waiting for it. */
export type RunToolLater = (
  file: string,
  args: readonly string[],
  done: (result: ToolResult) => void,
) => void;

export const runTool: RunTool = (file, args, fd) => {
  const stdio: StdioOptions = ['ignore', 'pipe', 'pipe', ...(fd === undefined ? [] : [fd])];
  const result = spawnSync(file, args, {
    stdio,
    encoding: 'latin1',
    ...within(),
  });
  const { error, status, stdout, stderr } = result;
  if (error) {
    const missing = 'code' in error && error.code === 'ENOENT';
    return { code: null, stdout: '', complaint: error.message, missing };
  }
  return { code: status, stdout, complaint: stderr.trim(), missing: false };
};

export const runToolLater: RunToolLater = (file, args, done) => {
  try {
    begin(file, args, done);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const { message } = error;
    setImmediate(() => done({ code: null, stdout: '', complaint: message, missing: false }));
  }
};

const begin: RunToolLater = (file, args, done) => {
  const tool = execFile(file, args, { encoding: 'latin1', ...within() }, (error, stdout, stderr) => {
    if (error === null || typeof error.code === 'number')
      return done({
        code: error === null ? 0 : Number(error.code),
        stdout,
        complaint: stderr.trim(),
        missing: false,
      });
    done({ code: null, stdout: '', complaint: error.message, missing: String(error.code) === 'ENOENT' });
  });
  // A tool that reads its standard input finds it empty.
  tool.stdin?.end();
};

const within = () =>
  ({
    timeout: TOOL_TIMEOUT_MS,
    killSignal: 'SIGKILL',
    maxBuffer: TOOL_OUTPUT_MAX,
    env: toolEnvironment(),
  }) as const;
