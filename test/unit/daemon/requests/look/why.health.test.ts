import type { Alive, Job } from '../../../../../src/config/config.ts';
import type { Why } from '../../../../../src/wire/messages.ts';
import { RequestsStage } from '../../../../support/requests-stage.ts';

let stage: RequestsStage;
beforeEach(() => (stage = new RequestsStage()));

async function why(job: string): Promise<Why> {
  const { answer } = await stage.ask({ name: 'why', job });
  return (answer as { readonly jobs: readonly [Why] }).jobs[0];
}

/** So rare that it is never run here. */
const ALIVE: Alive = {
  kind: 'command',
  command: { exe: 'check', args: [] },
  intervalMs: 10_000_000,
  timeoutMs: 500,
  failures: 1,
};
const SLOW: Partial<Job> = { startMs: 5_000, backoff: { minMs: 60_000, maxMs: 60_000, factor: 1 } };

/** What is said of the health of a job. */
async function health(job: string): Promise<unknown> {
  const { because, status } = await why(job);
  return [status.state, because.filter(({ kind }) => kind === 'unhealthy' || kind === 'overMemory')];
}

test('a run that was stopped for its check is told until the next one has ended', async () => {
  await stage.apply({ web: { ...SLOW, alive: ALIVE } });
  await stage.settle(5_000);
  expect(await health('web')).toEqual(['running', []]);
  stage.stubborn.add('web');
  stage.fleet.get('web')!.post({ type: 'AliveFailed', run: 1, detail: 'no answer' });
  await stage.settle();
  const told = { kind: 'unhealthy', why: 'no answer' };
  expect(await health('web')).toEqual(['stopping', [{ ...told, isOver: false }]]);
  await stage.settle(10_000);
  await stage.settle();
  expect(await health('web')).toEqual(['starting', [{ ...told, isOver: true }]]);
  await stage.settle(5_000);
  expect(await health('web')).toEqual(['running', [{ ...told, isOver: true }]]);
});

test('a run that used too much memory is told with both figures', async () => {
  await stage.apply({ web: { ...SLOW, maxMemoryBytes: 200 } });
  await stage.settle(5_000);
  stage.stubborn.add('web');
  for (let count = 0; count < 2; count += 1)
    stage.fleet.get('web')!.post({ type: 'OverMemory', run: 1, bytes: 300 });
  await stage.settle();
  expect(await health('web')).toEqual([
    'stopping',
    [{ kind: 'overMemory', bytes: 300, maxBytes: 200, isOver: false }],
  ]);
});

test('a job without a verdict has no words about its test', async () => {
  await stage.apply({ plain: {}, tested: { test: { exe: 'check', args: [] } } });
  expect(await why('plain')).toMatchObject({ testCommand: null, testDetail: null, testOutput: null });
  expect(await why('tested')).toMatchObject({ testCommand: 'check', testDetail: 'exited with 0' });
  stage.endless.add('slow');
  await stage.apply({ slow: { test: { exe: 'check', args: [] } } });
  expect(await why('slow')).toMatchObject({
    testDetail: null,
    testOutput: null,
    because: [{ kind: 'testing' }],
  });
});

/** What a job waits for. */
const blockers = async (job: string): Promise<unknown> =>
  (await why(job)).waitsFor.map(({ name, state, needs, isStuck }) => [name, state, needs, isStuck]);

test.each([
  [0, 'finished'],
  [1, 'failed'],
])('a one-shot that exited with %i keeps a job stuck that needs it to run', async (code, state) => {
  await stage.apply({
    once: { restart: 'never' },
    needsRun: { after: ['once'], afterIs: { once: 'running' } },
    needsEnd: { after: ['once'], afterIs: { once: 'finished' } },
  });
  stage.exit('once', { code, signal: null });
  await stage.settle();
  expect(await blockers('needsRun')).toEqual([]);
  stage.exit('needsRun', { code: 1, signal: null });
  await stage.settle(40_000);
  expect(await blockers('needsRun')).toEqual([['once', state, 'running', true]]);
  const isUp = code === 0;
  expect(await blockers('needsEnd')).toEqual(isUp ? [] : [['once', state, 'finished', true]]);
});

test('a job that has to finish keeps another one stuck only if it is started again each time', async () => {
  await stage.apply({
    once: { restart: 'never' },
    web: {},
    hourly: { schedule: '0 * * * *' },
    last: {
      after: ['once', 'web', 'hourly'],
      afterIs: { once: 'finished', web: 'finished', hourly: 'finished' },
    },
  });
  await stage.settle(5_000);
  expect(await blockers('last')).toEqual([
    ['once', 'running', 'finished', false],
    ['web', 'running', 'finished', true],
    ['hourly', 'waiting', 'finished', false],
  ]);
});

test('since when a job is in its state is not told where its history does not say it', async () => {
  await stage.apply({ db: { restart: 'never' }, web: { after: ['db'], afterIs: { db: 'finished' } } });
  await stage.settle(5_000);
  const [db] = (await why('web')).waitsFor;
  expect(db).toMatchObject({ state: 'running', detail: expect.stringMatching(/^pid /), age: 5_000 });
  stage.history.forget('db');
  expect((await why('web')).waitsFor).toMatchObject([{ state: 'running', detail: null, age: null }]);
});
