import { Chronicle } from '../../../../src/daemon/feeds/chronicle.ts';
import { History } from '../../../../src/daemon/feeds/history.ts';
import { Tallies } from '../../../../src/daemon/feeds/tallies.ts';
import type { JobStep } from '../../../../src/fleet/job-instance.ts';
import { BOOT, gone, newJob, spawned } from '../../../support/job-script.ts';
import { memoryHistory } from '../../../support/memory-history.ts';

/** A chronicle, what it has told, and the steps of a job that starts. */
function begun() {
  const job = newJob().post(spawned(1));
  const told: string[] = [];
  const history = new History(job.clock, memoryHistory(), BOOT);
  const tallies = new Tallies(job.clock);
  const setting = { unmet: [], nextStartAt: null as string | null };
  const chronicle = new Chronicle({
    history,
    tallies,
    setting: () => setting,
    tell: ({ event, detail, nextStartAt }) => told.push(`${event}: ${detail} ${nextStartAt ?? ''}`.trim()),
  });
  return { chronicle, history, tallies, told, setting, job, steps: job.steps as readonly JobStep[] };
}

test('steps are told in their order once their effects were performed, or when asked for', async () => {
  const { chronicle, told, steps, setting } = begun();
  for (const step of steps) chronicle.note('web', 'web', step);
  expect(told).toEqual([]);
  setting.nextStartAt = 'soon';
  await Promise.resolve();
  expect(told).toEqual(['xstate.init: new in the config soon', 'Spawned: pid 4001 soon']);
  chronicle.note('web', 'web', steps.at(-1)!);
  chronicle.flush();
  expect(told.length).toBe(3);
});

test('a step that was described before it was kept is told and counted once', () => {
  const { chronicle, told, steps, tallies } = begun();
  const words = steps.map((step) => {
    const described = chronicle.describe('web', step);
    chronicle.note('web', 'web', step);
    return described;
  });
  chronicle.flush();
  expect(words).toEqual(['new in the config', 'pid 4001']);
  expect(told).toEqual(['xstate.init: new in the config', 'Spawned: pid 4001']);
  expect(tallies.of('web').starts).toBe(1);
});

test('a step that moves nothing is described by no words, and not told', () => {
  const { chronicle, told, job } = begun();
  for (const step of job.steps as readonly JobStep[]) chronicle.note('web', 'web', step);
  job.post(gone(7));
  const step = job.steps.at(-1) as JobStep;
  expect(chronicle.describe('web', step)).toBe('');
  chronicle.note('web', 'web', step);
  chronicle.flush();
  expect(told.length).toBe(2);
});

test('the last step of a job that goes is told, and then nothing of it is known', () => {
  const { chronicle, told, steps, tallies, history } = begun();
  for (const step of steps) chronicle.note('web', 'web', step);
  chronicle.forget('web');
  expect(tallies.of('web').starts).toBe(0);
  chronicle.flush();
  expect([told.length, history.changesOf('web')]).toEqual([2, []]);
});
