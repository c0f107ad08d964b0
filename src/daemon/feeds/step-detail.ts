import type { JobSnapshot } from '../../../machines/job.ts';
import { exitInWords } from '../../plan/exit-words.ts';
import type { JobState } from '../../plan/job-state.ts';
import { nextStartInWords } from '../../plan/next-start-words.ts';
import type { JobStep } from '../../fleet/job-instance.ts';
import type { JobTransition } from '../../wire/messages.ts';

/** The surroundings of a job that explain a step. */
export interface JobSetting {
  /** The dependencies that keep the job from starting. */
  readonly unmet: readonly { readonly name: string; readonly state: JobState | 'about to stop' }[];
  readonly nextStartAt: string | null;
}

export interface SteppedJob {
  readonly step: JobStep;
  /** The origin as a clause. */
  readonly why: string;
  readonly transition: Pick<JobTransition, 'isChange' | 'state' | 'pid' | 'exit' | 'cause'>;
}

/** One clause about a step that neither the event nor the new state tells. */
export function stepDetail(stepped: SteppedJob, around: JobSetting): string {
  const { step, transition } = stepped;
  const parts = transition.isChange ? ofChange(stepped, around) : ofStep(step, transition.pid);
  return [...new Set(parts)].filter((part) => part !== '').join(', ');
}

function ofStep({ event, after }: JobStep, pid: number | null): readonly string[] {
  if (event.type === 'Spawned') return [pidWords(pid)];
  if (event.type === 'ChildExited') return [exitInWords(event)];
  if (event.type === 'Restart' && event.file !== undefined) return [`${event.file} changed`];
  if (after.matches({ child: { Ending: 'Killing' } })) return [tooSlow(after)];
  return 'detail' in event ? [event.detail] : [];
}

function ofChange({ step, why, transition }: SteppedJob, { unmet }: JobSetting): readonly string[] {
  const { before, after } = step;
  const { exit, cause, state } = transition;
  switch (state) {
    case 'waiting':
      return after.matches({ child: { Waiting: 'ForTime' } })
        ? [endOf(after, exit), 'waits for its time']
        : [`waits for ${unmet.map((each) => `${each.name} (${each.state})`).join(', ')}`];
    case 'testing':
      return [again(cause, why), 'its test runs'];
    case 'starting':
      return [again(cause, why)];
    case 'running':
      return [pidWords(transition.pid), step.event.type === 'Ready' ? 'ready' : ''];
    case 'held':
      return [why];
    case 'stopping':
      return [why];
    case 'stopped':
      return [why, before?.matches({ child: { Ending: 'Killing' } }) === true ? tooSlow(before) : ''];
    case 'backoff':
      return [endOf(after, exit) || why, nextStartInWords(after.context.backoffMs)];
    case 'failed':
      return [endOf(after, exit) || why, failures(after)];
    case 'finished':
      return [endOf(after, exit)];
    default:
      return state satisfies never;
  }
}

/** How the newest run ended, or why it could not start. */
function endOf({ context: { startError } }: JobSnapshot, exit: JobTransition['exit']): string {
  return startError ?? (exit === null ? '' : exitInWords(exit));
}

/** The reason of a start; "again" after a run that ended by itself. */
export const again = (cause: JobTransition['cause'], why: string): string =>
  cause === 'exit' ? `again: ${why}` : why;

const tooSlow = ({ context: { policy } }: JobSnapshot): string =>
  `killed: it did not stop within ${policy.stopTimeoutMs / 1000} s`;

const pidWords = (pid: number | null): string => (pid === null ? '' : `pid ${pid}`);

const failures = ({ context: { failures: count } }: JobSnapshot): string =>
  count > 1 ? `${count} failures in a row` : '';
