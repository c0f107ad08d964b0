import type { Alive } from '../../src/config/config.ts';
import { FleetStage } from '../support/fleet-stage.ts';

const ALIVE: Alive = {
  kind: 'command',
  command: { exe: 'check', args: [] },
  intervalMs: 1_000,
  timeoutMs: 500,
  failures: 3,
};

test.each([
  ['xx', 0],
  ['xxx', 1],
  ['xx.xx', 0],
  ['x|x', 0],
  ['x|xx', 1],
  ['xx|x', 1],
  ['x||xx', 1],
  ['x|.xx', 0],
  ['xx|.xx', 0],
  ['xx.|xx', 0],
  ['x|.|xx', 0],
  ['x|.xxx', 1],
])('of checks that may not fail 3 times in a row, %s stop the job %d times', async (checks, stops) => {
  const stage = new FleetStage();
  await stage.apply({ web: { alive: ALIVE } });
  stage.told();
  for (const each of checks)
    if (each === '|') {
      // The daemon is replaced.
      stage.crash();
      stage.fleet.resume();
    } else {
      stage.verdicts.set('web', each === 'x' ? 1 : 0);
      await stage.settle(1_000);
    }
  expect(stage.told().filter((told) => told === 'web gets SIGTERM')).toHaveLength(stops);
});
