import type { Change, ChangeFact, ReportedChange } from '../../plan/change.ts';
import { exitInWords } from '../../plan/exit-words.ts';
import { overMemoryWords } from '../../plan/over-memory-words.ts';
import { nextStartInWords } from '../../plan/next-start-words.ts';
import type { Problem } from '../../config/config.ts';
import type { Report } from '../../wire/messages.ts';

/** Formats a time: unchanged for JSON, by the local clock on a terminal. */
export type MomentWords = (at: string) => string;
export const asIso: MomentWords = (at) => at;

/** A report as `--json` prints it. */
export interface ReportJson extends Omit<Report, 'changes' | 'notes' | 'login'> {
  readonly changes: readonly Change[];
}

/** A report as `--json` prints it. */
export function reportJson({ ok, changes, problems }: Report): ReportJson {
  return { ok, changes: changes.map(changeJson), problems: problems.map(withoutExcerpt) };
}

const withoutExcerpt = ({ file, line, column, message }: Problem): Problem => ({
  file,
  line,
  column,
  message,
});

/** A change as `--json` prints it. */
export function changeJson({ job, action, reason, facts, state, pid }: ReportedChange): Change {
  return { job, action, reason, detail: changeWords(facts, asIso), state, pid };
}

/** `args changed; exited with 3, next start in 0.4 s`; empty where there are no facts. */
export function changeWords(facts: readonly ChangeFact[], moment: MomentWords): string {
  return facts
    .map((fact, at) => {
      const before = facts[at - 1]?.kind;
      const isOneClause = fact.kind === 'nextStart' && (before === 'ended' || before === 'notStarted');
      return `${at === 0 ? '' : isOneClause ? ', ' : '; '}${factWords(fact, moment)}`;
    })
    .join('');
}

function factWords(fact: ChangeFact, moment: MomentWords): string {
  switch (fact.kind) {
    case 'keysChanged':
      return `${fact.keys.join(', ')} changed`;
    case 'fileChanged':
      return `${fact.file} changed`;
    case 'tested':
      return `test ${fact.detail}`;
    case 'stoppedByHand':
      return 'stopped by hand';
    case 'disabled':
      return 'disabled in the config';
    case 'wasNotRunning':
      return 'was not running';
    case 'alreadyRunning':
      return 'already running';
    case 'removedMeanwhile':
      return 'removed meanwhile';
    case 'oneAtATime':
      return 'one copy at a time';
    case 'waitsForTurn':
      return 'waits for its turn';
    case 'rollStopped':
      return `not replaced, because ${fact.by} is ${fact.state}`;
    case 'notInConfig':
      return 'the config no longer names it';
    case 'notStarted':
      return fact.why;
    case 'unhealthy':
      return `its alive check failed: ${fact.why}`;
    case 'overMemory':
      return overMemoryWords(fact);
    case 'ended':
      return exitInWords(fact);
    case 'failed':
      return 'failed';
    case 'nextStart':
      return nextStartInWords(fact.inMs);
    case 'waitsForJobs':
      return `waiting for ${fact.jobs.map(({ name, state }) => `${name} (${state})`).join(', ')}`;
    case 'killed':
      return `did not stop within ${fact.afterMs / 1000} s, so it was killed`;
    case 'waitsForTime':
      return `next run ${moment(fact.at)}`;
    default:
      return fact satisfies never;
  }
}
