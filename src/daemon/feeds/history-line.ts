import type { ChangeOfJob, JobTransition, RunOfJob } from '../../wire/messages.ts';
import { isJobState } from '../../plan/job-state.ts';

/** Longer texts, such as the path of a watched file, are cut: a history must stay within its size. */
const TEXT_MAX = 500;

interface ChangeLine extends Omit<ChangeOfJob, 'age'> {
  readonly kind: 'change';
  /** The original cause, which later changes may continue. */
  readonly why: string;
  /** Milliseconds since the boot that `boot` begins to name. */
  readonly up: number;
  readonly boot: string;
}

interface RunLine extends RunOfJob {
  readonly kind: 'run';
}

/** One line of an instance's history file. */
export type HistoryLine = ChangeLine | RunLine;

export const isChange = (line: HistoryLine): line is ChangeLine => line.kind === 'change';
export const isRun = (line: HistoryLine): line is RunLine => line.kind === 'run';

export function changeLine(
  transition: JobTransition,
  { why, up, boot }: Pick<ChangeLine, 'why' | 'up' | 'boot'>,
): string {
  const { at, event, from, to, state, cause, file, pid, exit, nextStartAt, detail } = transition;
  const line: ChangeLine = {
    kind: 'change',
    at,
    event,
    from,
    to,
    state,
    cause,
    file: file === null ? null : cut(file),
    pid,
    exit,
    nextStartAt,
    detail: cut(detail),
    why: cut(why),
    up: Math.round(up),
    boot,
  };
  return JSON.stringify(line);
}

export function runLine(run: RunOfJob): string {
  return JSON.stringify({ kind: 'run', ...run, detail: cut(run.detail) } satisfies RunLine);
}

/** Null for an incomplete line. */
export function readLine(text: string): HistoryLine | null {
  const line = parsed(text);
  if (typeof line !== 'object' || line === null) return null;
  const { kind, at, state, run, startedAt, endedAt } = line as Partial<Record<string, unknown>>;
  if (kind === 'change' && isTime(at) && typeof state === 'string' && isJobState(state))
    return line as ChangeLine;
  return kind === 'run' && typeof run === 'number' && isTime(startedAt) && isTime(endedAt)
    ? (line as RunLine)
    : null;
}

const isTime = (value: unknown): boolean => typeof value === 'string' && !Number.isNaN(Date.parse(value));

const cut = (text: string): string => (text.length > TEXT_MAX ? `${text.slice(0, TEXT_MAX)}…` : text);

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A crash cut the line short, or somebody has edited the file.
    return null;
  }
}
