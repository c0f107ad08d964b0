import type { JobSnapshot } from '../../../machines/job.ts';
import type { JobStep } from '../../fleet/job-instance.ts';
import { shownPid } from '../../fleet/shown-pid.ts';
import type { Clock } from '../../host/clock.ts';
import { configurationInWords } from '../../host/trace.ts';
import { jobState, type JobState } from '../../plan/job-state.ts';
import type { HistoryFiles } from '../../state/history-files.ts';
import type { ChangeOfJob, JobTransition, RunOfJob } from '../../wire/messages.ts';
import { changeLine, isChange, isRun, readLine, runLine, type HistoryLine } from './history-line.ts';
import { standingAfter, UNKNOWN_ORIGIN, type Origin, type Standing } from './origin.ts';
import { stepDetail, type JobSetting } from './step-detail.ts';

/** Limits of remembered changes and runs of each instance; they survive the daemon. */
const REMEMBERED = { changes: 100, runs: 20 } as const;

/** A step and its meaning, before its effects are performed. */
export interface NotedStep {
  readonly name: string;
  readonly step: JobStep;
  readonly transition: Omit<JobTransition, 'detail' | 'nextStartAt' | 'job'>;
  readonly why: string;
}

interface Known extends Standing {
  /** The state word of the last entry. */
  readonly state: JobState | null;
  /** The end of the newest run; null while it runs, or if it never began. */
  readonly exit: { readonly code: number | null; readonly signal: string | null } | null;
}

/** The changes of state and the runs of each instance. Survives the daemon. */
export class History {
  readonly #clock: Pick<Clock, 'wall' | 'sinceBoot'>;
  readonly #files: HistoryFiles;
  readonly #boot: string;
  readonly #known = new Map<string, Known>();
  /** Each configuration of the chart in words, once for all that is remembered. */
  readonly #configurations = new Map<string, string>();

  /** `boot` tells whether the time since boot in a line belongs to this boot. */
  constructor(clock: Pick<Clock, 'wall' | 'sinceBoot'>, files: HistoryFiles, boot: string) {
    this.#clock = clock;
    this.#files = files;
    this.#boot = boot;
  }

