import type { Why } from '../../../../../src/wire/messages.ts';
import { RequestsStage } from '../../../../support/requests-stage.ts';

const TEST = { test: { exe: 'check', args: [] } };

let stage: RequestsStage;
beforeEach(() => (stage = new RequestsStage()));

async function because(job: string): Promise<unknown> {
  const { answer } = await stage.ask({ name: 'why', job });
  return (answer as { readonly jobs: readonly [Why] }).jobs[0].because;
}

test('a job whose first test still runs says that', async () => {
  stage.endless.add('web');
  await stage.apply({ web: TEST });
  expect(await because('web')).toEqual([{ kind: 'testing' }]);
});

test('a job whose first test cannot be run says why, and when it is tested again', async () => {
  stage.untestable.set('web', 'no such file');
  await stage.apply({ web: TEST });
  expect(await because('web')).toMatchObject([
    { kind: 'held', verdict: 'unknown', detail: 'could not run: no such file' },
    { kind: 'nextTest' },
  ]);
});

test('a job that is killed says which group is, and one that is stopped why', async () => {
  await stage.apply({ web: {} });
  stage.stubborn.add('web');
  const processes = stage.world.processes;
  const signal = processes.signal.bind(processes);
  // Nothing ends it.
  Object.assign(processes, {
    signal: (...words: Parameters<typeof signal>) => (words[1] === 'SIGKILL' ? 'sent' : signal(...words)),
    signalAll: () => undefined,
  });
  stage.asking({ name: 'stop', jobs: ['web'], all: false });
  await stage.settle();
  expect(await because('web')).toMatchObject([{ kind: 'stopping', why: 'stopped by hand' }]);
  await stage.settle(10_000);
  expect(await because('web')).toEqual([{ kind: 'killing', group: 101 }]);
});

test('a job that was found gone says how it ended only where that was seen', async () => {
  await stage.apply({ lost: {}, seen: {} });
  stage.exit('lost', { code: null, signal: null });
  stage.exit('seen', { code: 3, signal: null });
  await stage.settle(1_000);
  await stage.settle(1_000);
  const ended = { kind: 'ended', code: null, signal: null, failures: 0 };
  expect(await because('lost')).toEqual([{ kind: 'running', test: null }, ended]);
  expect(await because('seen')).toEqual([{ kind: 'running', test: null }]);
});

test('a job whose code has failed says so until its config changes', async () => {
  await stage.apply({ web: {} });
  const instance = stage.fleet.get('web')!;
  instance.within(() => {
    throw new Error('odd');
  });
  await stage.settle();
  expect(await because('web')).toMatchObject([
    { kind: 'running' },
    { kind: 'fault', message: 'odd', count: 1, isRefusal: false },
  ]);
  await stage.apply({ web: { env: { A: '1' } } });
  expect(await because('web')).toEqual([{ kind: 'running', test: null }]);
});
