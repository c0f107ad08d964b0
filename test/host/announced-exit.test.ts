import { ScriptedJob } from '../support/scripted-job.ts';

const BY_SIGTERM = { code: null, signal: 'SIGTERM' };

/** How often the processes are looked at within this time. */
function looksIn(stage: ScriptedJob, ms: number): number {
  const before = stage.looks;
  stage.clock.advance(ms);
  return stage.looks - before;
}

test('a stop polls seldom until the exit of its leader is announced, and then at once', () => {
  const stage = new ScriptedJob().running();
  stage.instance.post({ type: 'Stop' });
  expect(looksIn(stage, 5_000)).toBeLessThan(13);
  stage.group = 'gone';
  stage.launches[0]?.exited(BY_SIGTERM, null);
  stage.clock.advance(0);
  expect(stage.instance.state).toBe('stopped');
});

test('processes that outlive the leader of a stopped job are polled often', () => {
  const stage = new ScriptedJob().running();
  stage.instance.post({ type: 'Stop' });
  stage.clock.advance(5_000);
  stage.group = 'leaderless';
  stage.launches[0]?.exited(BY_SIGTERM, null);
  expect(looksIn(stage, 2_000)).toBeGreaterThan(19);
  stage.group = 'gone';
  stage.clock.advance(100);
  expect(stage.instance.state).toBe('stopped');
});
