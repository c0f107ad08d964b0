import { ScriptedJob } from '../../support/scripted-job.ts';

/** A running job whose daemon never learns of its exit. */
const deaf = (): ScriptedJob => new ScriptedJob({ restart: 'never' }).running();

test('a stop is over although an exception kept the exit of the child from the daemon', () => {
  const job = deaf();
  job.instance.post({ type: 'Stop' });
  job.clock.advance(100);
  job.group = 'gone';
  job.clock.advance(2_000);
  expect(job.instance.state).toBe('stopping');
  job.clock.advance(5_000);
  expect([job.instance.state, job.instance.status().lastExit]).toMatchObject([
    'stopped',
    { code: null, signal: null },
  ]);
});

test('a stop whose child has to be killed again and again is over once it is gone', () => {
  const job = deaf();
  job.instance.post({ type: 'Stop' });
  job.clock.advance(11_000);
  job.group = 'gone';
  job.clock.advance(7_000);
  expect(job.instance.state).toBe('stopped');
});

test('after an exception a child that is gone is noticed, though its exit is never heard of', () => {
  const job = deaf();
  job.group = 'gone';
  job.clock.advance(60_000);
  expect(job.instance.state).toBe('running');
  job.instance.within(() => {
    throw new Error('planted');
  });
  job.clock.advance(10_000);
  expect([job.faults, job.instance.state]).toEqual([['bug: Error: planted'], 'failed']);
});

test('a job whose child lives goes on as it was after an exception', () => {
  const job = deaf();
  job.instance.within(() => {
    throw new Error('planted');
  });
  job.clock.advance(60_000);
  expect([job.instance.state, job.instance.fault?.count]).toEqual(['running', 1]);
});
