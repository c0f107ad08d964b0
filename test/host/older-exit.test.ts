import { ScriptedJob } from '../support/scripted-job.ts';

const EXIT = { code: 3, signal: null };

test('the late exit of a shell that was never let run does not hide the exit of the run after it', () => {
  const job = new ScriptedJob();
  const { clock, instance, launches } = job;
  job.isKept = false;
  // The disk refuses the record of the first child, so it is sent away and the next one is tried.
  job.spawned(7);
  expect(instance.state).toBe('backoff');
  job.isKept = true;
  clock.advance(1_000);
  job.spawned(8);
  clock.advance(1);
  expect([launches.length, instance.state]).toEqual([2, 'running']);

  instance.post({ type: 'Stop' });
  clock.advance(1);
  launches[1]?.exited(EXIT, null);
  launches[0]?.exited({ code: 125, signal: null }, null);
  job.group = 'gone';
  clock.advance(500);
  expect([instance.state, instance.status().lastExit]).toMatchObject(['stopped', EXIT]);
});
