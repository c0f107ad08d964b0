import type { ProcessInfo } from '../os.ts';

export interface ProcStat extends ProcessInfo {
  readonly threads: number;
  /** Whether this is a thread that is not the first of its process: its pid is no process's. */
  readonly isThread: boolean;
}

/** Fields of `/proc/PID/stat` as proc(5) numbers them, counted from the one behind the command's name. */
const AFTER_NAME = 3;
const field = { state: 3, ppid: 4, pgid: 5, sid: 6, threads: 20, start: 22, exitSignal: 38 } as const;

/** Parses `/proc/PID/stat`; null for an invalid text. The name may contain blanks, brackets and line ends. */
export function parseProcStat(text: string): ProcStat | null {
  const open = text.indexOf('(');
  const close = text.lastIndexOf(')');
  if (open < 0 || close < open) return null;
  const fields = text
    .slice(close + 1)
    .trim()
    .split(' ');
  const at = (number: number): string => fields[number - AFTER_NAME] ?? '';
  const stat: ProcStat = {
    pid: Number(text.slice(0, open)),
    start: at(field.start),
    ppid: Number(at(field.ppid)),
    pgid: Number(at(field.pgid)),
    sid: Number(at(field.sid)),
    state: at(field.state),
    threads: Number(at(field.threads)),
    isThread: at(field.exitSignal) === '-1',
  };
  return Number.isInteger(stat.pid) && /^\d+$/.test(stat.start) ? stat : null;
}

/**
 * The process behind a line of `/proc/PID/stat`. Of a process with threads, `Z` and `T` say too little: then
 * its threads are asked.
 */
export function processOf(
  { pid, start, ppid, pgid, sid, state, threads }: Omit<ProcStat, 'isThread'>,
  statesOfThreads: (pid: number) => readonly string[],
): ProcessInfo {
  const isAmbiguous = threads > 1 && (state === 'Z' || state === 'T');
  return { pid, start, ppid, pgid, sid, state: isAmbiguous ? stateOfThreads(statesOfThreads(pid)) : state };
}

/**
 * The state of a process from those of its threads. `/proc/PID/stat` tells the first thread's: `Z` when that
 * one ended and the others live on, `T` while another may still be inside a write.
 */
export function stateOfThreads(states: readonly string[]): string {
  const living = states.filter((state) => state !== 'Z' && state !== 'X' && state !== 'x');
  return living.find((state) => state !== 'T') ?? living[0] ?? 'Z';
}
