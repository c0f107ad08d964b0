import type { Transition } from '../../wire/messages.ts';

/** The text of a transition for the terminal of `run`; null for transitions that are not shown. */
export function describeTransition({ event, from, to, detail, isChange = false }: Transition): string | null {
  const was = childIn(from);
  const is = childIn(to);
  if (event === 'Spawned') return `started, ${detail}`;
  if (event === 'Ready') return 'ready';
  if (event === 'TestFailed' && from !== to) return isChange ? `held: ${detail}` : `held: its test ${detail}`;
  if (event === 'ChildExited' && !was.startsWith('Ending')) return detail;
  if (was === is) return null;
  switch (is) {
    case 'AtRest.Backoff':
    case 'AtRest.GivenUp':
    case 'AtRest.Ended.Failed':
      return is === 'AtRest.Backoff'
        ? restOf(detail, event)
        : joined('failed, and is not started again', restOf(detail, event));
    case 'AtRest.Down':
      return was.startsWith('Ending') ? 'stopped' : null;
    case 'AtRest.Ended.Finished':
      return 'finished';
    case 'Ending.Stopping':
      return 'stopping';
    case 'Ending.Killing':
      return 'does not stop, so it is killed';
    case 'Waiting.ForTime':
      return 'waits for its time';
    case 'Waiting.ForDependencies':
      return 'waits for the jobs that it comes after';
    default:
      return null;
  }
}

/** The detail of a transition without the exit, which was printed when it happened. */
function restOf(detail: string, event: string): string {
  return event === 'GroupGone' ? (/next start .*/.exec(detail)?.[0] ?? '') : detail;
}

const joined = (...parts: readonly string[]): string => parts.filter((part) => part !== '').join(': ');

/** `Up.Starting.Settling` of `want.Yes test.Idle.Quiet child.Up.Starting.Settling`. */
export function childIn(configuration: string): string {
  return /child\.(\S+)/.exec(configuration)?.[1] ?? '';
}
