import type { JobSnapshot } from '../../../machines/job.ts';
import { exitInWords } from '../../plan/exit-words.ts';
import type { JobStep } from '../../fleet/job-instance.ts';
import { shownPid } from '../../fleet/shown-pid.ts';

/** One clause about a step of a job that its event's name does not say: which pid, which exit code, when the next start is. */
export function stepDetail({ event, before, after }: JobStep): string {
  const isBackoff = isInBackoff(after) && (before === null || !isInBackoff(before));
  const next = isBackoff ? `next start ${delayText(after.context.backoffMs)}` : '';
  return [eventDetail(event), next].filter((part) => part !== '').join(', ');
}

const isInBackoff = (snapshot: JobSnapshot): boolean => snapshot.matches({ child: { AtRest: 'Backoff' } });

const delayText = (ms: number): string => (ms === 0 ? 'at once' : `in ${(ms / 1000).toFixed(1)} s`);

function eventDetail(event: JobStep['event']): string {
  if (event.type === 'Spawned') return `pid ${shownPid(event)}`;
  if (event.type === 'ChildExited') return exitInWords(event);
  if (event.type === 'Restart' && event.file !== undefined) return `${event.file} changed`;
  return 'detail' in event ? event.detail : '';
}
