import type { Transition } from '../../wire/messages.ts';

/** What of a job's transitions whoever runs it in a terminal wants to hear; null for the rest. */
export function describeTransition({ event, from, to, detail }: Transition): string | null {
  const was = childIn(from);
  const is = childIn(to);
  if (event === 'Spawned') return `started, ${detail}`;
  if (event === 'Ready') return 'ready';
  if (event === 'TestFailed' && from !== to) return `held: its test ${detail}`;
  if (event === 'ChildExited' && !was.startsWith('Ending')) return detail;
  if (was === is) return null;
  switch (is) {
    case 'AtRest.Backoff':
    case 'AtRest.GivenUp':
    case 'AtRest.Ended.Failed':
      return [is !== 'AtRest.Backoff' ? 'failed, and is not started again' : '', detail]
        .filter((part) => part !== '')
        .join(': ');
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

/** `Up.Starting.Settling` of `want.Yes test.Idle.Quiet child.Up.Starting.Settling`. */
export function childIn(configuration: string): string {
  return /child\.(\S+)/.exec(configuration)?.[1] ?? '';
}
