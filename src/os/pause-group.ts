import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive } from './is-alive.ts';
import type { Os, ProcessInfo } from './os.ts';
import { toolEnvironment } from './run-tool.ts';
import { refuseOwn, signalGroup, signalProcess } from './signal.ts';
import { CannotAsk } from './system-error.ts';

export type Pause =
  /** `since` is when the members were told to stop, by `performance.now()`. */
  | { readonly kind: 'paused'; readonly since: number; readonly resume: () => Promise<void> }
  /** The group has ended, or its number is somebody else's. */
  | { readonly kind: 'gone' }
  | { readonly kind: 'refused'; readonly message: string };

export interface PauseOptions {
  readonly pgid: number;
  /** Whether the number is still the group that is meant. Asked right before every signal. */
  readonly isOurs?: () => boolean;
  readonly os: Pick<Os, 'later'>;
}

/**
 * Continues a group when its input ends before a word has come, that is when we are killed. Its arguments are
 * the group, and the pid and start of each process that was in it: the group is continued only if one of them
 * still isAlive, since its number may be somebody else's by then. It must outlive the signals that end us,
 * and SIGPIPE when nobody is left to read its line.
 */
const CONTINUE_LATER = {
  /** The start is the 20th word behind the name, which stands in brackets and may hold anything. */
  linux: `start() { set -- $(sed -n '$s/.*) //p' "/proc/$1/stat" 2>/dev/null); printf '%s' "\${20}"; }`,
  darwin: `start() { ps -o lstart= -p "$1" 2>/dev/null | sed 's/^ *//; s/ *$//'; }`,
  rest: `trap '' HUP INT QUIT TERM PIPE; pgid=$1; shift; echo; read word && exit 0
while [ $# -gt 1 ]; do
if [ "$(start "$1")" = "$2" ]; then kill -CONT "-$pgid"; exit 0; fi
shift 2; done; exit 0`,
} as const;

/** The most members that are passed to the helper. */
const MEMBERS_MAX = 100;

/** How long the members may take to stop, and the helper to begin and to end. */
const PAUSE_LIMIT_MS = 2000;
const POLL_MS = 1;

/**
 * Stops every member of the group and returns when all stand still; `resume` continues them. Processes that
 * left the group run on. Refuses, and leaves the group running, when it cannot be stopped in time or stood
 * still already: someone else stopped it, and must be the one to continue it.
 */
export async function pauseGroup(options: PauseOptions): Promise<Pause> {
  const { pgid, os, isOurs = () => true } = options;
  refuseOwn(pgid);
  const before = await members(pgid, os);
  if (before.length === 0) return { kind: 'gone' };
  if (before.every((member) => member.state === 'T'))
    return { kind: 'refused', message: `process group ${pgid} is stopped already` };
  const helper = startHelper(pgid, before);
  const trouble = await helper.begun;
  // No turn of the event loop between the question and the signal.
  const isStopped = trouble === null && isOurs() && signalGroup(pgid, 'SIGSTOP') === 'sent';
  if (!isStopped) {
    await helper.end();
    return trouble === null ? { kind: 'gone' } : { kind: 'refused', message: trouble };
  }
  const since = performance.now();
  const resume = async (): Promise<void> => {
    if (isOurs()) signalGroup(pgid, 'SIGCONT');
    await helper.end();
  };
  let isPaused = false;
  try {
    const complaint = await stillMoving(pgid, os);
    if (complaint !== null) return { kind: 'refused', message: complaint };
    isPaused = isOurs();
    return isPaused ? { kind: 'paused', since, resume } : { kind: 'gone' };
  } finally {
    if (!isPaused) await resume();
  }
}

function members(pgid: number, os: Pick<Os, 'later'>): Promise<readonly ProcessInfo[]> {
  return new Promise((resolve, reject) =>
    os.later.group(pgid, (answer) =>
      answer instanceof CannotAsk ? reject(answer) : resolve(answer.filter(isAlive)),
    ),
  );
}

/** null when all members stand still, else a sentence. */
async function stillMoving(pgid: number, os: Pick<Os, 'later'>): Promise<string | null> {
  const end = performance.now() + PAUSE_LIMIT_MS;
  for (;;) {
    const all = await members(pgid, os);
    const moving = all.find((member) => !isStill(member, all));
    if (moving === undefined) return null;
    if (performance.now() > end)
      return `process ${moving.pid} of group ${pgid} did not stop (state ${moving.state})`;
    await sleep(POLL_MS);
  }
}

/**
 * A parent that waits for a child between vfork and exec cannot be stopped, nor can it go on while that child
 * stands still.
 */
function isStill({ pid, state }: ProcessInfo, all: readonly ProcessInfo[]): boolean {
  return state === 'T' || (state === 'D' && all.some((other) => other.ppid === pid && other.state === 'T'));
}

/** A program that continues the group should we be killed. */
interface Helper {
  /** null once it is ready, else what is wrong with it. */
  readonly begun: Promise<string | null>;
  /** It is not needed any more. */
  readonly end: () => Promise<void>;
}

/** The script of the helper, and what follows it as its arguments. */
export function continuing(
  pgid: number,
  known: readonly Pick<ProcessInfo, 'pid' | 'start'>[],
  platform: NodeJS.Platform = process.platform,
): readonly string[] {
  const script = `${CONTINUE_LATER[platform === 'darwin' ? 'darwin' : 'linux']}\n${CONTINUE_LATER.rest}`;
  // The leader is first, and mostly there.
  const first = known.toSorted((a, b) => Number(b.pid === pgid) - Number(a.pid === pgid));
  const words = first.slice(0, MEMBERS_MAX).flatMap(({ pid, start }) => [String(pid), start]);
  return ['-c', script, 'overseer-pause', String(pgid), ...words];
}

function startHelper(pgid: number, known: readonly ProcessInfo[]): Helper {
  // Without a free descriptor it has neither stdin nor stdout, which its type does not say.
  const child: ChildProcess = spawn('/bin/sh', [...continuing(pgid, known)], {
    cwd: '/',
    env: toolEnvironment(),
    // A signal to our own group must not end the helper too.
    detached: true,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(code === 0 ? '' : `sh ended with ${code ?? signal}`));
  });
  // It may be dead when we write; `ended` tells.
  child.stdin?.once('error', () => undefined);
  const said = new Promise<null>((resolve) => child.stdout?.once('data', () => resolve(null)));
  return {
    begun: within(Promise.race([said, ended.then((how) => `cannot pause process group ${pgid}: ${how}`)])),
    end: async () => {
      child.stdin?.end('\n');
      if ((await within(ended)) !== '' && child.pid !== undefined && child.exitCode === null)
        signalProcess(child.pid, 'SIGKILL');
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
