import type { DaemonResult } from '../../../machines/daemon.ts';
import type { Client } from '../../wire/envelope.ts';
import type { JobTransition, Request } from '../../wire/messages.ts';
import type { NotedStep } from './history.ts';
import { again } from './step-detail.ts';

/** The line in the log for a step of a job; null for a step that readers do not need. */
export function jobLine(
  { id, state, isChange, cause, pid, detail, to }: JobTransition,
  { step: { event }, why }: NotedStep,
): string | null {
  if (event.type === 'Spawned')
    return `${id} started, pid ${pid}${why === '' ? '' : `: ${again(cause, why)}`}`;
  if (event.type === 'ChildExited') return `${id} ${detail}`;
  if (to.includes('child.Gone')) return `${id} is removed`;
  if (event.type.startsWith('xstate.after.stopTimeout.')) return `${id} ${detail}`;
  if (!isChange || state === 'testing' || state === 'starting') return null;
  return state === 'running' || detail === '' ? `${id} ${state}` : `${id} ${state}: ${detail}`;
}

/** How the daemon ended. */
export function endLine(result: DaemonResult): string {
  return result.ok ? 'the daemon has ended' : `the daemon has failed: ${result.detail}`;
}

/** The line for a request that changes something, with the client; null for a question. */
export function requestLine(request: Request, by: Client | string | null): string | null {
  const words = wordsOf(request);
  if (words === null) return null;
  const who = by === null ? 'somebody' : typeof by === 'string' ? by : `${by.program} (pid ${by.pid})`;
  return `${who} asks: ${words}`;
}

function wordsOf(request: Request): string | null {
  switch (request.name) {
    case 'apply':
      return `apply ${request.configDir}`;
    case 'start':
    case 'restart':
    case 'stop':
      return `${request.name} ${request.all ? 'every job' : request.jobs.join(' ')}`;
    case 'signal':
      return `signal ${request.signal} ${request.jobs.join(' ')}`;
    case 'stdin':
      // The text may be a secret, and the client writes it itself.
      return `write to ${request.jobs.join(' ')}`;
    case 'DIE':
      return request.keepJobs ? 'end, and keep the jobs' : 'end, and stop every job';
    case 'plan':
    case 'status':
    case 'why':
    case 'events':
    case 'wait':
    case 'inspect':
      return null;
    default:
      return request satisfies never;
  }
}
