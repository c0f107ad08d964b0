import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { lives } from './is-alive.ts';
import type { Os, ProcessInfo } from './os.ts';
import { refuseOwn, signalGroup, signalProcess } from './signal.ts';

export type Pause =
  /** `since` is when the members were told to stop, by `performance.now()`. */
  | { readonly ok: true; readonly since: number; readonly resume: () => Promise<void> }
  | { readonly ok: false; readonly message: string };

/**
 * Stops a group and continues it at the end of its input, that is also when we are killed. It must outlive the signals
 * that end us, and SIGPIPE when nobody is left to read its line. dash's kill refuses `--`.
 */
const PAUSE = `trap '' HUP INT QUIT TERM PIPE; kill -STOP "-$1"; echo; read x; kill -CONT "-$1"`;

/** How long the members may take to stop, and the helper to begin and to end. */
const PAUSE_LIMIT_MS = 2000;
const POLL_MS = 1;

/**
 * Stops every member of the group and returns when all stand still; `resume` continues them. Processes that left the
 * group run on. Refuses, and leaves the group running, when it cannot be stopped in time or stood still already: someone else
 * stopped it, and must be the one to continue it.
 */
export async function pauseGroup(pgid: number, os: Pick<Os, 'processes'>): Promise<Pause> {
  refuseOwn(pgid);
  const before = members(pgid, os);
  if (before.length > 0 && before.every((member) => member.state === 'T')) {
    return { ok: false, message: `process group ${pgid} is stopped already` };
  }
  const helper = startHelper(pgid);
  let paused = false;
  try {
    const refusal = await helper.begun;
    const since = performance.now();
    const complaint = refusal ?? (await stillMoving(pgid, os));
    paused = complaint === null;
    return complaint === null
      ? { ok: true, since, resume: helper.finish }
      : { ok: false, message: complaint };
  } finally {
    if (!paused) await helper.finish();
  }
}

function members(pgid: number, os: Pick<Os, 'processes'>): ReturnType<Os['processes']> {
  return os.processes().filter((info) => info.pgid === pgid && lives(info));
}

/** null when all members stand still, else a sentence. */
async function stillMoving(pgid: number, os: Pick<Os, 'processes'>): Promise<string | null> {
  const end = performance.now() + PAUSE_LIMIT_MS;
  for (;;) {
    const all = members(pgid, os);
    const moving = all.find((member) => !isStill(member, all));
    if (moving === undefined) return null;
    if (performance.now() > end)
      return `process ${moving.pid} of group ${pgid} did not stop (state ${moving.state})`;
    await sleep(POLL_MS);
  }
}

/** A parent that waits for a child between vfork and exec cannot be stopped, nor can it go on while that child stands still. */
function isStill({ pid, state }: ProcessInfo, all: readonly ProcessInfo[]): boolean {
  return state === 'T' || (state === 'D' && all.some((other) => other.ppid === pid && other.state === 'T'));
}

interface Helper {
  /** null once the group was told to stop, else why not. */
  readonly begun: Promise<string | null>;
  /** Continues the group. */
  readonly finish: () => Promise<void>;
}

function startHelper(pgid: number): Helper {
  const child = spawn('/bin/sh', ['-c', PAUSE, 'overseer-pause', String(pgid)], {
    cwd: '/',
    // A signal to our own group must not end the helper too.
    detached: true,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(code === 0 ? '' : `sh ended with ${code ?? signal}`));
  });
  // It may be dead when we write; `ended` tells.
  child.stdin.once('error', () => undefined);
  const said = new Promise<null>((resolve) => child.stdout.once('data', () => resolve(null)));
  return {
    begun: within(Promise.race([said, ended.then((how) => `cannot pause process group ${pgid}: ${how}`)])),
    finish: async () => {
      child.stdin.end();
      if ((await within(ended)) === '') return;
      if (child.pid !== undefined) signalProcess(child.pid, 'SIGKILL');
      signalGroup(pgid, 'SIGCONT');
    },
  };
}

async function within(answer: Promise<string | null>): Promise<string | null> {
  const stop = new AbortController();
  const late = sleep(PAUSE_LIMIT_MS, 'the helper program of the pause did not answer', {
    signal: stop.signal,
  });
  late.catch(() => undefined);
  try {
    return await Promise.race([answer, late]);
  } finally {
    stop.abort();
  }
}
