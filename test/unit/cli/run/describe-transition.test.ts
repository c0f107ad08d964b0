import { childIn, describeTransition } from '../../../../src/cli/run/describe-transition.ts';
import type { Transition } from '../../../../src/wire/messages.ts';

const step = (event: string, from: string, to: string, given: Partial<Transition> = {}): Transition => ({
  at: '',
  machine: 'job',
  id: 'web',
  job: 'web',
  event,
  from: `want.Yes child.${from}`,
  to: `want.Yes child.${to}`,
  detail: 'pid 4',
  ...given,
});

test.each<[Transition, string | null]>([
  [step('Spawned', 'Up.Starting.Spawning', 'Up.Starting.Settling'), 'started, pid 4'],
  [step('Ready', 'Up.Starting.Probing', 'Up.Running'), 'ready'],
  [
    step('TestFailed', 'AtRest.Down', 'Up.Running', { detail: 'exited with 1' }),
    'held: its test exited with 1',
  ],
  [
    step('TestFailed', 'AtRest.Down', 'Up.Running', { detail: 'its test exited with 1', isChange: true }),
    'held: its test exited with 1',
  ],
  [step('TestFailed', 'AtRest.Down', 'AtRest.Down'), null],
  [step('ChildExited', 'Up.Running', 'Ending.Stopping', { detail: 'exited with 3' }), 'exited with 3'],
  [step('ChildExited', 'Ending.Stopping', 'Ending.Stopping', { detail: 'exited with 3' }), null],
  [
    step('GroupGone', 'Ending.Stopping', 'AtRest.Backoff', { detail: 'exited with 3, next start in 0.4 s' }),
    'next start in 0.4 s',
  ],
  [step('GroupGone', 'Ending.Stopping', 'AtRest.Backoff', { detail: 'exited with 3' }), ''],
  [step('SpawnFailed', 'Up.Starting.Spawning', 'AtRest.Backoff', { detail: 'no such file' }), 'no such file'],
  [
    step('SpawnFailed', 'Up.Starting.Spawning', 'AtRest.GivenUp', { detail: 'no such file' }),
    'failed, and is not started again: no such file',
  ],
  [
    step('GroupGone', 'Ending.Stopping', 'AtRest.Ended.Failed', { detail: 'exited with 3' }),
    'failed, and is not started again',
  ],
  [step('GroupGone', 'Ending.Stopping', 'AtRest.Down'), 'stopped'],
  [step('Die', 'Waiting.ForTime', 'AtRest.Down'), null],
  [step('GroupGone', 'Ending.Stopping', 'AtRest.Ended.Finished'), 'finished'],
  [step('Stop', 'Up.Running', 'Ending.Stopping'), 'stopping'],
  [step('after', 'Ending.Stopping', 'Ending.Killing'), 'does not stop, so it is killed'],
  [step('GroupGone', 'Ending.Stopping', 'Waiting.ForTime'), 'waits for its time'],
  [step('Start', 'AtRest.Down', 'Waiting.ForDependencies'), 'waits for the jobs that it comes after'],
  [step('DependenciesUp', 'Waiting.ForDependencies', 'Up.Starting.Spawning'), null],
  [step('Apply', 'Up.Running', 'Up.Running'), null],
])('the transition %j is told', (transition, words) => {
  expect(describeTransition(transition)).toBe(words);
});

test('the part of a configuration that is about the child is found', () => {
  expect([childIn('want.Yes test.Idle child.Up.Running'), childIn('Exit')]).toEqual(['Up.Running', '']);
});
