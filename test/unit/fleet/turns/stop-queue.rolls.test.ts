import type { JobInstance } from '../../../../src/fleet/job-instance.ts';
import type { CopyStanding } from '../../../../src/fleet/turns/roll.ts';
import { StopQueue } from '../../../../src/fleet/turns/stop-queue.ts';

test('a copy that stays because another one did not come up leaves the queue and is reported', () => {
  const standings: Readonly<Record<string, CopyStanding>> = { 'a@1': 'down', 'a@2': 'up', 'a@3': 'up' };
  const told: string[] = [];
  const queue = new StopQueue({
    get: (name) => ({ name, isUp: true }) as JobInstance,
    dependents: () => [],
    dependencies: () => [],
    onChange: (name) => told.push(name),
    standing: ({ name }) => standings[name] ?? 'down',
    later: () => undefined,
  });
  const roll = { members: Object.keys(standings), dependencies: () => [] };
  for (const name of ['a@2', 'a@3']) queue.add(name, 'Restart', () => undefined, roll);
  told.length = 0;
  queue.advance();
  expect([told, queue.has('a@2'), queue.has('a@3')]).toEqual([['a@2', 'a@3'], false, false]);
  expect([queue.stoppedRoll('a@2'), queue.stoppedRoll('a@3')]).toEqual([{ by: 'a@1' }, { by: 'a@1' }]);
});