  /** Null for a step that does not move the chart, unless it tells how a child ended. */
  note(name: string, step: JobStep): NotedStep | null {
    const from = step.before === null ? '' : this.#inWords(step.before);
    const to = this.#inWords(step.after);
    const before = this.#known.get(name) ?? this.#earlier(name, step);
    const { origin, asked } = standingAfter(step, before, this.#boot);
    const { state, exit } = this.#toldAfter(step, before);
    const now: Known = { origin, asked, state, exit };
    this.#known.set(name, now);
    // The next run may have begun at once.
    if (step.event.type === 'GroupGone') this.#noteRun(name, step, before.exit, origin);
    if (from === to && step.event.type !== 'ChildExited') return null;
    const child = step.event.type === 'Spawned' ? step.event : step.after.context.child;
    return {
      name,
      step,
      why: origin.why,
      transition: {
        at: new Date(this.#clock.wall()).toISOString(),
        machine: 'job',
        id: name,
        event: step.event.type,
        from,
        to,
        state: jobState(step.after),
        isChange: state !== before.state,
        cause: origin.cause,
        file: origin.file ?? null,
        pid: shownPid(child),
        exit: saysExit(jobState(step.after)) ? exit : null,
      },
    };
  }

  /** One clause about a step. */
  detailOf({ step, transition, why }: NotedStep, around: JobSetting): string {
    return stepDetail({ step, why, transition }, around);
  }

  /** Completes a step after its effects were performed, when everything about it is known. */
  complete(noted: NotedStep, job: string, around: JobSetting): JobTransition {
    const { name, transition, why } = noted;
    const detail = this.detailOf(noted, around);
    // Thousands are remembered, and V8 gives each object that begins with a spread a hidden class of its own.
    const complete: JobTransition = {
      at: transition.at,
      machine: transition.machine,
      id: transition.id,
      event: transition.event,
      from: transition.from,
      to: transition.to,
      state: transition.state,
      isChange: transition.isChange,
      cause: transition.cause,
      file: transition.file,
      pid: transition.pid,
      exit: transition.exit,
      job,
      detail,
      nextStartAt: around.nextStartAt,
    };
    if (transition.isChange)
      this.#files.append(name, [
        changeLine(complete, { why, up: this.#clock.sinceBoot(), boot: inLine(this.#boot) }),
      ]);
    return complete;
  }

  /** The changes of its state, the oldest first. */
  changesOf(name: string): readonly ChangeOfJob[] {
    const [now, wall] = [this.#clock.sinceBoot(), this.#clock.wall()];
    return this.#linesOf(name)
      .filter(isChange)
      .slice(-REMEMBERED.changes)
      .map(({ boot, up, kind: _, why: __, ...change }) => ({
        ...change,
        age: Math.max(0, boot === inLine(this.#boot) ? now - up : wall - Date.parse(change.at)),
      }));
  }

  /** The ended runs of an instance, oldest first. */
  runsOf(name: string): readonly RunOfJob[] {
    return this.#linesOf(name)
      .filter(isRun)
      .slice(-REMEMBERED.runs)
      .map(({ kind: _, ...run }) => run);
  }

  forget(name: string): void {
    this.#known.delete(name);
    this.#files.remove(name);
  }

  #inWords({ value }: JobSnapshot): string {
    const words = configurationInWords(value);
    const known = this.#configurations.get(words);
    if (known !== undefined) return known;
    this.#configurations.set(words, words);
    return words;
  }

  #toldAfter({ event, before, after }: JobStep, known: Known): Pick<Known, 'state' | 'exit'> {
    const isNewRun = before === null || before.context.run !== after.context.run;
    const exit = event.type === 'ChildExited' ? { code: event.code, signal: event.signal } : known.exit;
    const state = jobState(after);
    const isTold = !isUndecided(after) && !isSecondLook(state, known);
    return { state: isTold ? state : known.state, exit: isNewRun ? null : exit };
  }

  /** What is known from an earlier daemon, or from before the job was removed and added again. */
  #earlier(name: string, { before }: JobStep): Known {
    const last = this.#linesOf(name).findLast(isChange);
    const state = before === null ? null : (last?.state ?? jobState(before));
    if (last === undefined) return { state, origin: UNKNOWN_ORIGIN, asked: null, exit: null };
    const { cause, file, why, exit } = last;
    return { state, origin: { cause, why, ...(file === null ? {} : { file }) }, asked: null, exit };
  }

  #noteRun(name: string, { event, before }: JobStep, exit: Known['exit'], origin: Origin): void {
    const context = before?.context;
    if (context?.child == null || !('run' in event) || event.run !== context.run) return;
    const endedAt = exit === null ? null : (context.lastExit?.at ?? null);
    const end = endedAt ?? new Date(this.#clock.wall()).toISOString();
    const { at: startedAt } = context.child;
    this.#files.append(name, [
      runLine({
        run: context.run,
        startedAt,
        endedAt: end,
        durationMs: Math.max(0, Date.parse(end) - Date.parse(startedAt)),
        exit: exit ?? { code: null, signal: null },
        cause: origin.cause,
        detail: origin.why,
      }),
    ]);
  }

  #linesOf(name: string): readonly HistoryLine[] {
    return this.#files.read(name).flatMap((line) => readLine(line) ?? []);
  }
}

/** Enough of it to tell one boot from the others. */
const inLine = (boot: string): string => boot.slice(0, 8);

/** A repeated test of a held job changes nothing until it has a result: meanwhile the job counts as held. */
function isSecondLook(state: JobState, { state: told, origin }: Known): boolean {
  return state === 'testing' && (told === 'held' || (told === 'backoff' && origin.cause === 'test'));
}

/** Its first test, which begins with the next step, has said nothing yet. */
const isUndecided = (snapshot: JobSnapshot): boolean =>
  snapshot.matches({ want: 'Unknown' }) && snapshot.context.verdict === null && jobState(snapshot) === 'held';

const saysExit = (state: JobState): boolean =>
  state !== 'starting' && state !== 'running' && state !== 'testing';

/** The lines of a file that are still remembered. */
export function remembered(lines: readonly string[]): readonly string[] {
  const left: { changes: number; runs: number } = { ...REMEMBERED };
  return lines
    .toReversed()
    .filter((line) => {
      const read = readLine(line);
      if (read === null) return false;
      const kind = isRun(read) ? 'runs' : 'changes';
      left[kind] -= 1;
      return left[kind] >= 0;
    })
    .toReversed();
}
